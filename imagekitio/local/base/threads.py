"""Threads for blocking work (disks, the database, pictures, other servers), so that the event loop never waits.

anyio's threads, which come with Starlette, can do more, but switching to one and back takes twice as long.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")

MAX_THREADS = 40  # enough to keep working while uploads by URL wait for other servers

_threads: WeakKeyDictionary[AbstractEventLoop, ThreadPoolExecutor] = WeakKeyDictionary()


async def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread and return its result; the threads end with the event loop.

    A task that is cancelled still waits for a function that has started, as its resources may be closed afterwards.
    """
    loop = asyncio.get_running_loop()
    work = (_threads.get(loop) or _start_threads(loop)).submit(function, *args, **kwargs)
    try:
        return await asyncio.wrap_future(work)
    except asyncio.CancelledError:
        await asyncio.gather(asyncio.wrap_future(work), return_exceptions=True)
        raise


def _start_threads(loop: AbstractEventLoop) -> ThreadPoolExecutor:
    threads = _threads[loop] = ThreadPoolExecutor(MAX_THREADS, "local ImageKit thread")
    loop.set_default_executor(threads)  # the loop shuts down its default executor
    return threads
