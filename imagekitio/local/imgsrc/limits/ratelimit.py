"""The limit of requests per minute for each API key (img-src API, "Rate limits")."""

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
    ends_at: float  # Unix time in seconds, rounded to milliseconds like the clock
    requests: int


class KeyLimits:
    """A thread-safe counter of the requests with each API key, for all operations together.

    A window begins with the first request after the last window. Refused requests do not count. Headers have whole
    seconds, rounded up so that a client which waits that long is served.

    Args:
        requests_per_minute: Limit at the start and after `reset`; None means no limit.
        clock: Clock of the server; while it is frozen, an exceeded limit stays exceeded.
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
        """Replace the limit with a pair of requests and seconds, and restart counting; without one there is no limit.

        Raises:
            ValueError: A limit is not valid, or there is more than one, as the service has only one.
        """
        checked = check_limits(limits)
        if len(checked) > 1:
            raise ValueError(f"img-src has one rate limit, such as (500, 60) (got {len(checked)} limits)")
        with self._lock:
            self._limits: tuple[Limit, ...] = checked
            self._windows: dict[str, _Window] = {}

    def reset(self) -> None:
        """Restore the initial limit, and restart counting."""
        self.set(*self._initial)

    def count(self, key: str) -> Mapping[str, str]:
        """Count a request; return the headers of its response.

        Raises:
            TooManyRequestsError: The limit is exceeded.
        """
        with self._lock:
            if not self._limits:
                return {}
            ((most, seconds),) = self._limits
            now = self._clock.time()
            window = self._windows.get(key)
            # After the clock was moved back, clients must not wait longer than a window lasts.
            if window is None or not 0 < window.ends_at - now <= seconds + 1:
                window = _Window(round(now + seconds, 3), 0)
            resets_at = math.ceil(window.ends_at)
            if window.requests >= most:
                # Without rounding, a floating-point error would add a whole second.
                wait = math.ceil(round(window.ends_at - now, 3))
                raise TooManyRequestsError(limit_headers(most, 0, resets_at), wait)
            window = self._windows[key] = window._replace(requests=window.requests + 1)
            return limit_headers(most, most - window.requests, resets_at)

    def describe(self) -> Mapping[str, str]:
        """Return the headers of a response to a request that does not count, as if no requests had been made."""
        limits = self._limits
        return {
            name: text
            for most, seconds in limits
            for name, text in limit_headers(most, most, math.ceil(self._clock.time() + seconds)).items()
        }
