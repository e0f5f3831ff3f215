"""How much of an answer is read, and for how long."""

from __future__ import annotations

import time

from ..exceptions import TimeoutException, UnknownException
from .settings import MAX_ANSWER_BYTES


class AnswerBody:
    """Takes the body of an answer block by block, unpacked.

    Args:
        what: Method and URL of the request, without its query.
        read_seconds: From now on, for the whole body.
    """

    def __init__(self, what: str, read_seconds: float) -> None:
        self._what = what
        self._read_seconds = read_seconds
        self._give_up_at = time.perf_counter() + read_seconds
        self._blocks: list[bytes] = []
        self._size_bytes = 0

    def add(self, block: bytes) -> None:
        """Take the next block.

        Raises:
            TimeoutException: They come drop by drop: each is there before the read timeout, the whole is not.
            UnknownException: They are more than any answer of the service has.
        """
        self._blocks.append(block)
        self._size_bytes += len(block)
        if self._size_bytes > MAX_ANSWER_BYTES:
            raise UnknownException(f"{self._what}: the answer is larger than {MAX_ANSWER_BYTES >> 20} MiB")
        if time.perf_counter() > self._give_up_at:
            raise TimeoutException(f"{self._what}: the answer was not complete within {self._read_seconds:g} s")

    def discard(self) -> None:
        """Let go of the blocks: the traceback of what ended the answer would keep them through the next attempts."""
        self._blocks.clear()

    def whole(self) -> bytes:
        return self._blocks[0] if len(self._blocks) == 1 else b"".join(self._blocks)
