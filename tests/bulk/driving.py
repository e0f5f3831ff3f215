"""Work that calls a function for each item, to test the drivers with."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from imagekitio.bulk.work import Blocking, Call, do_each

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Generator, Iterable

    from imagekitio.bulk.tasks import Tasks
    from imagekitio.bulk.work import Done, Job
    from imagekitio.bulk.workers import Workers


class UnusedClient:
    """A client that is never called."""

    run: Any = None
    fetch: Any = None


class AwaitingClient(UnusedClient):
    """A client that accepts coroutines as operations."""

    async def run(self, operation: Any) -> Any:
        return await operation


def call_each(
    workers: Workers, function: Callable[[Any], Any], items: Iterable[Any]
) -> Generator[Done[Any, Any], None, None]:
    return workers.run(UnusedClient(), do_each(items, partial(_call, function)))


def await_each(
    tasks: Tasks, function: Callable[[Any], Awaitable[Any]], items: Iterable[Any] | AsyncIterable[Any]
) -> AsyncGenerator[Done[Any, Any], None]:
    return tasks.run(AwaitingClient(), do_each(items, partial(_await, function)))


def _call(function: Callable[[Any], Any], item: Any) -> Job[Any]:
    return (yield Blocking(partial(function, item)))


def _await(function: Callable[[Any], Any], item: Any) -> Job[Any]:
    return (yield Call(function(item)))
