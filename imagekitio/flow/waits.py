"""Read the time to wait from headers. A value that cannot be parsed is ignored."""

from __future__ import annotations

from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that ``Retry-After`` asks to wait from `now`, a Unix time; None if it does not.

    Source: RFC 9110, section 10.2.3: it contains seconds or a date.
    """
    text = headers.get("retry-after", "")
    seconds = read_number(text)
    if seconds is not None or not text:
        return seconds
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:  # HTTP dates are in GMT (RFC 9110, section 5.6.7)
            moment = moment.replace(tzinfo=timezone.utc)
        return max(0.0, moment.timestamp() - now)
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def read_number(text: str) -> float | None:
    """Return a number that is 0 or more; None for anything else."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number >= 0 else None  # nan compares false


def read_count(text: str) -> float:
    """Return a whole number; 0.0 for anything else."""
    # A longer number must be a mistake, and would hold back requests permanently.
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0.0
