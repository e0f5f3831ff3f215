"""Rate limits that all calls of one client share, so that none keeps sending while another waits."""

from __future__ import annotations

import os
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from .service import Pace


@dataclass
class _State:
    """When the next request may be sent, the time between requests, and the interval in which they are counted."""

    next_at: float
    spacing_seconds: float
    interval_seconds: float

    def is_over(self, now: float) -> bool:
        return now > self.next_at + self.interval_seconds


class Pacing:
    """The pacing of requests under a rate limit that was reached, according to the response with status 429.

    A service allows a number of requests per interval; `Service.rate_limit_of` defines which ones it counts together.
    After the requested wait, requests are spaced as the limit allows, in whichever thread, until they are so rare that
    they no longer approach the limit. Any thread may call any method.
    """

    def __init__(self) -> None:
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Start over, with a new lock: a thread may have held the old one when the process forked."""
        self._lock = threading.Lock()
        self._states: dict[Hashable, _State] = {}

    def __reduce__(self) -> tuple[type[Pacing], tuple[()]]:
        return Pacing, ()  # its times have no meaning in another process

    def wait_seconds(self, limit: Hashable, now: float) -> float:
        """Return how many seconds a request under this limit has to wait; the next one waits longer."""
        if not self._states:
            return 0.0
        with self._lock:
            state = self._states.get(limit)
            if state is None:
                return 0.0
            if state.is_over(now):
                del self._states[limit]
                return 0.0
            sent_at = max(now, state.next_at)
            state.next_at = sent_at + state.spacing_seconds
            return sent_at - now

    def close(self, limit: Hashable, pace: Pace, seconds: float, now: float) -> None:
        """Hold back all requests under this limit for some seconds, and space the following ones."""
        with self._lock:
            self._states = {key: state for key, state in self._states.items() if not state.is_over(now)}
            state = self._states.setdefault(limit, _State(0.0, 0.0, 0.0))
            state.next_at = max(state.next_at, now + seconds)
            # If several limits apply, the slowest is kept.
            if pace.spacing_seconds >= state.spacing_seconds:
                state.spacing_seconds, state.interval_seconds = pace


_all: weakref.WeakSet[Pacing] = weakref.WeakSet()


def _forget_after_fork() -> None:
    for pacing in _all:
        pacing.forget()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forget_after_fork)
