"""What happens around every request: its route, ids, CORS, trailing slashes, faults, and who is told of it."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import socket
import struct
import sys
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from ..base.json_values import as_object
from .answers import error_response
from .faults import Faults, inject_fault
from .operations import DELIVERY
from .routing import ROUTE, find_route

if TYPE_CHECKING:
    from asyncio import Transport
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..base.clock import Clock
    from ..base.settings import Settings
    from .ratelimit import RateLimits

    Listener = Callable[["Observed"], None]

API_PREFIXES = ("/v1/", "/api/")
CONTROL_PREFIX = "/_local/"
MAX_SEEN = 10_000  # requests remembered
MAX_URL_BYTES = 16_384  # no limit is documented; twice that of the CDNs in front of such services

CONNECTION = "imagekitio.connection"  # key of the asyncio transport in the state of a scope
REQUEST_ID = "imagekitio.request_id"  # and of the id that the answer will carry

STOPPING = "Local ImageKit is stopping."
TOO_LONG = f"The URL of your request is longer than {MAX_URL_BYTES} bytes."

# close() then sends a reset rather than a regular end.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_SIGNATURE = re.compile(r"(ik-s(?:=|%3D))[^&%]*", re.IGNORECASE)
_MAX_ERROR_BYTES = 16_384  # of a body that is read for its message


class Observed(NamedTuple):
    """A request with its answer, as listeners are told of it, before the client can know that it is over.

    Attributes:
        scope: The request as ASGI has it, signature included.
        headers: Those of the request, names in lower case.
        operation: See `imagekitio.local.web.operations`; None for what is none.
        status: None when the connection was cut before there was an answer.
        answer_headers: Names in lower case.
        sent_bytes: Of the answer's body.
        error: What was wrong, in words; empty for success.
        at: When it came, a Unix time in seconds by local ImageKit's clock.
        real_at: The same by the real clock.
        milliseconds: Real ones, from its head to the last byte of the answer.
    """

    scope: Scope
    headers: Mapping[str, str]
    operation: str | None
    status: int | None
    answer_headers: Mapping[str, str]
    sent_bytes: int
    error: str
    at: float
    real_at: float
    milliseconds: float

    @property
    def path(self) -> str:
        """The path, percent-encoded."""
        return str(self.scope["raw_path"][:MAX_URL_BYTES].decode("latin-1"))

    @property
    def query(self) -> str:
        """The query, percent-encoded, with ``***`` for the value of ``ik-s``."""
        return _SIGNATURE.sub(r"\1***", self.scope["query_string"][:MAX_URL_BYTES].decode("latin-1"))


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
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)  # of the control API
    seen: deque[SeenRequest] = field(default_factory=lambda: deque(maxlen=MAX_SEEN))

    def note(self, observed: Observed) -> None:
        """Remember a request."""
        self.seen.append(
            SeenRequest(
                method=observed.scope["method"],
                path=observed.path,
                query=observed.query,
                status=observed.status,
                operation=observed.operation,
                at=observed.at,
                milliseconds=observed.milliseconds,
            )
        )

    def reset(self) -> None:
        self.faults.clear()
        self.rate_limits.reset()
        self.seen.clear()


class Exchange:
    """The outermost ASGI layer.

    Args:
        listeners: Are told of every request, those to the control API excepted.
    """

    def __init__(self, app: ASGIApp, settings: Settings, faults: Faults, listeners: Sequence[Listener]) -> None:
        self._app, self._clock, self._faults, self._listeners = app, settings.clock, faults, listeners
        self._delivery_prefix = f"/{settings.imagekit_id}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        operation = DELIVERY if scope["path"].startswith(self._delivery_prefix) else None
        if scope["path"].startswith(API_PREFIXES):
            # 4.x and the guides write some paths with a slash at the end.
            scope = {**scope, "path": scope["path"].rstrip("/")}
            operation = _find_operation(scope)
        is_cross_origin = operation == DELIVERY or scope["path"].startswith(API_PREFIXES)
        under_way = _UnderWay(
            scope, operation, receive, send, self._clock, self._listeners, is_cross_origin=is_cross_origin
        )
        fault = self._faults.pick(operation, scope["path"])
        try:
            if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_URL_BYTES:
                await error_response(414, TOO_LONG)(scope, receive, under_way.send)
            elif fault is not None:
                await inject_fault(fault, self._app, scope, receive, under_way.send, under_way.cut)
            else:
                await self._app(scope, receive, under_way.send)
        except asyncio.CancelledError:
            # The server stops, and the request has had its time: it gets an answer, or at least an end.
            if under_way.status is None:
                await error_response(503, STOPPING)(scope, receive, under_way.send)
            else:
                await under_way.cut(is_reset=True)
        except Exception:
            under_way.status = under_way.status or 500
            raise
        finally:
            under_way.tell()


def _find_operation(scope: Scope) -> str | None:
    """Find the route of a request, keep it in its scope, and return the name of the operation."""
    route = find_route(scope["method"], scope["path"])
    if route is None:
        return None
    scope.setdefault("state", {})[ROUTE] = route
    return route.name(has_key=any(name == b"authorization" for name, _ in scope["headers"]))


class _UnderWay:
    """One request: adds headers to its answer, and tells the listeners before the client can know that it is over.

    Among the headers is the date, by local ImageKit's clock.
    """

    def __init__(
        self,
        scope: Scope,
        operation: str | None,
        receive: Receive,
        send: Send,
        clock: Clock,
        listeners: Sequence[Listener],
        *,
        is_cross_origin: bool,
    ) -> None:
        self._is_cross_origin = is_cross_origin
        self._scope, self._operation, self._receive, self._send = scope, operation, receive, send
        self._at, self._real_at, self._started_at = clock.time(), time.time(), time.perf_counter()
        self._listeners = listeners
        self._is_told = False
        self._is_head = scope["method"] == "HEAD"
        self._headers: Iterable[tuple[bytes, bytes]] = ()
        self._sent_bytes = 0
        self._announced_bytes: int | None = None  # None: the end of the answer shows its length
        self._error_body = b""
        self._request_id = scope.setdefault("state", {})[REQUEST_ID] = str(uuid.uuid4())
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = message.get("headers", ())
            self._announced_bytes = self._read_length()
            request_id = self._request_id.encode()
            headers = [*self._headers, (b"x-ik-requestid", request_id), (b"x-request-id", request_id)]
            if not any(name == b"date" for name, _ in headers):  # a fault may have sent one
                headers.append((b"date", formatdate(self._at, usegmt=True).encode()))
            message = {**message, "headers": _open_to_origins(headers) if self._is_cross_origin else headers}
        else:
            body = b"" if self._is_head else message.get("body", b"")
            self._sent_bytes += len(body)
            if self.status is not None and self.status >= 400 and len(self._error_body) < _MAX_ERROR_BYTES:
                self._error_body += body
        is_last = message["type"] == "http.response.body" and not message.get("more_body")
        # The client knows that it is over when it has all bytes, though an empty message may follow.
        if is_last or self._sent_bytes == self._announced_bytes:
            self.tell()
        await self._send(message)

    def _read_length(self) -> int | None:
        """Return the length of the body that follows the head of the answer."""
        if self._is_head or self.status in (204, 304):
            return 0
        length = _texts(self._headers).get("content-length", "")
        return int(length) if length.isdecimal() else None

    async def cut(self, *, is_reset: bool) -> None:
        """End the connection: with a reset, or after what was sent so far."""
        self.tell()
        transport: Transport = self._scope["state"][CONNECTION]
        if is_reset and not transport.is_closing():  # a client that gave up is gone already
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
        else:
            transport.close()
        # Until the server has noticed: it would complain of an answer that was not completed.
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def tell(self) -> None:
        """Tell the listeners, once."""
        if self._is_told:
            return
        self._is_told = True
        headers = _texts(self._headers)
        observed = Observed(
            scope=self._scope,
            headers=_texts(self._scope["headers"]),
            operation=self._operation,
            status=self.status,
            answer_headers=headers,
            sent_bytes=self._sent_bytes,
            error=error_of(self.status, headers, self._error_body),
            at=self._at,
            real_at=self._real_at,
            milliseconds=(time.perf_counter() - self._started_at) * 1e3,
        )
        for listener in self._listeners:
            listener(observed)


def error_of(status: int | None, headers: Mapping[str, str], body: bytes) -> str:
    """What is wrong, in words: the ``ik-error`` of delivery, or the ``message`` of the API; empty for success."""
    if status is None:
        return "The connection ended without an answer."
    if status < 400:
        return ""
    if "ik-error" in headers:
        return unquote(headers["ik-error"])
    try:
        answer = as_object(json.loads(body)) or {}
    except ValueError:
        answer = {}
    return str(answer.get("message", ""))


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _open_to_origins(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Let web pages of any origin read an answer and all of its headers, unless it says itself who may."""
    names = dict.fromkeys(name for name, _ in headers)
    readable = b", ".join(name for name in names if not name.startswith(b"access-control-"))
    added = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", readable)]
    return [*headers, *(item for item in added if item[0] not in names)]
