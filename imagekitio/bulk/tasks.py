"""A window of calls that asyncio tasks make."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .window import Counter, Done, Item, R, Window

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable


@dataclass(frozen=True)
class Tasks(Window):
    """Calls that are awaited."""

    def each(
        self, function: Callable[[Item], Awaitable[R]], items: Iterable[Item] | AsyncIterable[Item]
    ) -> AsyncGenerator[Done[Item, R], None]:
        """Await `function` of each item and yield the outcomes as they come; nothing starts before the iteration.

        Leaving the iteration, or cancelling it, cancels what is under way.

        Args:
            function: Is given an item.
            items: Taken one by one, when there is room. What they raise is raised when the calls under way are yielded.
        """
        return _each(self, function, items)


async def _each(
    how: Tasks, function: Callable[[Item], Awaitable[R]], items: Iterable[Item] | AsyncIterable[Item]
) -> AsyncGenerator[Done[Item, R], None]:
    progress = Counter(items, how.on_progress)
    ready: asyncio.Queue[Done[Item, R] | None] = asyncio.Queue()  # None: a task has ended
    room = asyncio.Semaphore(how.at_once)
    turn = asyncio.Lock()  # an asynchronous iterator gives one item at a time
    is_open = True
    failure: Exception | None = None

    async def work() -> None:
        nonlocal is_open, failure
        try:
            while True:
                async with turn:
                    await room.acquire()
                    if not is_open:
                        return
                    try:
                        item = await anext(source)
                    except StopAsyncIteration:
                        is_open = False
                        return
                    except Exception as exc:
                        is_open, failure = False, exc
                        return
                done = await _outcome(function, item)
                if done.error is not None and how.stop_on_error:
                    is_open = False
                ready.put_nowait(done)
        finally:
            room.release()
            ready.put_nowait(None)

    async with aclosing(_given(items)) as source:
        tasks = [asyncio.create_task(work()) for _ in range(how.at_once)]
        try:
            running = len(tasks)
            while running:
                done = await ready.get()
                if done is None:
                    running -= 1
                    continue
                room.release()
                progress.one_more()
                yield done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
    for task in tasks:
        task.result()  # a call that somebody else cancelled, or an error that ends everything
    if failure is not None:
        raise failure


async def _outcome(function: Callable[[Item], Awaitable[R]], item: Item) -> Done[Item, R]:
    try:
        return Done(item, await function(item))
    except Exception as exc:
        return Done(item, error=exc)


async def _given(items: Iterable[Item] | AsyncIterable[Item]) -> AsyncGenerator[Item, None]:
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
