"""Jobs on folders, the locks they hold, and purge requests (api.md, sections 11.7, 16 and 17)."""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Literal, NamedTuple

from ..base.errors import ApiError
from ..base.names import is_inside, split_path
from . import folders, trees

if TYPE_CHECKING:
    import sqlite3

    from ..storage.rows import Work

JobType = Literal["COPY_FOLDER", "MOVE_FOLDER", "RENAME_FOLDER"]

SOURCE_LOCKED = "A bulk job is running on given folder path, please try after sometime."
DESTINATION_LOCKED = "Destination folder path is already locked. Please try after sometime."


class Job(NamedTuple):
    """Something to do with the folder at `source`: `destination` is the path it gets."""

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


def start(work: Work, job: Job) -> str:
    """Register a job and return its id. It is carried out at once, or `Settings.job_delay` seconds later.

    Raises:
        ApiError: What `check_unlocked` and the job itself refuse.
    """
    check_unlocked(work.connection, job.source, SOURCE_LOCKED)
    for folder in _destinations(job.type, job.destination):
        check_unlocked(work.connection, folder, DESTINATION_LOCKED)
    job_id, due_at = work.new_id(), work.now + work.settings.job_delay
    query = """INSERT INTO jobs (id, type, status, source, destination, include_versions, purge_cache, due_at)
               VALUES (?, ?, 'Pending', ?, ?, ?, ?, ?)"""
    values = (job.type, job.source, job.destination, job.include_versions, job.purge_cache, due_at)
    work.connection.execute(query, (job_id, *values))
    if due_at <= work.now:
        _carry_out(work, job_id, job)
    return job_id


def next_due(connection: sqlite3.Connection) -> float:
    """When the next pending job has to be carried out; infinity when there is none."""
    (due_at,) = connection.execute("SELECT min(due_at) FROM jobs WHERE status = 'Pending'").fetchone()
    return math.inf if due_at is None else float(due_at)


def run_due(work: Work) -> None:
    """Carry out the jobs that are due, the oldest first. One that meets a refusal has failed and changes nothing."""
    query = "SELECT * FROM jobs WHERE status = 'Pending' AND due_at <= ? ORDER BY due_at, rowid"
    for row in work.connection.execute(query, (work.now,)).fetchall():
        job = Job(
            type=row["type"],
            source=row["source"],
            destination=row["destination"],
            include_versions=bool(row["include_versions"]),
            purge_cache=bool(row["purge_cache"]),
        )
        work.connection.execute("SAVEPOINT job")
        try:
            _carry_out(work, row["id"], job)
        except ApiError:
            work.connection.execute("ROLLBACK TO job")
            _finish(work, row["id"], "Failed")
        work.connection.execute("RELEASE job")


def status(connection: sqlite3.Connection, job_id: str) -> JobStatus | None:
    row = connection.execute("SELECT * FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return None if row is None else JobStatus(row["id"], row["type"], row["status"], row["purge_request_id"])


def check_unlocked(connection: sqlite3.Connection, path: str, message: str = SOURCE_LOCKED) -> None:
    """Refuse with 423 when a pending job touches the folder `path`, one above it or one below it."""
    for row in connection.execute("SELECT type, source, destination FROM jobs WHERE status = 'Pending'"):
        if any(_touch(path, locked) for locked in (row["source"], *_destinations(row["type"], row["destination"]))):
            raise ApiError(423, message)


def _destinations(type_: JobType, target: str) -> list[str]:
    """The folders that a job brings something to; one that is renamed stays where it is."""
    return [target] if type_ == "RENAME_FOLDER" else [split_path(target)[0], target]


def _touch(one: str, other: str) -> bool:
    if "/" in (one, other):  # all is below the root: one job into it would lock the whole account
        return one == other
    return is_inside(one, other) or is_inside(other, one)


def purge(work: Work, url: str) -> str:
    """Register a purge request and return its id.

    Raises:
        ApiError: 429 without rate limit headers when the quota of the month is used up (api.md, section 17.1).
    """
    month = work.settings.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    query = "SELECT count(*) FROM purges WHERE created_at >= ?"
    (used,) = work.connection.execute(query, (month.timestamp(),)).fetchone()
    if used >= work.settings.purge_quota:
        raise ApiError(429, f"The quota of {work.settings.purge_quota} purge requests a month is used up.")
    request_id = work.new_id()
    work.connection.execute("INSERT INTO purges VALUES (?, ?, ?)", (request_id, url, work.now))
    return request_id


def purge_started_at(connection: sqlite3.Connection, request_id: str) -> float | None:
    row = connection.execute("SELECT created_at FROM purges WHERE id = ?", (request_id,)).fetchone()
    return None if row is None else float(row["created_at"])


def _carry_out(work: Work, job_id: str, job: Job) -> None:
    if not folders.exists(work.connection, job.source):
        raise ApiError(404, f"No files & folder found at sourceFolderPath {job.source}", "NO_FILES_FOLDER")
    if job.type == "COPY_FOLDER":
        trees.copy(work, job.source, job.destination, include_versions=job.include_versions)
    else:
        trees.move(work, job.source, job.destination)
    if not job.purge_cache:
        _finish(work, job_id, "Completed")
        return
    request_id = None
    with contextlib.suppress(ApiError):  # the folder has its new name all the same
        request_id = purge(work, f"{work.settings.url_endpoints().primary}{job.source}*")
    _finish(work, job_id, "Completed" if request_id else "Partial success", request_id)


def _finish(work: Work, job_id: str, outcome: str, purge_request_id: str | None = None) -> None:
    query = "UPDATE jobs SET status = ?, purge_request_id = ? WHERE id = ?"
    work.connection.execute(query, (outcome, purge_request_id, job_id))
