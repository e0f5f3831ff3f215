"""Exception handlers, which make responses in the form of the service."""

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
    """Return the exception handlers of a Starlette application for `site`."""

    async def refuse(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, ApiError)
        return site.refuse(exc, request.scope["path"])

    async def refuse_http(request: Request, exc: Exception) -> Response:
        assert isinstance(exc, HTTPException)
        headers = dict(exc.headers or {})
        if exc.status_code == 405:
            # Each method of a path is a separate route, but Starlette names only the methods of the first.
            routes = (route for route in request.app.routes if isinstance(route, Route))
            fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
            if fitting:
                headers["Allow"] = ", ".join(sorted({method for route in fitting for method in route.methods or ()}))
        return site.refuse_http(exc.status_code, exc.detail, request.scope["path"], headers)

    async def ignore_disconnect(request: Request, exc: Exception) -> Response:
        # The client disconnected during its request. It does not receive this, but there is no failure to log.
        return Response(status_code=400)

    async def fail(request: Request, exc: Exception) -> Response:
        # Starlette raises the exception again after this response; uvicorn logs it with its traceback and closes the
        # connection. The header tells the client not to send its next request on it.
        message = f"Local {site.service} failed; see its log for the reason."
        return site.refuse_http(500, message, request.scope["path"], {"Connection": "close"})

    return {ApiError: refuse, HTTPException: refuse_http, ClientDisconnect: ignore_disconnect, Exception: fail}
