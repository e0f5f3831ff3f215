"""SQLite for many threads: any number of readers, one writer at a time.

With WAL, readers see the last committed state during a write. Writers wait for our own lock rather than SQLite's, which
polls and gives up. With ``synchronous=NORMAL``, a committed change survives a killed process (``kill -9``); a power cut
may lose the last ones, which is acceptable for a development tool.
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


_MAX_LOG_PAGES = 8000  # of 4 KB; a checkpoint waits for the disk, and 70 uploads fill SQLite's default of 1,000 pages


class Database:
    """Connections to a database file.

    Args:
        path: The file, which is created if it does not exist.
        migrate: Function that creates the tables or brings them up to date.
    """

    def __init__(self, path: Path, migrate: Callable[[sqlite3.Connection], None]) -> None:
        self._path = path
        self._guard = threading.Lock()  # for the idle connections
        self._idle: list[sqlite3.Connection] = []
        # Held by the writer; hold it longer to keep others from writing after a transaction.
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
        """Return a connection that sees a consistent state of the data until the end of the block."""
        with self._connection() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Generator[sqlite3.Connection]:
        """Return the only writing connection; it commits at the end of the block, or rolls back on an exception."""
        with self.writing, self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close all connections; those in use are closed when they are returned."""
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
