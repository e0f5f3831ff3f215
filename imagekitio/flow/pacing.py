"""What the calls of one client tell each other about rate limits, so that none hammers while another waits."""

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
    """When the next request may be sent, how far apart they go, and how long the service counts them together."""

    next_at: float
    spacing_seconds: float
    interval_seconds: float


class Pacing:
    """Spaces the requests to an endpoint that answered 429, as the headers of that answer say.

    Limits count per account and endpoint (ImageKit docs, "Rate limits"): so many requests in an interval. After the
    wait that the service asked for, requests go as far apart as that limit allows, whoever sends them, until they come
    so rarely that the limit is out of sight. Any thread may call any method.
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
        """Return how long this request is to wait; the next one waits longer."""
        if not self._paces:
            return 0.0
        endpoint = _endpoint(request)
        with self._lock:
            pace = self._paces.get(endpoint)
            if pace is None:
                return 0.0
            if now > pace.next_at + pace.interval_seconds:
                del self._paces[endpoint]
                return 0.0
            sent_at = max(now, pace.next_at)
            pace.next_at = sent_at + pace.spacing_seconds
            return sent_at - now

    def close(self, request: Request, response: Response, seconds: float, now: float) -> None:
        """Let no request to this endpoint through for so long."""
        count = _whole_number(response, "x-ratelimit-limit")
        interval_seconds = _whole_number(response, "x-ratelimit-interval") / 1000
        spacing_seconds = interval_seconds / count if count else 0.0
        with self._lock:
            pace = self._paces.setdefault(_endpoint(request), _Pace(0.0, 0.0, 0.0))
            pace.next_at = max(pace.next_at, now + seconds)
            # The slowest of several limits that hold at once is the one to keep.
            if spacing_seconds >= pace.spacing_seconds:
                pace.spacing_seconds, pace.interval_seconds = spacing_seconds, interval_seconds


def _endpoint(request: Request) -> tuple[str, str, str]:
    path = request.path.partition("?")[0]
    return request.host, request.method, _ID.sub("/*", path)


def _whole_number(response: Response, header: str) -> float:
    text = response.headers.get(header, "")
    # Longer numbers can only be mistakes, and a pace made of them would last for ever.
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0.0


_all: weakref.WeakSet[Pacing] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    for pacing in _all:
        pacing.forget()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork_in_child)
