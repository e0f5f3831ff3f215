"""The transaction in which rows and contents are written."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .rows import to_sql

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator

    from ...base.names import ObjectIds
    from ...base.settings import Settings
    from ...storage.contents import Contents, Incoming
    from .rows import FileRow, Row


@dataclass
class Transaction:
    """One writing transaction: the connection, and what everything written in it needs.

    `now` is the one moment at which all of it happens. `kept` collects the hashes of contents that were taken over,
    `lost` of those that lost a row: if no row names them, the first are removed from disk when the transaction fails,
    the others when it is committed. `account_changed` and `jobs_changed` tell the store to read them again,
    `has_queued` that there is work for the background.
    """

    connection: sqlite3.Connection
    contents: Contents
    ids: ObjectIds
    settings: Settings
    now: float
    kept: set[str] = field(default_factory=set[str])
    lost: set[str] = field(default_factory=set[str])
    account_changed: bool = False
    jobs_changed: bool = False
    has_queued: bool = False

    @contextmanager
    def part(self) -> Generator[None]:
        """A part that an exception undoes, and with it nothing of the transaction before; the exception goes on."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO part")
            self.lost |= self.kept  # in it, perhaps
            raise
        finally:
            self.connection.execute("RELEASE part")

    def new_id(self) -> str:
        return self.ids.new(self.now)

    def keep(self, incoming: Incoming) -> None:
        """Take over the bytes of `incoming`."""
        self.kept.add(incoming.content_hash)
        self.contents.keep(incoming)

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
        """Delete the assets for which the SQL `condition` holds."""
        found = f"SELECT DISTINCT content_hash FROM assets WHERE content_hash NOTNULL AND ({condition})"
        self.lost.update(row[0] for row in self.connection.execute(found, parameters))
        self.connection.execute(f"DELETE FROM assets WHERE {condition}", parameters)
