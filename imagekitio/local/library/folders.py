"""Folders: find, make, count and delete them. `imagekitio.local.library.folder_jobs` moves and copies whole ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..base.names import split_path
from .tables.rows import FolderRow

if TYPE_CHECKING:
    import sqlite3

    from .tables.transactions import Transaction

# The assets below a folder, as a range that the index on full_path answers: "0" is the character after "/".
BELOW = "(full_path > :folder || '/' AND full_path < :folder || '0')"


def exists(connection: sqlite3.Connection, path: str) -> bool:
    """Whether there is a folder at the canonical `path`; the root always is."""
    # The first condition on the kind names the unique index; without it SQLite would walk all folders.
    query = "SELECT 1 FROM assets WHERE full_path = ? AND kind <> 'file-version' AND kind = 'folder'"
    return path == "/" or connection.execute(query, (path,)).fetchone() is not None


def is_taken(connection: sqlite3.Connection, path: str) -> bool:
    """Whether a file or a folder has the canonical `path`."""
    query = "SELECT 1 FROM assets WHERE full_path = ?"
    return path == "/" or connection.execute(query, (path,)).fetchone() is not None


def ensure(transaction: Transaction, path: str) -> None:
    """Make the folder at the canonical `path` and all missing parents.

    Raises:
        ApiError: 400 when a file is where a folder should be.
    """
    if exists(transaction.connection, path):
        return
    parent, name = split_path(path)
    ensure(transaction, parent)
    if is_taken(transaction.connection, path):
        raise ApiError(400, f"A file already exists at {path}.")
    transaction.insert(
        FolderRow(
            id=transaction.new_id(), name=name, path=parent, created_at=transaction.now, updated_at=transaction.now
        )
    )


def count_below(connection: sqlite3.Connection, path: str) -> int:
    """Files, folders and versions under a folder other than the root."""
    query = f"SELECT count(*) FROM assets WHERE {BELOW}"
    count: int = connection.execute(query, {"folder": path}).fetchone()[0]
    return count


def delete(transaction: Transaction, path: str) -> None:
    """Delete a folder with everything below it."""
    transaction.delete("full_path = ? OR (full_path > ? AND full_path < ?)", path, path + "/", path + "0")
