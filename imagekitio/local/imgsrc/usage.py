"""The usage of an account in a month, and the rest of its quotas (img-src API, "Get usage").

A month runs from its first second in UTC to the first second of the next, by the server's clock.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    import sqlite3

    from ..storage.transactions import DataTransaction
    from .settings import ImgsrcSettings, Limits

Name = Literal["uploads", "bandwidth_bytes", "api_requests", "transformations"]
NAMES: tuple[Name, ...] = get_args(Name)


class Period(NamedTuple):
    """A calendar month in UTC.

    Attributes:
        name: Name such as ``2025-01``.
        start: Unix time of its first second.
        end: Unix time of the first second of the next month.
    """

    name: str
    start: int
    end: int


def find_period(now: float) -> Period:
    """Return the month of a Unix time in seconds."""
    moment = datetime.fromtimestamp(now, timezone.utc)
    start = datetime(moment.year, moment.month, 1, tzinfo=timezone.utc)
    year, month = (moment.year + 1, 1) if moment.month == 12 else (moment.year, moment.month + 1)
    end = datetime(year, month, 1, tzinfo=timezone.utc)
    return Period(f"{start:%Y-%m}", int(start.timestamp()), int(end.timestamp()))


def count(transaction: DataTransaction, name: Name, amount: int = 1) -> None:
    """Add to the usage in the month of the transaction."""
    add(transaction.connection, find_period(transaction.now).name, name, amount)


def add(connection: sqlite3.Connection, period: str, name: Name, amount: int) -> None:
    """Add to the usage in the month `period`."""
    connection.execute(
        "INSERT INTO usage (period, name, amount) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
        (period, name, amount),
    )


def read_usage(connection: sqlite3.Connection, now: float, name: Name) -> int:
    """Return the usage in the month of `now`."""
    query = "SELECT amount FROM usage WHERE period = ? AND name = ?"
    row = connection.execute(query, (find_period(now).name, name)).fetchone()
    return 0 if row is None else int(row["amount"])


def read_total_usage(connection: sqlite3.Connection, name: Name) -> int:
    """Return the total usage of all months."""
    (amount,) = connection.execute("SELECT coalesce(sum(amount), 0) FROM usage WHERE name = ?", (name,)).fetchone()
    return int(amount)


def find_remaining(connection: sqlite3.Connection, settings: ImgsrcSettings, now: float, name: Name) -> int | None:
    """Return the remaining quota in the month of `now`; None without a limit."""
    limit = find_limit(settings.limits, name)
    return None if limit is None else max(limit - read_usage(connection, now, name), 0)


def find_limit(limits: Limits, name: Name) -> int | None:
    """Return the monthly limit for usage with this name."""
    return {
        "uploads": limits.max_uploads_per_month,
        "bandwidth_bytes": limits.max_bandwidth_per_month,
        "api_requests": limits.max_api_requests_per_month,
        "transformations": limits.max_transformations_per_month,
    }[name]


def measure_storage(connection: sqlite3.Connection) -> int:
    """Return the total size of all images; an image with several paths counts once."""
    (size,) = connection.execute("SELECT coalesce(sum(size), 0) FROM images").fetchone()
    return int(size)
