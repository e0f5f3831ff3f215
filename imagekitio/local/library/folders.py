"""Operations on folders: find, create, count, delete. `imagekitio.local.library.folder_jobs` copies and moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError
from ..base.names import split_path
from .tables.rows import FolderRow

if TYPE_CHECKING:
    import sqlite3

    from .tables.transactions import Transaction

# A condition for the assets below a folder that can use the index on full_path: "0" is the character after "/".
BELOW = "(full_path > :folder || '/' AND full_path < :folder || '0')"


def exists(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether there is a folder at the canonical `path`; the root always exists."""
    # The first condition on the kind selects the unique index; without it SQLite would scan all folders.
    query = "SELECT 1 FROM assets WHERE full_path = ? AND kind <> 'file-version' AND kind = 'folder'"
    return path == "/" or connection.execute(query, (path,)).fetchone() is not None


def is_taken(connection: sqlite3.Connection, path: str) -> bool:
    """Return whether a file or a folder has the canonical `path`."""
    query = "SELECT 1 FROM assets WHERE full_path = ?"
    return path == "/" or connection.execute(query, (path,)).fetchone() is not None


def ensure(transaction: Transaction, path: str) -> None:
    """Create the folder at the canonical `path` and all missing parents.

    Raises:
        ApiError: 400 if there is a file in place of a folder.
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
    """Return the number of files, folders and versions below a folder other than the root."""
    query = f"SELECT count(*) FROM assets WHERE {BELOW}"
    count: int = connection.execute(query, {"folder": path}).fetchone()[0]
    return count


def delete(transaction: Transaction, path: str) -> None:
    """Delete a folder with all its contents."""
    transaction.delete("full_path = ? OR (full_path > ? AND full_path < ?)", path, path + "/", path + "0")
