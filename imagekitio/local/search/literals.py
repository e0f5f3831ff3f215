"""The interpretation of values: numbers, booleans, times, sizes and durations.

Source: ImageKit docs, "Advanced search queries". A value that does not have the type of the field is an error:
``"800"`` is not a number.
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from ..base.dates import parse_moment
from .syntax import expected_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .syntax import Value

_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_QUANTITY: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)", re.IGNORECASE)
_AGO: Final = re.compile(r"([0-9]{1,9})([hdwmy])")

SIZE_UNITS: Final[Mapping[str, int]] = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}  # bytes
DURATION_UNITS: Final[Mapping[str, int]] = {
    "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600,
}  # fmt: skip


def number(value: Value) -> int | float:
    """Return a number, which must be written without quotes."""
    found = as_number(value)
    if found is None:
        raise expected_error("a number without quotes", value)
    return found


def as_number(value: Value) -> int | float | None:
    """Return `value` as a number, or None if it is not one."""
    if value.quoted or not _NUMBER.fullmatch(value.text):
        return None
    return _numeric(value.text)


def boolean(value: Value) -> bool:
    """Return a boolean from ``true`` or ``false``, regardless of case and quotes."""
    word = value.text.lower()
    if word not in ("true", "false"):
        raise expected_error("true or false", value)
    return word == "true"


def size_bytes(value: Value) -> int | float:
    """Return bytes from a number, or from a size with a unit such as ``1.5mb``; units are powers of 1024."""
    return _quantity(value, SIZE_UNITS, 'bytes as a number, or a size such as "10kb", "1.5mb" or "1gb"')


def duration_seconds(value: Value) -> int | float:
    """Return seconds from a number, or from a duration with a unit such as ``1.5min``."""
    return _quantity(value, DURATION_UNITS, 'seconds as a number, or a duration such as "30sec", "1.5min" or "2hr"')


def moment(value: Value, now: datetime) -> float:
    """Return the Unix time in seconds of a date, or of a time relative to `now`."""
    try:
        ago = _AGO.fullmatch(value.text)
        at = parse_moment(value.text) if ago is None else before(now, int(ago[1]), ago[2]).timestamp()
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise expected_error(
            'a date such as "2024-03-05" or "2024-03-05T07:08:09", or a time before now such as "7d" '
            "(hours h, days d, weeks w, months m, years y), in the years 1 to 9999",
            value,
        )
    return at


def before(now: datetime, count: int, unit: str) -> datetime:
    """Return the time `count` hours, days, weeks, months or years (the unit's first letter) before `now`.

    Months and years follow the calendar: the result is the same day of the month, or its last if the month is shorter.

    Raises:
        ValueError, OverflowError: The result is before the year 1.
    """
    if unit == "h":
        return now - timedelta(hours=count)
    if unit in "dw":
        return now - timedelta(days=count * (7 if unit == "w" else 1))
    months = now.year * 12 + now.month - 1 - count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    if year < 1:
        raise ValueError(f"{count}{unit} before {now} is before the year 1")
    return now.replace(year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1]))


def _quantity(value: Value, units: Mapping[str, int], what: str) -> int | float:
    if (plain := as_number(value)) is not None:
        return plain
    quantity = _QUANTITY.fullmatch(value.text)
    if quantity is None or quantity[2].lower() not in units:
        raise expected_error(what, value)
    return _numeric(quantity[1]) * units[quantity[2].lower()]


def _numeric(text: str) -> int | float:
    # With 15 digits, the product with a unit fits in SQLite's 64 bits.
    return int(text) if len(text) <= 15 and "." not in text else float(text)
