"""What local ImageKit knows and keeps: metadata in SQLite, contents in a folder."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from ..base.names import ObjectIds
from ..storage.contents import Contents
from ..storage.database import Database
from . import files, folder_jobs
from .account import read_account
from .tables.schema import TABLES, migrate
from .tables.transactions import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

    from ..base.settings import Settings
    from ..storage.contents import Incoming
    from .account import Account
    from .tables.rows import FileRow


class Store:
    """The data in ``settings.data``. Every method may be called from any thread.

    Args:
        before_commit: Called at the end of every transaction that did not fail, with the transaction, which it may
            still write to, and the account as it was before.
    Raises:
        BlockingIOError: Another local ImageKit uses the folder.
        OSError: It is not a folder, or what is in it cannot be read.
        ValueError: The data were written by a newer release.
    """

    def __init__(
        self, settings: Settings, before_commit: Callable[[Transaction, Account], None] = lambda *_: None
    ) -> None:
        self.settings = settings
        self._before_commit = before_commit
        try:
            settings.data.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            raise NotADirectoryError(f"the data need a folder, but {settings.data} is a file or below one") from None
        self._ids = ObjectIds()
        self.woken: threading.Event = threading.Event()  # set when something may be due, for the background
        self._account_generation = 0  # counts the changes
        self._account: tuple[int, Account] | None = None  # and the generation it was read in
        path = settings.data / "imagekit.db"
        with _name_damage(path), ExitStack() as opened:
            self._lock = opened.enter_context(closing(_lock(settings.data / "lock")))
            self._contents = Contents(settings.data)
            self._database = opened.enter_context(closing(Database(path, migrate)))
            with self.read() as connection:
                self._next_job = folder_jobs.next_due(connection)
            self._sweep(self._contents.hashes())
            opened.pop_all()

    def close(self) -> None:
        self._database.close()
        self._lock.close()

    @contextmanager
    def read(self) -> Generator[sqlite3.Connection]:
        """A connection that sees one state of the data for as long as the block lasts."""
        with self._database.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Generator[Transaction]:
        """A transaction; an exception undoes all of it."""
        # Contents are swept before anybody else can write: who keeps bytes next must find them or bring them.
        with self._database.writing:
            kept: set[str] = set()
            lost: set[str] = set()
            try:
                with self._database.write() as connection:
                    now = self.settings.clock.time()
                    transaction = Transaction(connection, self._contents, self._ids, self.settings, now, kept, lost)
                    yield transaction
                    self._before_commit(transaction, self.account())
                    next_job = folder_jobs.next_due(connection) if transaction.jobs_changed else self._next_job
                # Now that it is committed: who reads this goes on to read what the jobs did.
                self._next_job = next_job
                if transaction.has_queued:
                    self.woken.set()
                if transaction.account_changed:
                    self._account_generation += 1
            except BaseException:
                self._sweep(kept)  # what was lost is there again
                raise
            if lost:
                self._sweep(lost)

    @property
    def next_job(self) -> float:
        """When the next folder job has to be carried out, a Unix time; infinity when there is none."""
        return self._next_job

    def run_due_jobs(self) -> None:
        """Carry out the folder jobs whose time has come; called before every request, so no thread has to wait."""
        if self.settings.clock.time() >= self._next_job:
            with self.write() as transaction:
                folder_jobs.run_due(transaction)

    def incoming(self) -> Incoming:
        """A place for bytes on their way in; see `imagekitio.local.storage.contents.Incoming`."""
        return self._contents.incoming()

    def file_at(self, path: str, version_token: str | None = None) -> FileRow | None:
        """The file at a canonical, percent-decoded path, or its version whose ``ik-obj-version`` is the token."""
        self.run_due_jobs()
        with self.read() as connection:
            return files.at_path(connection, path, version_token)

    def account(self) -> Account:
        """The account as committed; read from the database only after a change."""
        # The generation is looked at first: what is read later is at least as new.
        generation, known = self._account_generation, self._account
        if known is None or known[0] != generation:
            with self.read() as connection:
                known = self._account = generation, read_account(connection)
        return known[1]

    def content(self, row: FileRow) -> Path:
        """Where the bytes of a version are; nothing is there when it was deleted meanwhile."""
        return self._contents.path(row.content_hash)

    def reset(self) -> None:
        """Forget everything."""
        with self.write() as transaction:
            transaction.account_changed = transaction.jobs_changed = True
            transaction.delete("1")
            for table in TABLES:
                transaction.connection.execute(f"DELETE FROM {table}")

    def _sweep(self, hashes: Iterable[str]) -> None:
        """Remove the contents among `hashes` that no version has."""
        with self._database.writing, self.read() as connection:
            for content_hash in hashes:
                query = "SELECT 1 FROM assets WHERE content_hash = ? LIMIT 1"
                if connection.execute(query, (content_hash,)).fetchone() is None:
                    self._contents.remove(content_hash)


def _lock(path: Path) -> sqlite3.Connection:
    """Take a lock that ends with the process, however it ends, on every operating system."""
    with _name_damage(path), ExitStack() as opened:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        opened.enter_context(closing(connection))
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as exc:
            if "locked" in str(exc):
                raise BlockingIOError(f"{path.parent} is in use by another local ImageKit") from None
            raise
        opened.pop_all()
        return connection


@contextmanager
def _name_damage(path: Path) -> Generator[None]:
    """Turn an error of SQLite, which names no file, into one that does."""
    try:
        yield
    except sqlite3.DatabaseError as exc:
        raise OSError(f"{path} is damaged or cannot be opened: {exc}") from exc
