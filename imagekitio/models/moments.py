"""Moments as the service writes them: ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime


def unix_time(moment: str) -> float:
    """Return the Unix time in seconds of a moment such as ``2024-03-05T07:08:09.123Z``.

    Raises:
        ValueError: It is no moment.
    """
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()  # Python 3.10 does not know the Z
