"""The delivery of a service, loaded when it is first asked for."""

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
    """The endpoint of routes, as an application: Starlette would refuse methods itself if it were a function.

    Args:
        load: Imports delivery and returns what answers requests. It is called with the first request: rendering takes
            longer to load than all the rest, and most tests of applications render nothing.
    """

    def __init__(self, load: Callable[[], Endpoint]) -> None:
        self._load = load
        self._endpoint: Endpoint | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._endpoint is None:
            self._endpoint = await run_in_thread(self._load)
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)
