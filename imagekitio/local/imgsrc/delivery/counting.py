"""What delivery counts: transformations, and uses of presets (img-src API, "Get usage" and "List presets").

The service does not document whether a cached rendition counts. Here a rendition counts as one transformation when it
is first delivered in a calendar month, and not again that month: the counts do not depend on what is in memory. An
untouched original counts nothing. A preset counts one use for each response that delivers an image with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import presets, usage
from ..limits.quotas import check_monthly

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from ...storage.transactions import DataTransaction
    from ..settings import ImgsrcSettings


def is_counted(connection: sqlite3.Connection, etag: str, now: float) -> bool:
    """Return whether a rendition was counted in the month of `now`."""
    query = "SELECT 1 FROM renditions WHERE period = ? AND etag = ?"
    return connection.execute(query, (usage.find_period(now).name, etag)).fetchone() is not None


def count_transformation(transaction: DataTransaction, etag: str, settings: ImgsrcSettings) -> None:
    """Count a rendition, unless it was counted this month.

    Raises:
        ApiError: 429 if the month's transformations are used up; let it roll back the transaction.
    """
    period = usage.find_period(transaction.now).name
    inserted = transaction.connection.execute("INSERT OR IGNORE INTO renditions VALUES (?, ?)", (period, etag))
    if inserted.rowcount:
        check_monthly(transaction.connection, settings, transaction.now, "transformations")
        usage.count(transaction, "transformations")


def count_presets(transaction: DataTransaction, names: Iterable[str]) -> None:
    """Count a use of each of these presets."""
    for name in names:
        presets.count_use(transaction, name)
