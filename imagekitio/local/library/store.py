"""The store of local ImageKit: the media library, its account, and pending jobs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ..base.names import ObjectIds
from ..storage.store import DataStore
from . import files, folder_jobs
from .account import read_account
from .tables.schema import SCHEMA
from .tables.transactions import Transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from ..base.settings import Settings
    from ..storage.contents import Contents
    from .account import Account
    from .tables.rows import FileRow


class Store(DataStore[Transaction]):
    """The data in ``settings.data``. It is thread-safe.

    Args:
        before_commit: Function to call at the end of every successful transaction, with the transaction, which it may
            still write to, and the account before the transaction.
    Raises:
        OSError: See `DataStore`.
        ValueError: See `DataStore`.
    """

    def __init__(
        self, settings: Settings, before_commit: Callable[[Transaction, Account], None] = lambda *_: None
    ) -> None:
        ids = ObjectIds()

        def make_transaction(connection: sqlite3.Connection, contents: Contents, now: float) -> Transaction:
            return Transaction(connection, contents, now, ids, settings)

        self.settings = settings
        self._before_commit = before_commit
        self.woken: threading.Event = threading.Event()  # set to wake the background thread when something may be due
        self._account_generation = 0  # the number of changes
        self._account: tuple[int, Account] | None = None  # the account, and its generation
        super().__init__(settings.data, settings.clock, SCHEMA, make_transaction)

    @property
    def next_job(self) -> float:
        """Unix time at which the next folder job is due; infinity if there is none."""
        return self._next_job

    def run_due_jobs(self) -> None:
        """Run the folder jobs that are due. It is called before every request, so no thread needs to wait for them."""
        if self.settings.clock.time() >= self._next_job:
            with self.write() as transaction:
                folder_jobs.run_due(transaction)

    def file_at(self, path: str, version_token: str | None = None) -> FileRow | None:
        """Return the file at a canonical, percent-decoded path, or the version with this ``ik-obj-version``."""
        self.run_due_jobs()
        with self.read() as connection:
            return files.find_at_path(connection, path, version_token)

    def account(self) -> Account:
        """Return the committed account, which is read from the database only after a change."""
        # The generation is read first, so that the account is at least as new.
        generation, known = self._account_generation, self._account
        if known is None or known[0] != generation:
            with self.read() as connection:
                known = self._account = generation, read_account(connection)
        return known[1]

    def _load(self, connection: sqlite3.Connection) -> None:
        self._next_job = folder_jobs.next_due(connection)

    def _prepare_commit(self, transaction: Transaction) -> None:
        self._before_commit(transaction, self.account())
        if transaction.jobs_changed:
            transaction.next_job = folder_jobs.next_due(transaction.connection)

    def _note_commit(self, transaction: Transaction) -> None:
        # Set only after the commit, as threads that read it then read the results of the jobs.
        if transaction.next_job is not None:
            self._next_job = transaction.next_job
        if transaction.has_queued:
            self.woken.set()
        if transaction.account_changed:
            self._account_generation += 1

    def _empty(self, transaction: Transaction) -> None:
        transaction.account_changed = transaction.jobs_changed = True
        super()._empty(transaction)
