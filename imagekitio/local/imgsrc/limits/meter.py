"""Counters of API requests and delivered bytes, which are known only at the end of a request.

The counts stay in memory until they are requested, or at the latest until local img-src stops; if it is killed, they
are lost.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from ...web.site import DELIVERY
from ..operations import OPERATIONS
from ..usage import add, find_period

if TYPE_CHECKING:
    from ...web.exchange import Observed
    from ..store import ImgsrcStore
    from ..usage import Name

_API = frozenset(operation.name for operation in OPERATIONS)
_NOT_COUNTED = (401, 429)  # requests without a valid key, and those beyond a limit


class Meter:
    """A thread-safe counter of the usage that is not yet in the database of `store`."""

    def __init__(self, store: ImgsrcStore) -> None:
        self._store = store
        self._guard = threading.Lock()
        self._counts: Counter[tuple[str, Name]] = Counter()  # by name of the month

    def note(self, observed: Observed) -> None:
        """Count a request."""
        if observed.operation == DELIVERY:
            self._add(observed, "bandwidth_bytes", observed.sent_bytes)
        elif observed.operation in _API and observed.status not in _NOT_COUNTED:
            self._add(observed, "api_requests", 1)

    def flush(self) -> None:
        """Write the counts since the last call into the database."""
        with self._guard:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with self._store.write() as transaction:
                for (period, name), amount in counts.items():
                    add(transaction.connection, period, name, amount)
        except BaseException:  # such as a full disk: the next attempt may succeed
            with self._guard:
                self._counts.update(counts)
            raise

    def clear(self) -> None:
        """Forget all counts that are not yet in the database."""
        with self._guard:
            self._counts = Counter()

    def _add(self, observed: Observed, name: Name, amount: int) -> None:
        with self._guard:
            self._counts[find_period(observed.at).name, name] += amount
