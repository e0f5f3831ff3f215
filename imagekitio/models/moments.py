"""Timestamps in the format of the service: ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime


def to_unix_time(moment: str) -> float:
    """Return the Unix time in seconds of a timestamp such as ``2024-03-05T07:08:09.123Z``.

    Raises:
        ValueError: `moment` is not an ISO 8601 timestamp.
    """
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()  # Python 3.10 cannot parse the Z
