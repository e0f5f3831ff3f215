"""The transaction in which rows and contents are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .rows import FILE_COLUMNS, FOLDER_COLUMNS, FileRow, to_sql

if TYPE_CHECKING:
    import sqlite3

    from ..base.names import ObjectIds
    from ..base.settings import Settings
    from .contents import Contents, Incoming
    from .rows import Row


@dataclass
class Transaction:
    """One writing transaction: the connection, and what everything written in it needs.

    `now` is the one moment at which all of it happens. `touched` collects the hashes of contents that gained or lost a
    row; those that no row names at the end are removed from disk. `presets_changed` tells the store to read them again.
    `has_queued` tells it that there is work for the background.
    """

    connection: sqlite3.Connection
    contents: Contents
    ids: ObjectIds
    settings: Settings
    now: float
    touched: set[str] = field(default_factory=set[str])
    presets_changed: bool = False
    has_queued: bool = False

    def new_id(self) -> str:
        return self.ids.new(self.now)

    def keep(self, incoming: Incoming) -> str:
        """Take over the bytes of `incoming`; return their hash."""
        self.touched.add(incoming.content_hash)
        return self.contents.keep(incoming)

    def insert(self, row: Row) -> None:
        columns = FILE_COLUMNS if isinstance(row, FileRow) else FOLDER_COLUMNS
        values = [to_sql(name, getattr(row, name)) for name in columns] + [row.full_path]
        names, marks = ", ".join((*columns, "full_path")), ", ".join("?" * len(values))
        self.connection.execute(f"INSERT INTO assets ({names}) VALUES ({marks})", values)

    def update(self, row: FileRow, **changes: Any) -> None:
        """Change columns of the version `row`."""
        names = ", ".join(f"{name} = ?" for name in changes)
        values = [to_sql(name, value) for name, value in changes.items()]
        key = (row.id, row.version_id)
        self.connection.execute(f"UPDATE assets SET {names} WHERE id = ? AND version_id = ?", (*values, *key))

    def delete(self, condition: str, *parameters: object) -> None:
        """Delete the assets for which the SQL `condition` holds."""
        found = f"SELECT DISTINCT content_hash FROM assets WHERE content_hash NOTNULL AND ({condition})"
        self.touched.update(row[0] for row in self.connection.execute(found, parameters))
        self.connection.execute(f"DELETE FROM assets WHERE {condition}", parameters)
