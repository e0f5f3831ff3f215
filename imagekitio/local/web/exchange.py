"""The handling of every request: its route, ids, CORS, trailing slashes, faults and listeners."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import struct
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from ..base.json_values import as_object
from .faults import Faults, inject_fault, make_refusal
from .ratelimit import Limiter

if TYPE_CHECKING:
    from asyncio import Transport
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..base.clock import Clock
    from .site import Recognized, Site

    Listener = Callable[["Observed"], None]

CONTROL_PREFIX = "/_local/"
MAX_SEEN = 10_000  # requests to remember
MAX_URL_BYTES = 16_384  # no limit is documented; this is twice that of the CDNs in front of such services

CONNECTION = "imagekitio.connection"  # key of the asyncio transport in the state of a scope

TOO_LONG = f"The URL of your request is longer than {MAX_URL_BYTES} bytes."

# A socket option that makes close() send a reset.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_MAX_ERROR_BYTES = 16_384  # of an error body to read for its message


class Observed(NamedTuple):
    """A request and its response, for listeners. They receive it before the client can know that the request is over.

    Attributes:
        scope: ASGI scope of the request, including any signature.
        headers: Headers of the request, with names in lower case.
        query: Query, percent-encoded, with ``***`` for the value of a signature.
        operation: One of `Site.operations`; None for other requests.
        status: Status of the response; None if the connection was cut before one.
        answer_headers: Headers of the response, with names in lower case.
        sent_bytes: Number of bytes in the response's body.
        error: Error message; empty for success.
        at: Unix time of the request in seconds, by the server's clock.
        real_at: Unix time of the request in seconds, by the real clock.
        milliseconds: Real time from the head of the request to the last byte of the response.
    """

    scope: Scope
    headers: Mapping[str, str]
    query: str
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


@dataclass(frozen=True)
class SeenRequest:
    """A request without headers, body and signature."""

    method: str
    path: str  # percent-encoded
    query: str  # percent-encoded; the value of a signature is left out
    status: int | None  # None if the connection was cut before a response
    operation: str | None  # one of `Site.operations`; None for other requests
    at: float  # Unix time in seconds, by the server's clock
    milliseconds: float  # real time from the head of the request to the last byte of the response


L_co = TypeVar("L_co", bound=Limiter, covariant=True)


@dataclass(frozen=True)
class Controls(Generic[L_co]):
    """The controls of a running local server: its faults, rate limits, control token and list of requests."""

    faults: Faults
    rate_limits: L_co
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)  # of the control API
    seen: deque[SeenRequest] = field(default_factory=lambda: deque(maxlen=MAX_SEEN))

    def note(self, observed: Observed) -> None:
        """Record a request."""
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
        listeners: Functions to call for every request, except those to the control API.
    """

    def __init__(self, app: ASGIApp, site: Site, clock: Clock, faults: Faults, listeners: Sequence[Listener]) -> None:
        self._app, self._site, self._clock, self._faults, self._listeners = app, site, clock, faults, listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        site, recognized = self._site, self._site.recognize(scope)
        scope, path = recognized.scope, recognized.scope["path"]
        in_progress = _RequestInProgress(recognized, receive, send, site, self._clock, self._listeners)
        fault = self._faults.pick(recognized.operation, path)
        try:
            if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_URL_BYTES:
                await site.refuse_http(414, TOO_LONG, path)(scope, receive, in_progress.send)
            elif fault is not None:
                refusal = make_refusal(fault, site, path, self._clock.time())
                await inject_fault(fault, refusal, self._app, scope, receive, in_progress.send, in_progress.cut)
            else:
                await self._app(scope, receive, in_progress.send)
        except asyncio.CancelledError:
            # The server is stopping, and the grace period is over: send a response, or at least end the connection.
            if in_progress.status is None:
                stopping = f"Local {site.service} is stopping."
                await site.refuse_http(503, stopping, path)(scope, receive, in_progress.send)
            else:
                await in_progress.cut(is_reset=True)
        except Exception:
            in_progress.status = in_progress.status or 500
            raise
        finally:
            in_progress.notify()


class _RequestInProgress:
    """One request: adds headers to its response, and notifies the listeners before the client can know that it is over.

    One of the headers is the date by the server's clock.
    """

    def __init__(
        self,
        recognized: Recognized,
        receive: Receive,
        send: Send,
        site: Site,
        clock: Clock,
        listeners: Sequence[Listener],
    ) -> None:
        scope, self._operation, self._is_cross_origin = recognized
        self._scope, self._receive, self._send, self._site = scope, receive, send, site
        self._at, self._real_at, self._started_at = clock.time(), time.time(), time.perf_counter()
        self._listeners = listeners
        self._is_notified = False
        self._is_head = scope["method"] == "HEAD"
        self._headers: Iterable[tuple[bytes, bytes]] = ()
        self._sent_bytes = 0
        self._announced_bytes: int | None = None  # None: the length is known only at the end of the response
        self._error_body = b""
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = message.get("headers", ())
            self._announced_bytes = self._read_length()
            headers = [*self._headers, *self._site.answer_headers(self._scope)]
            if not any(name == b"date" for name, _ in headers):  # a fault may have set one
                headers.append((b"date", formatdate(self._at, usegmt=True).encode()))
            message = {**message, "headers": _open_to_origins(headers) if self._is_cross_origin else headers}
        else:
            body = b"" if self._is_head else message.get("body", b"")
            self._sent_bytes += len(body)
            if self.status is not None and self.status >= 400 and len(self._error_body) < _MAX_ERROR_BYTES:
                self._error_body += body
        is_last = message["type"] == "http.response.body" and not message.get("more_body")
        # With the last byte, the client knows that the response is complete, although an empty message may follow.
        if is_last or self._sent_bytes == self._announced_bytes:
            self.notify()
        await self._send(message)

    def _read_length(self) -> int | None:
        """Return the length of the response's body if its head shows it."""
        if self._is_head or self.status in (204, 304):
            return 0
        length = _texts(self._headers).get("content-length", "")
        return int(length) if length.isdecimal() else None

    async def cut(self, *, is_reset: bool) -> None:
        """End the connection, either with a reset or after the bytes sent so far."""
        self.notify()
        transport: Transport = self._scope["state"][CONNECTION]
        if is_reset and not transport.is_closing():  # if the client has not disconnected yet
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
        else:
            transport.close()
        # Wait until the server notices, because it would log an error for an incomplete response.
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def notify(self) -> None:
        """Notify the listeners, but only once."""
        if self._is_notified:
            return
        self._is_notified = True
        headers = _texts(self._headers)
        observed = Observed(
            scope=self._scope,
            headers=_texts(self._scope["headers"]),
            query=self._site.hide_secrets(self._scope["query_string"][:MAX_URL_BYTES].decode("latin-1")),
            operation=self._operation,
            status=self.status,
            answer_headers=headers,
            sent_bytes=self._sent_bytes,
            error=find_error(self._site, self.status, headers, self._error_body),
            at=self._at,
            real_at=self._real_at,
            milliseconds=(time.perf_counter() - self._started_at) * 1e3,
        )
        for listener in self._listeners:
            listener(observed)


def find_error(site: Site, status: int | None, headers: Mapping[str, str], body: bytes) -> str:
    """Return the error message of a response; empty for success."""
    if status is None:
        return "The connection ended without a response."
    if status < 400:
        return ""
    try:
        answer = as_object(json.loads(body)) or {}
    except ValueError:
        answer = {}
    return site.read_error(headers, answer)


def _texts(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _open_to_origins(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Let web pages of any origin read a response and all its headers, unless it has its own CORS headers."""
    names = dict.fromkeys(name for name, _ in headers)
    readable = b", ".join(name for name in names if not name.startswith(b"access-control-"))
    added = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", readable)]
    return [*headers, *(item for item in added if item[0] not in names)]
