"""The store of a local server: rows in SQLite, contents in a folder."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from .contents import Contents
from .database import Database
from .transactions import DataTransaction

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from ..base.clock import Clock
    from .contents import Incoming
    from .schema import Schema

    MakeTransaction = Callable[[sqlite3.Connection, Contents, float], "T"]

T = TypeVar("T", bound=DataTransaction)


class DataStore(Generic[T]):
    """The data of one service in one folder. It is thread-safe.

    Args:
        folder: The folder, which is created if it does not exist.
        clock: Clock for the time of transactions.
        schema: The tables.
        make_transaction: Function that makes a transaction from a connection, the contents and the time.
    Raises:
        BlockingIOError: Another local server uses the folder.
        OSError: It is not a folder, or its data cannot be read.
        ValueError: The data was written by a newer release, or belongs to another service.
    """

    def __init__(self, folder: Path, clock: Clock, schema: Schema, make_transaction: MakeTransaction[T]) -> None:
        self._clock, self._schema, self._make_transaction = clock, schema, make_transaction
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise NotADirectoryError(f"data must be a folder, but {folder} is a file or inside one") from None
        path = folder / schema.file_name
        with _name_damage(path), ExitStack() as opened:
            self._lock = opened.enter_context(closing(_lock(folder / "lock")))
            # No row refers to the contents of the other service, so they would be removed.
            if not path.exists() and (others := sorted(folder.glob("*.db"))):
                raise ValueError(f"{folder} has the data of another service ({others[0].name}): use another folder")
            self._contents = Contents(folder)
            self._database = opened.enter_context(closing(Database(path, schema.migrate)))
            with self.read() as connection:
                self._load(connection)
            self._sweep(self._contents.hashes())
            opened.pop_all()

    def close(self) -> None:
        self._database.close()
        self._lock.close()

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """Return a connection that sees a consistent state of the data until the end of the block."""
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[T]:
        """Return a transaction, which an exception rolls back."""
        # Contents are removed before another thread can write, so that it can rely on those that exist.
        with self._database.writing:
            kept: set[str] = set()
            try:
                with self._database.write() as connection:
                    transaction = self._make_transaction(connection, self._contents, self._clock.time())
                    kept = transaction.kept
                    yield transaction
                    self._prepare_commit(transaction)
                self._note_commit(transaction)
            except BaseException:
                self._sweep(kept)  # only these, as the rollback restores the lost rows
                raise
            if transaction.lost:
                self._sweep(transaction.lost)

    def incoming(self) -> Incoming:
        """Return a new incoming file; see `imagekitio.local.storage.contents.Incoming`."""
        return self._contents.incoming()

    def content(self, content_hash: str) -> Path:
        """Return the path of the content with this SHA-256; it may be missing if no row refers to it any more."""
        return self._contents.path(content_hash)

    def reset(self) -> None:
        """Delete all data."""
        with self.write() as transaction:
            self._empty(transaction)

    def _load(self, connection: sqlite3.Connection) -> None:
        """Load cached data when the database is opened."""

    def _prepare_commit(self, transaction: T) -> None:
        """Do further work in a successful `transaction` before it is committed."""

    def _note_commit(self, transaction: T) -> None:
        """Update cached data after `transaction` was committed, before another thread can write."""

    def _empty(self, transaction: T) -> None:
        used = f"SELECT DISTINCT content_hash FROM {self._schema.content_table} WHERE content_hash NOTNULL"
        transaction.lost.update(row[0] for row in transaction.connection.execute(used))
        for table in self._schema.tables:
            transaction.connection.execute(f"DELETE FROM {table}")

    def _sweep(self, hashes: Iterable[str]) -> None:
        """Remove those of the contents that no row refers to."""
        query = f"SELECT 1 FROM {self._schema.content_table} WHERE content_hash = ? LIMIT 1"
        with self._database.writing, self.read() as connection:
            for content_hash in hashes:
                if connection.execute(query, (content_hash,)).fetchone() is None:
                    self._contents.remove(content_hash)


def _lock(path: Path) -> sqlite3.Connection:
    """Take a lock that ends with the process, even if it is killed, on every operating system."""
    with _name_damage(path), ExitStack() as opened:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        opened.enter_context(closing(connection))
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as exc:
            if "locked" in str(exc):
                raise BlockingIOError(f"{path.parent} is in use by another local server") from None
            raise
        opened.pop_all()
        return connection


@contextmanager
def _name_damage(path: Path) -> Generator[None]:
    """Turn an error of SQLite into one that names the file."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        raise OSError(f"{path} is damaged or cannot be opened: {exc}") from exc
