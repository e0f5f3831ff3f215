"""What happens around every request: ids, CORS, trailing slashes, and the list of what was asked."""

from __future__ import annotations

import re
import uuid
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

API_PREFIXES = ("/v1/", "/api/")
CONTROL_PREFIX = "/_local/"
MAX_SEEN = 10_000  # requests remembered

_SIGNATURE = re.compile(r"(ik-s(?:=|%3D))[^&%]*", re.IGNORECASE)


@dataclass(frozen=True)
class SeenRequest:
    """A request as it was asked, without headers, body and signature."""

    method: str
    path: str  # percent-encoded
    query: str  # percent-encoded; the value of ik-s is left out
    status: int


class Exchange:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp, seen: deque[SeenRequest]) -> None:
        self._app, self._seen = app, seen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        is_api = scope["path"].startswith(API_PREFIXES)
        request_id = str(uuid.uuid4()).encode()
        extra = [(b"x-ik-requestid", request_id), (b"x-request-id", request_id)]
        if is_api:
            extra.append((b"access-control-allow-origin", b"*"))
            # 4.x and the guides write some paths with a slash at the end.
            scope = {**scope, "path": scope["path"].rstrip("/")}
        status = 500

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
            self._seen.append(SeenRequest(scope["method"], path, _SIGNATURE.sub(r"\1***", query), status))


def seen_requests() -> deque[SeenRequest]:
    return deque(maxlen=MAX_SEEN)
