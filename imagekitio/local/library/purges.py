"""Requests to purge the cache, and their monthly quota (api.md, chapter 17)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..base.errors import ApiError

if TYPE_CHECKING:
    import sqlite3

    from .tables.transactions import Transaction


def request_purge(transaction: Transaction, url: str) -> str:
    """Register a purge request and return its id.

    Raises:
        ApiError: 429 without rate limit headers if the month's quota is used up (api.md, section 17.1).
    """
    month = transaction.settings.clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    query = "SELECT count(*) FROM purges WHERE created_at >= ?"
    (used,) = transaction.connection.execute(query, (month.timestamp(),)).fetchone()
    if used >= transaction.settings.purge_quota:
        raise ApiError(429, f"The quota of {transaction.settings.purge_quota} purge requests per month is used up.")
    request_id = transaction.new_id()
    transaction.connection.execute("INSERT INTO purges VALUES (?, ?, ?)", (request_id, url, transaction.now))
    return request_id


def started_at(connection: sqlite3.Connection, request_id: str) -> float | None:
    row = connection.execute("SELECT created_at FROM purges WHERE id = ?", (request_id,)).fetchone()
    return None if row is None else float(row["created_at"])
