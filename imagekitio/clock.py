"""Read the current time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LIMIT = 1e12  # seconds


def read_unix_time() -> float:
    """Return the Unix time in seconds. `time.time` is looked up late, so that existing clients see frozen time."""
    return time.time()


def read_now(now: float | None, clock: Callable[[], float] = read_unix_time) -> float:
    """Return the Unix time in seconds that the caller passed as `now`, or else the time of a clock.

    Raises:
        TypeError: `now` is not a number.
        ValueError: `now` is not finite, or too large to be a time in seconds.
    """
    if now is None:
        return clock()
    given: object = now
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise TypeError(f"now must be a Unix time in seconds (got {now!r})")
    if not abs(given) < _LIMIT:
        raise ValueError(f"now must be a Unix time in seconds (got {now!r})")
    return now
