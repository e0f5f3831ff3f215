"""What blocks (disks, the database, pictures, other servers) is done in threads; the event loop must not wait.

anyio's threads, which come with Starlette, can do more and cost 65 µs a change more: 6 % of the uploads a second.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    T = TypeVar("T")

MAX_THREADS = 40  # uploads by URL may wait for other servers; the rest has to go on


def use_threads() -> None:
    """Give the running event loop its threads, which end with it."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(MAX_THREADS, "local ImageKit thread"))


async def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `function` returns, or raise what it raises, from a thread of the event loop.

    Who is cancelled meanwhile still waits for the function to end: what that uses may be closed afterwards.
    """
    work = asyncio.get_running_loop().run_in_executor(None, partial(function, *args, **kwargs))
    try:
        await asyncio.wait([work])
    except asyncio.CancelledError:
        await asyncio.gather(work, return_exceptions=True)
        raise
    return work.result()
