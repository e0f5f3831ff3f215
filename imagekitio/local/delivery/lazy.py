"""An endpoint that loads the delivery of a service on the first request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from ..base.threads import run_in_thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    Endpoint = Callable[[Request], Awaitable[Response]]


class LazyDelivery:
    """An endpoint that is loaded on the first request.

    Rendering takes longer to load than everything else, and most tests of applications render nothing. This is an ASGI
    application because Starlette would check the methods of a function, and refuse some with its own message.

    Args:
        load: Function that imports and returns the endpoint.
    """

    def __init__(self, load: Callable[[], Endpoint]) -> None:
        self._load = load
        self._endpoint: Endpoint | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._endpoint is None:
            loaded = await run_in_thread(self._load)
            # Simultaneous requests have each loaded an endpoint. All use the first, so that they share renderings.
            self._endpoint = self._endpoint or loaded
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
