"""Run blocking work in threads, outside the event loop. It never outlives the call that started it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractContextManager

T = TypeVar("T")


async def run_in_thread(function: Callable[..., T], *arguments: Any) -> T:
    """Call a blocking function in a thread; on cancellation, wait until it has ended.

    This way, nothing that the caller closes is still in use, and nothing that was opened stays open.
    """
    call = asyncio.get_running_loop().run_in_executor(None, function, *arguments)
    try:
        return await asyncio.shield(call)
    finally:
        await wait_for_end(call)


@asynccontextmanager
async def enter_in_thread(manager: AbstractContextManager[T]) -> AsyncGenerator[T, None]:
    """Enter and leave a blocking context manager in threads; leave it even if entering it was cancelled."""
    entering = asyncio.get_running_loop().run_in_executor(None, manager.__enter__)
    error: BaseException | None = None
    try:
        yield await asyncio.shield(entering)
    except BaseException as exc:
        error = exc
        raise
    finally:
        await wait_for_end(entering)
        if entering.exception() is None:
            kind = None if error is None else type(error)
            await run_in_thread(manager.__exit__, kind, error, None if error is None else error.__traceback__)


async def wait_for_end(call: asyncio.Future[Any]) -> None:
    """Wait until a call in a thread has ended, through any number of cancellations."""
    cancelled = False
    while not call.done():
        try:
            await asyncio.wait([call])
        except asyncio.CancelledError:
            cancelled = True
    if not call.cancelled():
        call.exception()  # asyncio warns about an exception that was never retrieved
    if cancelled:
        raise asyncio.CancelledError
