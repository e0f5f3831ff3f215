"""Jobs that copy, move and rename whole folders, and their locks (api.md, sections 11.7 and 16)."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..base.errors import ApiError
from ..base.names import is_inside, join_path, split_path
from . import files, folders
from .folders import BELOW
from .purges import request_purge
from .tables.rows import FileRow, FolderRow, read_row

if TYPE_CHECKING:
    import sqlite3

    from .tables.transactions import Transaction


JobType = Literal["COPY_FOLDER", "MOVE_FOLDER", "RENAME_FOLDER"]

SOURCE_LOCKED = "A bulk job is running on given folder path, please try after sometime."
DESTINATION_LOCKED = "Destination folder path is already locked. Please try after sometime."


class Job(NamedTuple):
    """A job on the folder at `source`, which moves or copies it to the path `destination`."""

    type: JobType
    source: str
    destination: str
    include_versions: bool = False
    purge_cache: bool = False


class JobStatus(NamedTuple):
    id: str
    type: JobType
    status: str  # Pending, Completed, Partial success (the purge was refused) or Failed
    purge_request_id: str | None


def start_job(transaction: Transaction, job: Job) -> str:
    """Register a job and return its id. It runs immediately, or `Settings.job_delay` seconds later.

    Raises:
        ApiError: 423 if one of the folders is locked; another status if the job is refused.
    """
    check_unlocked(transaction.connection, job.source, SOURCE_LOCKED)
    for folder in _destinations(job.type, job.destination):
        check_unlocked(transaction.connection, folder, DESTINATION_LOCKED)
    job_id, due_at = transaction.new_id(), transaction.now + transaction.settings.job_delay
    query = """INSERT INTO jobs (id, type, status, source, destination, include_versions, purge_cache, due_at)
               VALUES (?, ?, 'Pending', ?, ?, ?, ?, ?)"""
    values = (job.type, job.source, job.destination, job.include_versions, job.purge_cache, due_at)
    transaction.connection.execute(query, (job_id, *values))
    transaction.jobs_changed = True
    if due_at <= transaction.now:
        _run(transaction, job_id, job)
    return job_id


def next_due(connection: sqlite3.Connection) -> float:
    """Return the time at which the next pending job is due; infinity if there is none."""
    (due_at,) = connection.execute("SELECT min(due_at) FROM jobs WHERE status = 'Pending'").fetchone()
    return math.inf if due_at is None else float(due_at)


def run_due(transaction: Transaction) -> None:
    """Run the jobs that are due, oldest first. A job that is refused fails and changes nothing."""
    query = "SELECT * FROM jobs WHERE status = 'Pending' AND due_at <= ? ORDER BY due_at, rowid"
    for row in transaction.connection.execute(query, (transaction.now,)).fetchall():
        job = Job(
            type=row["type"],
            source=row["source"],
            destination=row["destination"],
            include_versions=bool(row["include_versions"]),
            purge_cache=bool(row["purge_cache"]),
        )
        try:
            with transaction.part():
                _run(transaction, row["id"], job)
        except ApiError:
            _finish(transaction, row["id"], "Failed")


def status(connection: sqlite3.Connection, job_id: str) -> JobStatus | None:
    row = connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return None if row is None else JobStatus(row["id"], row["type"], row["status"], row["purge_request_id"])


def check_unlocked(connection: sqlite3.Connection, path: str, message: str = SOURCE_LOCKED) -> None:
    """Raise a 423 if a pending job uses the folder `path`, one of its parents or one of its subfolders."""
    for row in connection.execute("SELECT type, source, destination FROM jobs WHERE status = 'Pending'"):
        if any(_overlap(path, locked) for locked in (row["source"], *_destinations(row["type"], row["destination"]))):
            raise ApiError(423, message)


def _destinations(type_: JobType, target: str) -> list[str]:
    """Return the folders that a job adds something to; a rename does not add to the parent."""
    return [target] if type_ == "RENAME_FOLDER" else [split_path(target)[0], target]


def _overlap(one: str, other: str) -> bool:
    if "/" in (one, other):  # otherwise a job into the root would lock the whole account
        return one == other
    return is_inside(one, other) or is_inside(other, one)


def _run(transaction: Transaction, job_id: str, job: Job) -> None:
    if not folders.exists(transaction.connection, job.source):
        raise ApiError(404, f"No files & folder found at sourceFolderPath {job.source}", "NO_FILES_FOLDER")
    if job.type == "COPY_FOLDER":
        copy_tree(transaction, job.source, job.destination, include_versions=job.include_versions)
    else:
        move_tree(transaction, job.source, job.destination)
    if not job.purge_cache:
        _finish(transaction, job_id, "Completed")
        return
    request_id = None
    with contextlib.suppress(ApiError):  # the folder keeps its new name anyway
        request_id = request_purge(transaction, f"{transaction.settings.url_endpoints().primary}{job.source}*")
    _finish(transaction, job_id, "Completed" if request_id else "Partial success", request_id)


def _finish(transaction: Transaction, job_id: str, outcome: str, purge_request_id: str | None = None) -> None:
    query = "UPDATE jobs SET status = ?, purge_request_id = ? WHERE id = ?"
    transaction.connection.execute(query, (outcome, purge_request_id, job_id))
    transaction.jobs_changed = True


def copy_tree(transaction: Transaction, source: str, target: str, *, include_versions: bool) -> None:
    """Copy the folder `source` to the path `target`, merging it with an existing folder."""
    folders.ensure(transaction, target)
    for row in _contents(transaction.connection, source):
        place = target + row.full_path[len(source) :]
        if isinstance(row, FileRow):
            files.copy(transaction, row, split_path(place)[0], include_versions=include_versions)
        else:
            folders.ensure(transaction, place)


def move_tree(transaction: Transaction, source: str, target: str) -> None:
    """Move the folder `source` to the path `target`, merging it with an existing folder. Ids are kept."""
    if not folders.exists(transaction.connection, target):
        _relocate(transaction, source, target)
        return
    for row in _contents(transaction.connection, source):
        place = target + row.full_path[len(source) :]
        if isinstance(row, FileRow):
            files.move(transaction, row, split_path(place)[0])
        else:
            folders.ensure(transaction, place)
    folders.delete(transaction, source)


def _contents(connection: sqlite3.Connection, path: str) -> list[FileRow | FolderRow]:
    query = f"SELECT * FROM assets WHERE {BELOW} AND kind <> 'file-version' ORDER BY full_path"
    return [read_row(row) for row in connection.execute(query, {"folder": path})]


def _relocate(transaction: Transaction, source: str, target: str) -> None:
    """Change the path of a folder and of everything in it to an unused path."""
    parent, name = split_path(target)
    folders.ensure(transaction, parent)
    if folders.is_taken(transaction.connection, target):
        raise ApiError(400, f"A file already exists at {target}.")
    below = f"""UPDATE assets SET path = :target || substr(path, :rest), full_path = :target || substr(full_path, :rest)
                WHERE {BELOW}"""
    rest = len(source) + 1  # SQL's substr counts characters from 1
    transaction.connection.execute(below, {"folder": source, "target": target, "rest": rest})
    itself = "UPDATE assets SET name = ?, path = ?, full_path = ?, updated_at = ? WHERE full_path = ?"
    transaction.connection.execute(itself, (name, parent, join_path(parent, name), transaction.now, source))
