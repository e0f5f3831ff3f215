"""Renderings in progress, each shared by all requests that wait for it."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..base.threads import run_in_thread
from ..rendering import Cancellation

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive

    from ..rendering import Rendered


@dataclass
class _InProgress:
    task: asyncio.Task[Rendered]
    cancellation: Cancellation
    waiting: int = 0


class SharedWork:
    """Renders in threads, only once for simultaneous requests. Only the event loop may use it."""

    def __init__(self) -> None:
        self._in_progress: dict[str, _InProgress] = {}
        # One more than the processors, so that none is idle while the next picture is read.
        self._turns = asyncio.Semaphore((os.cpu_count() or 1) + 1)

    async def wait_for(self, etag: str, work: Callable[[Cancellation], Rendered], receive: Receive) -> Rendered | None:
        """Return the result of `work`, which stops when the last client that waits for it disconnects.

        Args:
            etag: Key of the rendition.
            work: Function that renders it in a thread.
            receive: ASGI function that receives messages from the client.

        Returns:
            The rendition, or None if this client disconnected.

        Raises:
            TransformationError: `work` refused the transformation.
        """
        in_progress = self._in_progress.get(etag) or self._start(etag, work)
        in_progress.waiting += 1
        disconnected = asyncio.ensure_future(_wait_for_disconnect(receive))
        try:
            await asyncio.wait({in_progress.task, disconnected}, return_when=asyncio.FIRST_COMPLETED)
            return await in_progress.task if in_progress.task.done() else None
        finally:
            disconnected.cancel()
            in_progress.waiting -= 1
            if not in_progress.waiting and not in_progress.task.done():
                self._forget(etag, in_progress)  # later requests start a new rendering
                in_progress.cancellation.cancel()

    def _start(self, etag: str, work: Callable[[Cancellation], Rendered]) -> _InProgress:
        cancellation = Cancellation()
        task = asyncio.ensure_future(self._in_turn(work, cancellation))
        in_progress = self._in_progress[etag] = _InProgress(task, cancellation)
        task.add_done_callback(lambda _: self._forget(etag, in_progress))
        return in_progress

    async def _in_turn(self, work: Callable[[Cancellation], Rendered], cancellation: Cancellation) -> Rendered:
        async with self._turns:
            return await run_in_thread(work, cancellation)

    def _forget(self, etag: str, in_progress: _InProgress) -> None:
        if in_progress.task.done() and not in_progress.task.cancelled():
            in_progress.task.exception()  # asyncio would log an exception that was never retrieved
        if self._in_progress.get(etag) is in_progress:
            del self._in_progress[etag]


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
