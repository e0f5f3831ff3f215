"""Timestamps in the format of the service: ISO 8601 in UTC."""

from __future__ import annotations

from datetime import datetime, timezone


def to_datetime(moment: str) -> datetime:
    """Return a timestamp such as ``2024-03-05T07:08:09.123Z`` as an aware datetime.

    Raises:
        ValueError: `moment` is not an ISO 8601 timestamp.
    """
    if not isinstance(moment, str):
        raise ValueError(f"a timestamp must be text in ISO 8601 (got {moment!r})")
    found = datetime.fromisoformat(moment.replace("Z", "+00:00"))  # Python 3.10 cannot parse the Z
    return found if found.tzinfo is not None else found.replace(tzinfo=timezone.utc)


def to_unix_time(moment: str) -> float:
    """Return the Unix time in seconds of a timestamp; raises what `to_datetime` raises."""
    return to_datetime(moment).timestamp()
