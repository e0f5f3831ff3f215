"""Dates in responses and requests (ISO 8601)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

_MOMENT: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:Z|([+-])([0-9]{2}):?([0-5][0-9]))?)?"
)


def iso_date(seconds: float) -> str:
    """Return a Unix time in the format of the service: ``2024-03-05T07:08:09.123Z``."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_moment(text: str) -> float | None:
    """Return the Unix time in seconds of an ISO 8601 date or time (UTC if it has no offset); None if it is neither."""
    parts = _MOMENT.fullmatch(text)
    if parts is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, offset_hours, offset_minutes = parts.groups()
    offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
    microsecond = int((fraction or "")[:6].ljust(6, "0"))
    try:
        return datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), microsecond,
            timezone(-offset if sign == "-" else offset),
        ).timestamp()  # fmt: skip
    except ValueError:
        return None
