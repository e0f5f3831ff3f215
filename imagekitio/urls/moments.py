"""Read points in time from arguments."""

from __future__ import annotations

from typing import Any

from .signing import NEVER

_SMALLEST_TIME = 1_000_000_000  # September 2001; a smaller number must be a span rather than a time


def read_moment(name: str, moment: object, *, span: str) -> int:
    """Return the Unix time of a moment in whole seconds.

    Args:
        name: Name of the argument, for messages.
        moment: Unix time in seconds, or an aware datetime.
        span: Argument for a span of time, for messages; ``{}`` stands for the number of seconds.
    Raises:
        TypeError: `moment` is neither a number nor a datetime.
        ValueError: `moment` is a datetime without a time zone, or a number that must be a span or milliseconds.
    """
    given: Any = moment
    if hasattr(given, "timestamp") and hasattr(given, "utcoffset"):  # a datetime, without importing datetime
        if given.utcoffset() is None:
            raise ValueError(f"{name} must have a time zone, as datetime.now(timezone.utc) does (got {moment!r})")
        given = given.timestamp()
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(f"{name} must be a Unix time in seconds or an aware datetime (got {type(moment).__name__})")
    if not _SMALLEST_TIME <= given < NEVER:
        hint = f"; for a span, pass {span.format(moment)}" if given < _SMALLEST_TIME else ", not in milliseconds"
        raise ValueError(f"{name} must be a Unix time in seconds{hint} (got {moment!r})")
    return int(given)
