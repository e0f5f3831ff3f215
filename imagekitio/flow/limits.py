"""How long an attempt may take, and how much of an answer is read."""

from __future__ import annotations

import time

from ..exceptions import TimeoutException, UnknownException

# An answer of the service is JSON; even 1000 files with all their metadata stay far below.
MAX_ANSWER_BYTES = 64 * 1024 * 1024


class Deadline:
    """The moment at which something is given up that would otherwise go on as long as a little happens now and then.

    Args:
        what: Method and URL of the request, without its query.
        seconds: How long it may take from now on; None sets no limit.
    """

    def __init__(self, what: str, seconds: float | None) -> None:
        self._what, self._seconds = what, seconds
        self._give_up_at = None if seconds is None else time.perf_counter() + seconds

    def check(self) -> None:
        """Raise a TimeoutException when it has passed."""
        if self._give_up_at is not None and time.perf_counter() > self._give_up_at:
            raise TimeoutException(f"{self._what}: not complete within {self._seconds:g} s")


class AnswerBody:
    """Collects the body of an answer block by block, unpacked.

    Args:
        what: Method and URL of the request, without its query.
        deadlines: Limits for the whole body; the read timeout applies to each block.
    """

    def __init__(self, what: str, *deadlines: Deadline) -> None:
        self._what, self._deadlines = what, deadlines
        self._blocks: list[bytes] = []
        self._size_bytes = 0

    def add(self, block: bytes) -> None:
        """Take the next block.

        Raises:
            TimeoutException: The blocks arrive in time, but so slowly that the whole body does not.
            UnknownException: There is more than any answer of the service has.
        """
        self._blocks.append(block)
        self._size_bytes += len(block)
        if self._size_bytes > MAX_ANSWER_BYTES:
            raise UnknownException(f"{self._what}: the answer is larger than {MAX_ANSWER_BYTES >> 20} MiB")
        for deadline in self._deadlines:
            deadline.check()

    def discard(self) -> None:
        """Drop the blocks: the traceback of a failure would keep them alive through the next attempts."""
        self._blocks.clear()

    def join(self) -> bytes:
        """Return the whole body."""
        return self._blocks[0] if len(self._blocks) == 1 else b"".join(self._blocks)
