"""Delivery is loaded by the first request."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from imagekitio.local.delivery.lazy import LazyDelivery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.types import Message


def test_simultaneous_first_requests_are_served_by_one_endpoint() -> None:
    both_load = threading.Barrier(2, timeout=60)
    served_by: list[object] = []

    def load() -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            served_by.append(endpoint)
            return Response()

        both_load.wait()
        return endpoint

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        pass

    async def ask() -> None:
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/a.jpg", "headers": []}
        delivery = LazyDelivery(load)
        await asyncio.gather(*(delivery(scope, receive, send) for _ in range(2)))
        await delivery(scope, receive, send)

    asyncio.run(ask())
    assert len(served_by) == 3
    assert len({*map(id, served_by)}) == 1
