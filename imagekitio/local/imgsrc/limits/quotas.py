"""Errors for used-up quotas and features missing from the plan (img-src API, "Errors" and "Rate limits").

The service does not document its response to an exhausted quota. Here it is 429 without ``Retry-After``, and
``X-RateLimit-Reset`` is the end of the month, so that a client waits until then or gives up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...base.errors import ApiError
from ..usage import find_limit, find_period, find_remaining, measure_storage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from ...storage.transactions import DataTransaction
    from ..settings import ImgsrcSettings
    from ..usage import Name


class QuotaError(ApiError):
    """429 because a quota of the plan is used up."""

    def __init__(self, words: str, limit: int, now: float) -> None:
        super().__init__(429, f"You have reached the limit of your plan: {limit} {words}")
        self.headers: Mapping[str, str] = limit_headers(limit, 0, find_period(now).end)


_WORDS: dict[Name, str] = {
    "uploads": "uploads a month",
    "bandwidth_bytes": "bytes delivered a month",
    "api_requests": "API requests a month",
    "transformations": "transformations a month",
}


def limit_headers(limit: int, remaining: int, resets_at: int) -> dict[str, str]:
    """Return the headers that describe a limit.

    Args:
        limit: Amount that is allowed.
        remaining: Amount that is left.
        resets_at: Unix time in seconds at which the whole amount is available again.
    """
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(resets_at),
    }


def check_monthly(connection: sqlite3.Connection, settings: ImgsrcSettings, now: float, name: Name) -> None:
    """Raise `QuotaError` if nothing is left of a month's quota."""
    limit = find_limit(settings.limits, name)
    if limit is not None and find_remaining(connection, settings, now, name) == 0:
        raise QuotaError(_WORDS[name], limit, now)


def check_storage(transaction: DataTransaction, size: int, settings: ImgsrcSettings) -> None:
    """Raise `QuotaError` if there is no room for another `size` bytes."""
    limit = settings.limits.max_storage_bytes
    if limit is not None and measure_storage(transaction.connection) + size > limit:
        raise QuotaError("bytes of storage", limit, transaction.now)


def require_pro(settings: ImgsrcSettings, what: str) -> None:
    """Raise `ApiError` 403 unless the account has the plan that `what` needs."""
    if settings.plan != "pro":
        raise ApiError(403, f"{what} need the Pro plan")
