"""Rate limits, to test how applications handle them; off by default (ImageKit docs, "Rate limits")."""

from __future__ import annotations

import math
import threading
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Protocol

from ..base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from ..base.clock import Clock

Limit = tuple[int, float]  # requests and seconds


class Limiter(Protocol):
    """The thread-safe rate limits of a service."""

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The current limits."""
        ...

    def set(self, *limits: Limit) -> None:
        """Replace all limits, and restart counting.

        Raises:
            ValueError: A limit is not valid.
        """

    def reset(self) -> None:
        """Restore the initial limits, and restart counting."""


class RateLimitError(ApiError):
    """A 429 with the headers that describe the exceeded limit."""

    def __init__(self, limit: Limit, reset_ms: int) -> None:
        count, seconds = limit
        super().__init__(
            429, f"You have reached the rate limit of this endpoint: {count} requests in {seconds:g} seconds."
        )
        self.headers: Mapping[str, str] = _headers(limit, reset_ms)


class RateLimits:
    """A thread-safe counter of the requests of the management API, for each endpoint, in sliding windows.

    Several limits can apply at the same time. Refused requests do not count. Uploads and deliveries are not limited, as
    in the service.

    Args:
        limits: Limits at the start and after `reset`: pairs of requests and seconds, such as ``(100, 1)``.
        clock: Clock of local ImageKit; while it is frozen, an exceeded limit stays exceeded.
        shows_headers: Whether responses other than a 429 have the headers too.
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
        """Replace all limits with pairs of requests and seconds, and restart counting; without any there is no limit.

        Raises:
            ValueError: A limit is not valid.
        """
        checked = check_limits(limits)
        with self._lock:
            self._limits: tuple[Limit, ...] = checked
            self._times: defaultdict[tuple[Limit, Hashable], deque[float]] = defaultdict(deque)

    def reset(self) -> None:
        """Restore the initial limits, and restart counting."""
        self.set(*self._initial)

    def count(self, endpoint: Hashable) -> Mapping[str, str]:
        """Count a request; return the headers of its response.

        Raises:
            RateLimitError: A limit is exceeded.
        """
        if not self._limits:
            return {}
        with self._lock:
            now = self._clock.time()
            windows = [(limit, self._times[limit, endpoint]) for limit in self._limits]
            for (_, seconds), times in windows:
                while times and times[0] <= now - seconds:
                    times.popleft()
            # If several limits are exceeded, report the longest wait: before its end, the request would fail again.
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
        ValueError: A limit is not a pair of requests and seconds; the message shows an example.
    """
    checked: list[Limit] = []
    for limit in limits:
        try:
            count, seconds = limit
            if isinstance(count, bool) or int(count) != count or count < 1 or not 0 < float(seconds) < math.inf:
                raise ValueError
        except (TypeError, ValueError):
            raise ValueError(
                f"a rate limit must be a pair of requests and seconds, such as (100, 1) (got {limit!r})"
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
