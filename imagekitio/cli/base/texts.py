"""Formats sizes, moments, counts and names for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...contrib.errors import format_bytes
from .failures import escape_controls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MOST_NAMES = 3  # in a question, which must not fill the screen


def format_size(count: int | None) -> str:
    """Return a number of bytes in powers of 1000: ``950 bytes``, ``26.2 MB``; empty for None."""
    return "" if count is None else format_bytes(count)


def format_moment(moment: datetime | None) -> str:
    """Return a moment in local time to the minute: ``2026-03-01 14:05``; empty for None."""
    return "" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")


def count_of(number: int, noun: str) -> str:
    """Return a number and its noun: ``1 file``, ``12 files``, ``1,234 entries``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {plural}"


def name_some(names: Sequence[str]) -> str:
    """Return names, or the first of many and the number of the others: ``/a, /b, /c and 4 more``."""
    shown = escape_controls(", ".join(names[:MOST_NAMES]))
    return f"{shown} and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else shown
