"""Messages for the frameworks' own limits on the size of requests, such as ``@app.post(…, max_body_size=…)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from ..errors import UploadTooLargeError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The bodies that Starlette sends, and FastAPI for a request without a Content-Length. Starlette sends them instead of
# the response of any error handler, so only a middleware can replace them.
_PLAIN_BODIES = (b"Content Too Large", b'{"detail":"Content Too Large"}')
_LIMIT = "starlette.max_body_size"  # key of the limit in the scope; older versions have no limits


class BodyLimitMiddleware:
    """Middleware that responds to requests above the limit as to a file that is too large.

    Args:
        app: The application inside.
        make_answer: Function that makes the response to an error.
    """

    def __init__(self, app: ASGIApp, make_answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app, self._make_answer = app, make_answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal: Message | None = None

        async def send_refusal_with_message(message: Message) -> None:
            nonlocal refusal
            if message["type"] == "http.response.start" and message["status"] == UploadTooLargeError.status:
                refusal = message  # held back until its body shows where it comes from
                return
            if refusal is not None:
                start, refusal = refusal, None
                if _LIMIT in scope and message.get("body") in _PLAIN_BODIES:
                    request = Request(scope)
                    answer = await self._make_answer(request, UploadTooLargeError(_read_size(request), scope[_LIMIT]))
                    await answer(scope, receive, send)
                    return
                await send(start)
            await send(message)

        await self._app(scope, receive, send_refusal_with_message)


def _read_size(request: Request) -> int | None:
    size = request.headers.get("content-length", "")
    return int(size) if size.isdecimal() else None
