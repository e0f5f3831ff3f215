"""The transaction that writes rows and contents."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator

    from .contents import Contents, Incoming


@dataclass
class DataTransaction:
    """A write transaction: its connection, contents and time.

    `now` is the time of all changes. `kept` collects the hashes of contents that were added, `lost` those of contents
    that lost a row. If no row refers to them, the first are removed from disk when the transaction fails, the others
    when it is committed.
    """

    connection: sqlite3.Connection
    contents: Contents
    now: float
    kept: set[str] = field(default_factory=set[str], kw_only=True)
    lost: set[str] = field(default_factory=set[str], kw_only=True)

    @contextmanager
    def part(self) -> Generator[None]:
        """Begin a part that an exception rolls back without the rest of the transaction; the exception is re-raised."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO part")
            self.lost |= self.kept  # they may have been added in this part
            raise
        finally:
            self.connection.execute("RELEASE part")

    def keep(self, incoming: Incoming) -> None:
        """Add the content of `incoming`."""
        self.kept.add(incoming.content_hash)
        self.contents.keep(incoming)
