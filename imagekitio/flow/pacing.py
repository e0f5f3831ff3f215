"""Rate limits that all calls of one client know of, so that none keeps sending while another waits."""

from __future__ import annotations

import os
import re
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..operations.core import Request, Response

_ID = re.compile(r"/[0-9a-f]{24}(?=/|$)")


@dataclass
class _Pace:
    """When the next request may be sent, the time between requests, and the interval in which they are counted."""

    next_at: float
    spacing_seconds: float
    interval_seconds: float

    def is_over(self, now: float) -> bool:
        return now > self.next_at + self.interval_seconds


class Pacing:
    """Spaces the requests to an endpoint that answered 429, as the headers of that answer say.

    The service allows so many requests in an interval, per account and endpoint (ImageKit docs, "Rate limits"). After
    the wait that it asked for, requests are sent as far apart as that limit allows, whichever thread sends them, until
    they have become so rare that the limit is no longer in reach. Any thread may call any method.
    """

    def __init__(self) -> None:
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Start again, without a lock that a thread may have held when the process forked."""
        self._lock = threading.Lock()
        self._paces: dict[tuple[str, str, str], _Pace] = {}

    def __reduce__(self) -> tuple[type[Pacing], tuple[()]]:
        return Pacing, ()  # its moments mean nothing in another process

    def wait_seconds(self, request: Request, now: float) -> float:
        """Return how many seconds this request has to wait; the next one waits longer."""
        if not self._paces:
            return 0.0
        endpoint = _endpoint(request)
        with self._lock:
            pace = self._paces.get(endpoint)
            if pace is None:
                return 0.0
            if pace.is_over(now):
                del self._paces[endpoint]
                return 0.0
            sent_at = max(now, pace.next_at)
            pace.next_at = sent_at + pace.spacing_seconds
            return sent_at - now

    def close(self, request: Request, response: Response, seconds: float, now: float) -> None:
        """Hold back all requests to this endpoint for so many seconds."""
        count = _read_whole_number(response, "x-ratelimit-limit")
        interval_seconds = _read_whole_number(response, "x-ratelimit-interval") / 1000
        spacing_seconds = interval_seconds / count if count else 0.0
        with self._lock:
            self._paces = {endpoint: pace for endpoint, pace in self._paces.items() if not pace.is_over(now)}
            pace = self._paces.setdefault(_endpoint(request), _Pace(0.0, 0.0, 0.0))
            pace.next_at = max(pace.next_at, now + seconds)
            # The slowest of several limits that hold at once is the one to keep.
            if spacing_seconds >= pace.spacing_seconds:
                pace.spacing_seconds, pace.interval_seconds = spacing_seconds, interval_seconds


def _endpoint(request: Request) -> tuple[str, str, str]:
    return request.host, request.method, _ID.sub("/*", request.path_to_show)


def _read_whole_number(response: Response, header: str) -> float:
    text = response.headers.get(header, "")
    # A longer number can only be a mistake, and would hold requests back permanently.
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0.0


_all: weakref.WeakSet[Pacing] = weakref.WeakSet()


def _forget_after_fork() -> None:
    for pacing in _all:
        pacing.forget()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forget_after_fork)
