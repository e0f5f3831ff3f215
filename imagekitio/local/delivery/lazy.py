"""An endpoint that loads the delivery of a service with the first request."""

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
    """An endpoint that is loaded with the first request.

    Rendering takes longer to load than everything else, and most tests of applications render nothing. This is an ASGI
    application because Starlette would check the methods of a function, and refuse them in its own words.

    Args:
        load: Imports the endpoint and returns it.
    """

    def __init__(self, load: Callable[[], Endpoint]) -> None:
        self._load = load
        self._endpoint: Endpoint | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._endpoint is None:
            loaded = await run_in_thread(self._load)
            # Requests that came at once have all loaded one; the first serves all, as it knows what is being rendered.
            self._endpoint = self._endpoint or loaded
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
