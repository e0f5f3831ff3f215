"""Write values as literals of the search language, escaped so that no value can become part of the syntax.

Each function takes the field's name, for messages, and a value; it returns the literal, or raises TypeError or
ValueError. Source: ImageKit docs, "Advanced search queries".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final, Literal, get_args

from ..suggestions import did_you_mean

Writer = Callable[[str, object], str]
ItemType = Literal["file", "file-version", "folder"]
FileFormat = Literal[
    "jpg", "jpeg", "webp", "png", "gif", "svg", "avif", "pdf", "js", "woff2", "woff", "ttf", "otf", "eot", "css", "txt",
    "mp4", "webm", "mov", "swf", "ts", "m3u8", "ico",
]  # fmt: skip

# The service cannot store U+0000 in text, and half of a surrogate pair cannot be encoded in UTF-8.
_NEVER_IN_TEXT: Final = re.compile("[\0\ud800-\udfff]")
_SIZE: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(kb|mb|gb)", re.ASCII | re.IGNORECASE)
_DURATION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?(s|sec|m|min|h|hr)")
_DURATION_UNITS: Final = {"s": "sec", "m": "min", "h": "hr"}  # the units in the documentation
_AGO: Final = re.compile(r"[0-9]{1,9}[hdwmy]")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.(?:[0-9]{3}){1,2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MAX_DIGITS: Final = 400  # before or after the decimal point; a float has at most 309 before it


def write_text(name: str, value: object) -> str:
    """Write a str in double quotes, with backslashes before quotes and backslashes."""
    if not isinstance(value, str):
        raise TypeError(f"{name} takes a str (got {_describe(value)})")
    if found := _NEVER_IN_TEXT.search(value):
        raise ValueError(f"{name} takes text without the character {found[0]!a} (at index {found.start()})")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_folder(name: str, value: object) -> str:
    """Write the path of a folder; leading and trailing slashes are optional, as elsewhere."""
    return write_text(name, f"/{value.strip('/')}" if isinstance(value, str) else value)


def write_number(name: str, value: object, *, or_text: str = "") -> str:
    """Write an int, float or Decimal without an exponent, which the language does not have.

    Args:
        or_text: Other values that the field accepts, for messages.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise TypeError(f"{name} takes a number{or_text} (got {_describe(value)})")
    if isinstance(value, int):
        return format(value, "d")
    number = Decimal(repr(float(value))) if isinstance(value, float) else value
    if not number.is_finite() or abs(number.adjusted()) > _MAX_DIGITS:
        raise ValueError(f"{name} takes a finite number (got {value})")
    return format(number, "f")


def write_size(name: str, value: object) -> str:
    """Write a number of bytes, or a size such as ``2mb``."""
    wanted = ' of bytes, or a size such as "10kb", "1.5mb" or "1gb"'
    if not isinstance(value, str):
        return write_number(name, value, or_text=wanted)
    found = _SIZE.fullmatch(value)
    if found is None:
        raise ValueError(f"{name} takes a number{wanted} (got {value[:40]!r})")
    return f'"{found[1]}{found[2].lower()}"'


def write_duration(name: str, value: object) -> str:
    """Write a number of seconds, a timedelta, or a duration such as ``1.5min``."""
    wanted = ' of seconds, a timedelta, or a duration such as "30sec", "1.5min" or "2hr"'
    if isinstance(value, timedelta):
        return write_number(name, value.total_seconds())
    if not isinstance(value, str):
        return write_number(name, value, or_text=wanted)
    found = _DURATION.fullmatch(value)
    if found is None:
        raise ValueError(f"{name} takes a number{wanted} (got {value[:40]!r})")
    return f'"{found[1]}{_DURATION_UNITS[found[2][0]]}"'


def write_moment(name: str, value: object) -> str:
    """Write a moment: an aware datetime, a date (its first moment in UTC), or how long before now.

    A timedelta is written as text such as ``"7d"``, which the service subtracts from its current time on each search,
    so a stored query stays up to date. The language counts in whole hours.
    """
    wanted = 'an aware datetime, a date, a timedelta before now, or text such as "7d" or "2024-03-05T07:08:09Z"'
    if isinstance(value, str):
        if _AGO.fullmatch(value):
            return f'"{value}"'
        if not _MOMENT.fullmatch(value):
            raise ValueError(f"{name} takes {wanted} (got {value[:40]!r})")
        try:
            value = _read_moment(value)
        except ValueError as exc:
            raise ValueError(f"{name} takes {wanted} (got {value!r}: {exc})") from exc
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError(
                f"{name} takes datetimes with a time zone, such as datetime.now(timezone.utc) (got {value!r})"
            )
        try:
            utc = value.astimezone(timezone.utc)
        except OverflowError as exc:
            raise ValueError(f"{name} takes moments between the years 1 and 9999 in UTC (got {value!r})") from exc
        return f'"{utc.replace(tzinfo=None).isoformat()}"'
    if isinstance(value, date):
        return f'"{value.isoformat()}"'
    if isinstance(value, timedelta):
        hours, rest = divmod(value, timedelta(hours=1))
        if hours < 0 or rest:
            raise ValueError(f"{name} takes whole hours before now as a timedelta (got {value!r})")
        return f'"{hours}h"' if hours % 24 else f'"{hours // 24}d"'
    raise TypeError(f"{name} takes {wanted} (got {_describe(value)})")


def write_bool(name: str, value: object) -> str:
    """Write a bool."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} takes True or False (got {_describe(value)})")
    return "true" if value else "false"


def write_type(name: str, value: object) -> str:
    """Write a type of items."""
    return _write_choice(name, value, get_args(ItemType))


def write_format(name: str, value: object) -> str:
    """Write a file format; ``jpeg`` is the ``jpg`` of the documentation."""
    literal = _write_choice(name, value, get_args(FileFormat))
    return '"jpg"' if literal == '"jpeg"' else literal


def write_custom(name: str, value: object) -> str:
    """Write a value of a custom metadata field, whose type only the account knows."""
    if isinstance(value, bool):
        return write_bool(name, value)
    if isinstance(value, str):
        return write_text(name, value)
    return _write_number_or_moment(name, value, "a str, a bool, a number")


def write_ordered_custom(name: str, value: object) -> str:
    """Write a value that ``<``, ``<=``, ``>`` or ``>=`` compares with a custom metadata field of numbers or dates."""
    if isinstance(value, bool):
        raise TypeError(f"{name} takes a bool with == and in_() only")
    return _write_number_or_moment(name, value, "a number with <, <=, > and >=")


def write_place(name: str, latitude: float, longitude: float) -> str:
    """Write a place in degrees, without quotes: it is part of a literal."""
    for what, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        _check_number(name, what, value, -most, most)
    return f"{_round(latitude)},{_round(longitude)}"


def write_kilometres(name: str, radius_km: float) -> str:
    """Write a radius, without quotes: it is part of a literal."""
    _check_number(name, "radius_km", radius_km, 0, 20_040)  # half of the earth's circumference
    return f"{_round(radius_km)}km"


def _write_number_or_moment(name: str, value: object, wanted: str) -> str:
    if isinstance(value, (str, date, timedelta)):
        return write_moment(name, value)
    if isinstance(value, (int, float, Decimal)):
        return write_number(name, value)
    raise TypeError(f"{name} takes {wanted}, an aware datetime, a date or a timedelta (got {_describe(value)})")


def _write_choice(name: str, value: object, known: Collection[str]) -> str:
    literal = write_text(name, value)
    if value not in known:
        got = str(value)[:40]
        raise ValueError(f"{name} cannot be {got!r}{did_you_mean(got, known)}")
    return literal


def _read_moment(text: str) -> date:
    """Read an ISO 8601 date, or a time, which is in UTC unless it has an offset."""
    if "T" not in text:
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 cannot parse the Z
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def _check_number(name: str, what: str, value: float, least: int, most: int) -> None:
    write_number(f"{what} of {name}", value)
    if not least <= value <= most:
        raise ValueError(f"{what} of {name} must be from {least} to {most} (got {value})")


def _round(value: float) -> str:
    # Nine digits of a degree are a tenth of a millimetre, which is more precise than any GPS data.
    return f"{value:.9f}".rstrip("0").rstrip(".")


def _describe(value: object) -> str:
    return "None" if value is None else type(value).__name__
