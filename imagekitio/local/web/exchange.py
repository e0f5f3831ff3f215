"""What happens around every request: ids, CORS, trailing slashes, faults, and the list of what was asked."""

from __future__ import annotations

import json
import re
import socket
import struct
import sys
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .faults import Faults, strike
from .operations import DELIVERY, operation_name

if TYPE_CHECKING:
    from asyncio import Transport

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..base.clock import Clock
    from ..base.settings import Settings
    from .ratelimit import RateLimits

API_PREFIXES = ("/v1/", "/api/")
CONTROL_PREFIX = "/_local/"
MAX_SEEN = 10_000  # requests remembered
MAX_URL_BYTES = 16_384  # no limit is documented; twice that of the CDNs in front of such services

CONNECTION = "imagekitio.connection"  # key of the asyncio transport in the state of a scope
REQUEST_ID = "imagekitio.request_id"  # and of the id that the answer will carry

TOO_LONG = f"The URL of your request is longer than {MAX_URL_BYTES} bytes."

# close() then sends a reset rather than a regular end.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_SIGNATURE = re.compile(r"(ik-s(?:=|%3D))[^&%]*", re.IGNORECASE)


@dataclass(frozen=True)
class SeenRequest:
    """A request as it was asked, without headers, body and signature."""

    method: str
    path: str  # percent-encoded
    query: str  # percent-encoded; the value of ik-s is left out
    status: int | None  # None: the connection was cut before there was an answer
    operation: str | None  # see `imagekitio.local.web.operations`; None for what is none
    at: float  # Unix time in seconds, by local ImageKit's clock
    milliseconds: float  # real ones, from its head to the last byte of the answer


@dataclass(frozen=True)
class Controls:
    """What can be seen and set of a running local ImageKit beside its data."""

    faults: Faults
    rate_limits: RateLimits
    seen: deque[SeenRequest] = field(default_factory=lambda: deque(maxlen=MAX_SEEN))

    def reset(self) -> None:
        self.faults.clear()
        self.rate_limits.reset()
        self.seen.clear()


class Exchange:
    """The outermost ASGI layer."""

    def __init__(self, app: ASGIApp, settings: Settings, controls: Controls) -> None:
        self._app, self._clock, self._controls = app, settings.clock, controls
        self._delivery_prefix = f"/{settings.imagekit_id}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(API_PREFIXES):
            # 4.x and the guides write some paths with a slash at the end.
            scope = {**scope, "path": scope["path"].rstrip("/")}
        is_cross_origin = scope["path"].startswith((*API_PREFIXES, self._delivery_prefix))
        operation, seen = self._operation(scope), self._controls.seen
        under_way = _UnderWay(scope, operation, receive, send, self._clock, seen, is_cross_origin=is_cross_origin)
        fault = self._controls.faults.pick(under_way.operation, scope["path"])
        try:
            if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_URL_BYTES:
                await _refuse_url(under_way.send)
            elif fault is not None:
                await strike(fault, self._app, scope, receive, under_way.send, under_way.cut)
            else:
                await self._app(scope, receive, under_way.send)
        except Exception:
            under_way.status = under_way.status or 500
            raise
        finally:
            under_way.record()

    def _operation(self, scope: Scope) -> str | None:
        if scope["path"].startswith(self._delivery_prefix):
            return DELIVERY
        has_key = any(name == b"authorization" for name, _ in scope["headers"])
        return operation_name(scope["method"], scope["path"], has_key=has_key)


class _UnderWay:
    """One request: adds headers to its answer, and writes it down before the client can know that it is over."""

    def __init__(
        self,
        scope: Scope,
        operation: str | None,
        receive: Receive,
        send: Send,
        clock: Clock,
        seen: deque[SeenRequest],
        *,
        is_cross_origin: bool,
    ) -> None:
        self.operation, self.status = operation, None
        self._is_cross_origin = is_cross_origin
        self._scope, self._receive, self._send, self._clock, self._seen = scope, receive, send, clock, seen
        self._started_at = time.perf_counter()
        self._is_recorded = False
        self._request_id = scope.setdefault("state", {})[REQUEST_ID] = str(uuid.uuid4())

    operation: str | None
    status: int | None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            request_id = self._request_id.encode()
            headers = [*message.get("headers", ()), (b"x-ik-requestid", request_id), (b"x-request-id", request_id)]
            if self._is_cross_origin:
                headers = _open_to_origins(headers)
            message = {**message, "headers": headers}
        elif not message.get("more_body"):
            self.record()
        await self._send(message)

    async def cut(self, *, is_reset: bool) -> None:
        """End the connection: with a reset, or after what was sent so far."""
        self.record()
        transport: Transport = self._scope["state"][CONNECTION]
        if is_reset and not transport.is_closing():  # a client that gave up is gone already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
        else:
            transport.close()
        # Until the server has noticed: it would complain of an answer that was not completed.
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def record(self) -> None:
        if self._is_recorded:
            return
        self._is_recorded = True
        self._seen.append(
            SeenRequest(
                method=self._scope["method"],
                path=self._scope["raw_path"][:MAX_URL_BYTES].decode("latin-1"),
                query=without_signature(self._scope["query_string"][:MAX_URL_BYTES].decode("latin-1")),
                status=self.status,
                operation=self.operation,
                at=self._clock.time(),
                milliseconds=(time.perf_counter() - self._started_at) * 1e3,
            )
        )


def without_signature(query: str) -> str:
    """`query` with ``***`` for the value of ``ik-s``."""
    return _SIGNATURE.sub(r"\1***", query)


def _open_to_origins(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Let web pages of any origin read an answer and all of its headers, unless it says itself who may."""
    names = dict.fromkeys(name for name, _ in headers)
    readable = b", ".join(name for name in names if not name.startswith(b"access-control-"))
    added = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", readable)]
    return [*headers, *(item for item in added if item[0] not in names)]


async def _refuse_url(send: Send) -> None:
    body = json.dumps({"message": TOO_LONG}).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 414, "headers": headers})
    await send({"type": "http.response.body", "body": body})
