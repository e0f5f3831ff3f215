"""Requests a minute with one API key (img-src API, "Rate limits")."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, NamedTuple

from ...base.errors import ApiError
from ...web.ratelimit import check_limits
from .quotas import limit_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...base.clock import Clock
    from ...web.ratelimit import Limit


class TooManyRequestsError(ApiError):
    """429 because of too many requests in a minute, with the seconds to wait."""

    def __init__(self, headers: Mapping[str, str], seconds: int) -> None:
        super().__init__(429, "Too many requests")
        self.headers: Mapping[str, str] = {**headers, "Retry-After": str(seconds)}


class _Window(NamedTuple):
    ends_at: float  # Unix time in seconds, to the millisecond as the clock tells it
    requests: int


class KeyLimits:
    """Counts the requests of each API key, all operations together.

    A window begins with the first request after the last one. Requests that are refused do not count. Headers have
    whole seconds, rounded so that a client which waits for so long, or until then, is served. Any thread may call any
    method.

    Args:
        requests_per_minute: The limit to begin with, and after `reset`; None is no limit.
        clock: The server's: a frozen clock keeps a limit that was hit, until it is moved.
    """

    def __init__(self, requests_per_minute: int | None, clock: Clock) -> None:
        self._initial = () if requests_per_minute is None else ((requests_per_minute, 60.0),)
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limit, if there is one."""
        return self._limits

    def set(self, *limits: Limit) -> None:
        """Replace the limit by a pair of requests and seconds, and count anew; without a pair there is no limit.

        Raises:
            ValueError: A limit is not valid, or there is more than one: the service has one.
        """
        checked = check_limits(limits)
        if len(checked) > 1:
            raise ValueError(f"img-src has one rate limit, such as (500, 60) (got {len(checked)} limits)")
        with self._lock:
            self._limits: tuple[Limit, ...] = checked
            self._windows: dict[str, _Window] = {}

    def reset(self) -> None:
        """Go back to the limit of the start, and count anew."""
        self.set(*self._initial)

    def count(self, key: str) -> Mapping[str, str]:
        """Count a request; return the headers of its answer.

        Raises:
            TooManyRequestsError: There were too many before it.
        """
        with self._lock:
            if not self._limits:
                return {}
            ((most, seconds),) = self._limits
            now = self._clock.time()
            window = self._windows.get(key)
            # A clock that was moved back must not make anybody wait for longer than a window lasts.
            if window is None or not 0 < window.ends_at - now <= seconds + 1:
                window = _Window(round(now + seconds, 3), 0)
            resets_at = math.ceil(window.ends_at)
            if window.requests >= most:
                # Without rounding, a hair of a float would make a whole second more of it.
                wait = math.ceil(round(window.ends_at - now, 3))
                raise TooManyRequestsError(limit_headers(most, 0, resets_at), wait)
            window = self._windows[key] = window._replace(requests=window.requests + 1)
            return limit_headers(most, most - window.requests, resets_at)

    def describe(self) -> Mapping[str, str]:
        """Return the headers of an answer to a request that does not count: those of a window without requests."""
        limits = self._limits
        return {
            name: text
            for most, seconds in limits
            for name, text in limit_headers(most, most, math.ceil(self._clock.time() + seconds)).items()
        }
