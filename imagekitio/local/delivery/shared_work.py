"""Renderings under way, each shared by all requests that wait for it."""

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
class _UnderWay:
    task: asyncio.Task[Rendered]
    cancellation: Cancellation
    waiting: int = 0


class SharedWork:
    """Renders in threads, once however many ask at the same time. Used by the event loop alone."""

    def __init__(self) -> None:
        self._under_way: dict[str, _UnderWay] = {}
        # One more than there are processors, which then need not wait for the next picture to be fetched.
        self._turns = asyncio.Semaphore((os.cpu_count() or 1) + 1)

    async def wait_for(self, etag: str, work: Callable[[Cancellation], Rendered], receive: Receive) -> Rendered | None:
        """Return what `work` renders; the rendering stops when the last client that waits for it hangs up.

        Args:
            etag: The name of the rendition.
            work: Renders it. It runs in a thread.
            receive: What the client sends.

        Returns:
            The rendition; None when this client hung up.

        Raises:
            TransformationError: `work` refused.
        """
        under_way = self._under_way.get(etag) or self._start(etag, work)
        under_way.waiting += 1
        hung_up = asyncio.ensure_future(_wait_for_hang_up(receive))
        try:
            await asyncio.wait({under_way.task, hung_up}, return_when=asyncio.FIRST_COMPLETED)
            return await under_way.task if under_way.task.done() else None
        finally:
            hung_up.cancel()
            under_way.waiting -= 1
            if not under_way.waiting and not under_way.task.done():
                self._forget(etag, under_way)  # whoever asks from now on starts anew
                under_way.cancellation.cancel()

    def _start(self, etag: str, work: Callable[[Cancellation], Rendered]) -> _UnderWay:
        cancellation = Cancellation()
        task = asyncio.ensure_future(self._in_turn(work, cancellation))
        under_way = self._under_way[etag] = _UnderWay(task, cancellation)
        task.add_done_callback(lambda _: self._forget(etag, under_way))
        return under_way

    async def _in_turn(self, work: Callable[[Cancellation], Rendered], cancellation: Cancellation) -> Rendered:
        async with self._turns:
            return await run_in_thread(work, cancellation)

    def _forget(self, etag: str, under_way: _UnderWay) -> None:
        if under_way.task.done() and not under_way.task.cancelled():
            under_way.task.exception()  # asyncio would complain of one that nobody has asked for
        if self._under_way.get(etag) is under_way:
            del self._under_way[etag]


async def _wait_for_hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
