"""Operations on files and versions: find, put, archive, restore, copy, move, rename, delete (api.md, chapter 11).

Functions that read take a connection, functions that write take the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.errors import ApiError
from ..base.names import join_path, make_version_token
from . import folders
from .tables.rows import FileRow, read_file

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from .tables.transactions import Transaction

MAX_VERSIONS = 100  # api.md, chapter 8


def find(connection: sqlite3.Connection, file_id: str) -> FileRow | None:
    """Return the current version of the file with this id."""
    # Not "kind = 'file'": SQLite would scan all files instead of using the unique index on current assets.
    query = "SELECT * FROM assets WHERE id = ? AND kind <> 'file-version'"
    return read_file(connection.execute(query, (file_id,)).fetchone())


def find_at_path(connection: sqlite3.Connection, full_path: str, token: str | None = None) -> FileRow | None:
    """Return the current version of the file at a canonical path, or the one whose ``ik-obj-version`` is `token`."""
    condition = "kind <> 'file-version'" if token is None else "token = :token"
    query = f"SELECT * FROM assets WHERE full_path = :path AND {condition}"
    return read_file(connection.execute(query, {"path": full_path, "token": token}).fetchone())


def find_overwritten(connection: sqlite3.Connection, full_path: str) -> FileRow | None:
    """Return the file that a new one at this path would overwrite.

    Raises:
        ApiError: 400 if there is a folder at the path.
    """
    query = "SELECT * FROM assets WHERE full_path = ? AND kind <> 'file-version'"
    found = connection.execute(query, (full_path,)).fetchone()
    if found is not None and found["kind"] == "folder":
        raise ApiError(400, f"A folder already exists at {full_path}.")
    return read_file(found)


def versions(connection: sqlite3.Connection, file_id: str) -> list[FileRow]:
    """Return all versions of a file: the current one first, then the archived ones from newest to oldest."""
    query = "SELECT * FROM assets WHERE id = ? AND kind <> 'folder' ORDER BY kind, number DESC"
    rows = map(read_file, connection.execute(query, (file_id,)))
    return [row for row in rows if row is not None]


def version(connection: sqlite3.Connection, file_id: str, version_id: str) -> FileRow | None:
    query = "SELECT * FROM assets WHERE id = ? AND version_id = ?"
    return read_file(connection.execute(query, (file_id, version_id)).fetchone())


def new_row(**values: Any) -> FileRow:
    """Return a row for `put`, which sets its ids, number, token and dates."""
    unset: dict[str, Any] = {"id": "", "version_id": "", "number": 0, "last_number": 0, "token": ""}
    return FileRow(kind="file", **unset, created_at=0, updated_at=0, uploaded_at=0, **values)


def put(transaction: Transaction, row: FileRow, target: FileRow | None) -> FileRow:
    """Store `row` as a new file, or as the new current version of `target`; return the stored row.

    This function sets the ids, number, token, dates and kind of the row; the caller sets the rest.

    Args:
        target: The file at the path of `row`; see `find_overwritten`.
    Raises:
        ApiError: 400 if `target` has 100 versions, or if there is a file in place of a folder.
    """
    if target is not None:
        return _append(transaction, target, row._replace(version_id=transaction.new_id(), uploaded_at=transaction.now))
    folders.ensure(transaction, row.path)
    new_id = transaction.new_id()
    stored = row._replace(
        kind="file",
        id=new_id,
        version_id=new_id,
        number=1,
        last_number=1,
        token=make_version_token(),
        created_at=transaction.now,
        updated_at=transaction.now,
        uploaded_at=transaction.now,
    )
    transaction.insert(stored)
    return stored


def restore(transaction: Transaction, row: FileRow) -> FileRow:
    """Make the archived version `row` the current one again; it keeps its name and id."""
    current = _require(find(transaction.connection, row.id))
    _archive(transaction, current)
    changes: dict[str, Any] = {
        "kind": "file",
        "created_at": current.created_at,
        "updated_at": transaction.now,
        "last_number": current.last_number,
    }
    transaction.update(row, **changes)
    return row._replace(**changes)


def copy(transaction: Transaction, source: FileRow, folder: str, *, include_versions: bool) -> None:
    """Copy a file into the canonical path `folder`; an existing file of that name gets new versions.

    Raises:
        ApiError: 400 ``VERSION_LIMIT_EXCEEDED`` if there would be more than 100 versions.
    """
    history = versions(transaction.connection, source.id)[::-1] if include_versions else [source]
    _check_version_limit(transaction.connection, join_path(folder, source.name), adding=len(history))
    for row in history:
        copied = row._replace(path=folder)
        put(transaction, copied, find_overwritten(transaction.connection, copied.full_path))


def move(transaction: Transaction, source: FileRow, folder: str, name: str | None = None) -> None:
    """Move a file with all its versions into the canonical path `folder`, under a new `name` if one is given.

    An existing file at that path keeps its id and gets the versions of `source` as its newest.

    Raises:
        ApiError: 400 ``VERSION_LIMIT_EXCEEDED`` if there would be more than 100 versions; 400 if a folder has the path.
    """
    name = name or source.name
    full_path = join_path(folder, name)
    target = find_overwritten(transaction.connection, full_path)
    if target is None:
        folders.ensure(transaction, folder)
        change = "UPDATE assets SET name = ?, path = ?, full_path = ? WHERE id = ?"
        transaction.connection.execute(change, (name, folder, full_path, source.id))
        transaction.update(source, updated_at=transaction.now)
        return
    history = versions(transaction.connection, source.id)[::-1]
    _check_version_limit(transaction.connection, full_path, adding=len(history))
    delete(transaction, source.id)
    for row in history:
        target = _append(transaction, target, row._replace(name=name, path=folder))


def delete(transaction: Transaction, file_id: str) -> None:
    """Delete a file with all its versions."""
    transaction.delete("id = ?", file_id)


def publish(transaction: Transaction, rows: Sequence[FileRow], *, is_published: bool) -> None:
    """Set the published flag; changed versions get a new ``ik-obj-version`` (api.md, section 11.6)."""
    for row in rows:
        if row.is_published != is_published:
            transaction.update(row, is_published=is_published, token=make_version_token())


def _append(transaction: Transaction, target: FileRow, row: FileRow) -> FileRow:
    """Make `row` the newest and current version of the file whose current version is `target`."""
    (count,) = transaction.connection.execute("SELECT count(*) FROM assets WHERE id = ?", (target.id,)).fetchone()
    if count >= MAX_VERSIONS:
        raise ApiError(400, f"A file cannot have more than {MAX_VERSIONS} versions.")
    _archive(transaction, target)
    number = target.last_number + 1
    stored = row._replace(
        kind="file",
        id=target.id,
        number=number,
        last_number=number,
        token=make_version_token(),
        created_at=target.created_at,
        updated_at=transaction.now,
    )
    transaction.insert(stored)
    return stored


def _archive(transaction: Transaction, current: FileRow) -> None:
    # For the dates of archived versions see api.md, section 11.2.
    transaction.update(current, kind="file-version", created_at=current.uploaded_at, updated_at=transaction.now)


def _check_version_limit(connection: sqlite3.Connection, full_path: str, *, adding: int) -> None:
    query = "SELECT count(*) FROM assets WHERE full_path = ? AND kind <> 'folder'"
    (count,) = connection.execute(query, (full_path,)).fetchone()
    if count + adding > MAX_VERSIONS:
        message = f"The file at {full_path} would have {count + adding} versions; {MAX_VERSIONS} are allowed."
        raise ApiError(400, message, "VERSION_LIMIT_EXCEEDED")


def _require(row: FileRow | None) -> FileRow:
    if row is None:
        raise LookupError("a file without a current version")
    return row
