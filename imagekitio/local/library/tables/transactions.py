"""The transaction that writes assets and related data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...storage.transactions import DataTransaction
from .rows import to_sql

if TYPE_CHECKING:
    from ...base.names import ObjectIds
    from ...base.settings import Settings
    from .rows import FileRow, Row


@dataclass
class Transaction(DataTransaction):
    """A write transaction of the media library.

    `account_changed` and `jobs_changed` tell the store to read these again, and `has_queued` that there is background
    work. `next_job` is the time at which the next folder job is due, if the jobs have changed.
    """

    ids: ObjectIds
    settings: Settings
    account_changed: bool = False
    jobs_changed: bool = False
    next_job: float | None = None
    has_queued: bool = False

    def new_id(self) -> str:
        return self.ids.new(self.now)

    def insert(self, row: Row) -> None:
        values = [to_sql(name, value) for name, value in zip(row._fields, row, strict=True)]
        names, marks = ", ".join((*row._fields, "full_path")), ", ".join("?" * (len(values) + 1))
        self.connection.execute(f"INSERT INTO assets ({names}) VALUES ({marks})", (*values, row.full_path))

    def update(self, row: FileRow, **changes: Any) -> None:
        """Change columns of the version `row`."""
        names = ", ".join(f"{name} = ?" for name in changes)
        values = [to_sql(name, value) for name, value in changes.items()]
        key = (row.id, row.version_id)
        self.connection.execute(f"UPDATE assets SET {names} WHERE id = ? AND version_id = ?", (*values, *key))

    def delete(self, condition: str, *parameters: object) -> None:
        """Delete the assets that match the SQL `condition`."""
        found = f"SELECT DISTINCT content_hash FROM assets WHERE content_hash NOTNULL AND ({condition})"
        self.lost.update(row[0] for row in self.connection.execute(found, parameters))
        self.connection.execute(f"DELETE FROM assets WHERE {condition}", parameters)
