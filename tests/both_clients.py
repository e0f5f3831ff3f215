"""Run tests written for `ImageKit` with `AsyncImageKit` too."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from imagekitio.streams import AsyncFileStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imagekitio import ImageKit
    from imagekitio.local import LocalImageKit

BOTH = ("threads", "tasks")


@contextmanager
def client_of(server: LocalImageKit, kind: str, **settings: Any) -> Iterator[ImageKit]:
    """Yield a client; for ``tasks``, an `AsyncImageKit` driven from outside its loop."""
    if kind == "threads":
        with server.client(**settings) as client:
            yield client
        return
    loop, tasks = asyncio.new_event_loop(), server.async_client(**settings)
    try:
        yield cast("ImageKit", _FromOutside(tasks, loop))
    finally:
        loop.run_until_complete(tasks.close())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


class _FromOutside:
    def __init__(self, inside: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._inside, self._loop = inside, loop

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inside, name)
        if not callable(method):
            return method

        def call(*arguments: Any, **keywords: Any) -> Any:
            result = method(*arguments, **keywords)
            if inspect.isawaitable(result):
                result = self._loop.run_until_complete(result)
            if isinstance(result, AsyncFileStream):
                return _FromOutside(result, self._loop)
            return _Items(result, self._loop) if isinstance(result, AsyncIterator) else result

        return call

    def __enter__(self) -> _FromOutside:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.run_until_complete(self._inside.aclose())


class _Items:
    """The items of an asynchronous iterator, for synchronous and asynchronous loops."""

    def __init__(self, source: AsyncIterator[Any], loop: asyncio.AbstractEventLoop) -> None:
        self._source, self._loop = source, loop

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._source

    def __iter__(self) -> Iterator[Any]:
        try:
            while True:
                try:
                    yield self._loop.run_until_complete(anext(self._source))
                except StopAsyncIteration:
                    return
        finally:
            if isinstance(self._source, AsyncGenerator):
                self._loop.run_until_complete(self._source.aclose())
