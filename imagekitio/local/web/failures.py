"""What becomes of exceptions: an answer in the form of the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route

from ..base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from .site import Site

    Handler = Callable[[Request, Exception], Awaitable[Response]]


def exception_handlers(site: Site) -> Mapping[type[Exception], Handler]:
    """Return the handlers that an application of Starlette needs for `site`."""

    async def refuse(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, ApiError)
        return site.refuse(exc, request.scope["path"])

    async def refuse_http(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, HTTPException)
        headers = dict(exc.headers or {})
        if exc.status_code == 405:
            # Each method of a path is a route of its own; Starlette names those of the first.
            routes = (route for route in request.app.routes if isinstance(route, Route))
            fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
            if fitting:
                headers["Allow"] = ", ".join(sorted({method for route in fitting for method in route.methods or ()}))
        return site.refuse_http(exc.status_code, exc.detail, request.scope["path"], headers)

    async def note_departure(request: Request, exc: Exception) -> Response:
        # A client that left in the middle of its request: nobody reads this, but it is not a failure to log.
        return Response(status_code=400)

    async def fail(request: Request, exc: Exception) -> Response:
        # Starlette raises the exception again after this answer; uvicorn logs it with its traceback, and closes the
        # connection. A client that is not told would send its next request into that.
        message = f"Local {site.service} failed; its log says why."
        return site.refuse_http(500, message, request.scope["path"], {"Connection": "close"})

    return {ApiError: refuse, HTTPException: refuse_http, ClientDisconnect: note_departure, Exception: fail}
