"""The transaction in which rows and contents are written."""

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
    """One writing transaction: the connection, and what everything written in it needs.

    `now` is the one moment at which all of it happens. `kept` collects the hashes of contents that were taken over,
    `lost` of those that lost a row: if no row names them, the first are removed from disk when the transaction fails,
    the others when it is committed.
    """

    connection: sqlite3.Connection
    contents: Contents
    now: float
    kept: set[str] = field(default_factory=set[str], kw_only=True)
    lost: set[str] = field(default_factory=set[str], kw_only=True)

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

    def keep(self, incoming: Incoming) -> None:
        """Take over the bytes of `incoming`."""
        self.kept.add(incoming.content_hash)
        self.contents.keep(incoming)
