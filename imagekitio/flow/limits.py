"""Limits for the duration of an attempt and for the size of a response."""

from __future__ import annotations

import time

from ..exceptions import TimeoutException, UnknownException

# Responses are JSON; even 1000 files with all their metadata stay far below this.
MAX_RESPONSE_BYTES = 64 * 1024 * 1024


class Deadline:
    """A time limit for an exchange that could otherwise go on as long as a few bytes arrive now and then.

    Args:
        what: Method and URL of the request, without its query.
        seconds: Limit in seconds from now; None sets no limit.
    """

    def __init__(self, what: str, seconds: float | None) -> None:
        self._what, self._seconds = what, seconds
        self._give_up_at = None if seconds is None else time.perf_counter() + seconds

    def check(self) -> None:
        """Raise a TimeoutException if the limit has passed."""
        if self._give_up_at is not None and time.perf_counter() > self._give_up_at:
            raise TimeoutException(f"{self._what}: not complete within {self._seconds:g} s")


class ResponseBody:
    """A collector of a decoded response body, block by block.

    Args:
        what: Method and URL of the request, without its query.
        deadlines: Limits for the whole body; the read timeout applies to each block.
    """

    def __init__(self, what: str, *deadlines: Deadline) -> None:
        self._what, self._deadlines = what, deadlines
        self._blocks: list[bytes] = []
        self._size_bytes = 0

    def add(self, block: bytes) -> None:
        """Add the next block.

        Raises:
            TimeoutException: The blocks arrive in time, but too slowly for the whole body.
            UnknownException: The body is larger than any response of the service.
        """
        self._blocks.append(block)
        self._size_bytes += len(block)
        if self._size_bytes > MAX_RESPONSE_BYTES:
            raise UnknownException(f"{self._what}: the response is larger than {MAX_RESPONSE_BYTES >> 20} MiB")
        for deadline in self._deadlines:
            deadline.check()

    def discard(self) -> None:
        """Drop the blocks: the traceback of a failure would keep them alive through the next attempts."""
        self._blocks.clear()

    def join(self) -> bytes:
        """Return the whole body."""
        return self._blocks[0] if len(self._blocks) == 1 else b"".join(self._blocks)
