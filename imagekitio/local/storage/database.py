"""SQLite for many threads: any number of readers, one writer at a time.

WAL lets readers see the last committed state while somebody writes. Writers wait for one lock of ours rather than for
SQLite's, whose waiting is by polling and gives up. With ``synchronous=NORMAL`` a committed change outlives the death
of the process (``kill -9``); a power cut may cost the last ones, which is fair for a tool of development.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from contextlib import AbstractContextManager
    from pathlib import Path


_MAX_LOG_PAGES = 8000  # of 4 KB; emptying the log waits for the disk, and 70 uploads fill SQLite's 1,000 pages


class Database:
    """Connections to a database file.

    Args:
        path: The file, which is made when it is not there.
        migrate: Brings the tables in it, of which there may be none, up to date.
    """

    def __init__(self, path: Path, migrate: Callable[[sqlite3.Connection], None]) -> None:
        self._path = path
        self._guard = threading.Lock()  # of the two lists
        self._idle: list[sqlite3.Connection] = []
        # Held by who writes; hold it to keep others from writing a little longer.
        self.writing: AbstractContextManager[bool] = threading.RLock()
        self._closed = False
        try:
            with self._connection() as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                migrate(connection)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """A connection that sees one state of the data for as long as the block lasts."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """The one connection that writes now; committed at the end of the block, rolled back by an exception."""
        with self.writing, self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close every connection; those in use close when they come back."""
        with self._guard:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        with self._guard:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            yield connection
        finally:
            with self._guard:
                keep = not self._closed
                if keep:
                    self._idle.append(connection)
            if not keep:
                connection.close()

    def _connect(self) -> sqlite3.Connection:
        # A connection serves one thread at a time, but not always the same one.
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_MAX_LOG_PAGES}")
        return connection
