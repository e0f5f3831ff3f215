"""The store of local img-src."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..storage.store import DataStore
from ..storage.transactions import DataTransaction
from .account import open_account
from .schema import SCHEMA

if TYPE_CHECKING:
    from .settings import ImgsrcSettings


class ImgsrcStore(DataStore[DataTransaction]):
    """The data in ``settings.data``. It is thread-safe.

    Raises:
        OSError: See `DataStore`.
        ValueError: See `DataStore`.
    """

    def __init__(self, settings: ImgsrcSettings) -> None:
        self.settings: ImgsrcSettings = settings
        super().__init__(settings.data, settings.clock, SCHEMA, DataTransaction)
        with self.write() as transaction:
            open_account(transaction)

    def _empty(self, transaction: DataTransaction) -> None:
        super()._empty(transaction)
        open_account(transaction)
