"""Rate limits, for those who want to see their application meet them; off by default (ImageKit docs, "Rate limits")."""

from __future__ import annotations

import math
import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Protocol

from ..base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from ..base.clock import Clock

Limit = tuple[int, float]  # requests, in so many seconds


class Limiter(Protocol):
    """The rate limits of a service, as they can be seen and set. Any thread may call any method."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits that hold now."""
        ...

    def set(self, *limits: Limit) -> None:
        """Replace all limits, and count anew.

        Raises:
            ValueError: A limit is not valid.
        """

    def reset(self) -> None:
        """Go back to the limits of the start, and count anew."""


class RateLimitError(ApiError):
    """429 with the headers that describe the limit that was hit."""

    def __init__(self, limit: Limit, reset_ms: int) -> None:
        count, seconds = limit
        super().__init__(
            429, f"The rate limit of {count} requests in {seconds:g} seconds for this endpoint is reached."
        )
        self.headers: Mapping[str, str] = _headers(limit, reset_ms)


class RateLimits:
    """Counts the requests of the management API, each endpoint for itself, in windows that slide.

    Several limits hold at once. Requests that are refused do not count. Uploads and deliveries are not limited, as the
    service does not limit them. Any thread may call any method.

    Args:
        limits: The limits to begin with, and after `reset`: pairs of requests and seconds, such as ``(100, 1)``.
        clock: Local ImageKit's: a frozen clock keeps a limit that was hit, until it is moved.
        shows_headers: Whether answers that are no 429 have the headers too.
    Raises:
        ValueError: A limit is not valid.
    """

    def __init__(self, limits: Iterable[Limit], clock: Clock, *, shows_headers: bool = False) -> None:
        self._initial = check_limits(limits)
        self._clock, self._shows_headers = clock, shows_headers
        self._lock = threading.Lock()
        self.reset()

    @property
    def limits(self) -> tuple[Limit, ...]:
        return self._limits

    def set(self, *limits: Limit) -> None:
        """Replace all limits by pairs of requests and seconds, and count anew; without any there is no limit.

        Raises:
            ValueError: A limit is not valid.
        """
        checked = check_limits(limits)
        with self._lock:
            self._limits: tuple[Limit, ...] = checked
            self._times: defaultdict[tuple[Limit, Hashable], deque[float]] = defaultdict(deque)

    def reset(self) -> None:
        """Go back to the limits of the start, and count anew."""
        self.set(*self._initial)

    def count(self, endpoint: Hashable) -> Mapping[str, str]:
        """Count a request; return the headers of its answer.

        Raises:
            RateLimitError: There were too many before it.
        """
        if not self._limits:
            return {}
        with self._lock:
            now = self._clock.time()
            windows = [(limit, self._times[limit, endpoint]) for limit in self._limits]
            for (_, seconds), times in windows:
                while times and times[0] <= now - seconds:
                    times.popleft()
            # Of several that are hit, the one that lasts longest: after less than that, the next request fails too.
            waits = [(times[0] + limit[1] - now, limit) for limit, times in windows if len(times) >= limit[0]]
            if waits:
                seconds, limit = max(waits)
                raise RateLimitError(limit, max(1, math.ceil(seconds * 1000)))
            for _, times in windows:
                times.append(now)
            if not self._shows_headers:
                return {}
            limit, times = min(windows, key=lambda window: window[0][0] - len(window[1]))
            wait = times[0] + limit[1] - now if len(times) >= limit[0] else 0
            return _headers(limit, max(0, math.ceil(wait * 1000)))


def check_limits(limits: Iterable[Limit]) -> tuple[Limit, ...]:
    """Return the limits as numbers.

    Raises:
        ValueError: One of them is not a pair of requests and seconds; the message shows one.
    """
    checked: list[Limit] = []
    for limit in limits:
        try:
            count, seconds = limit
            if isinstance(count, bool) or int(count) != count or count < 1 or not 0 < float(seconds) < math.inf:
                raise ValueError
        except (TypeError, ValueError):
            raise ValueError(
                f"a rate limit is a pair of requests and seconds, such as (100, 1) (got {limit!r})"
            ) from None
        checked.append((int(count), float(seconds)))
    return tuple(checked)


def _headers(limit: Limit, reset_ms: int) -> dict[str, str]:
    count, seconds = limit
    return {
        "X-RateLimit-Limit": str(count),
        "X-RateLimit-Interval": str(round(seconds * 1000)),
        "X-RateLimit-Reset": str(reset_ms),
    }
