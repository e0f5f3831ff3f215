"""What happens around every request: its route, ids, CORS, trailing slashes, faults, and who is told of it."""

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
MAX_SEEN = 10_000  # requests remembered
MAX_URL_BYTES = 16_384  # no limit is documented; twice that of the CDNs in front of such services

CONNECTION = "imagekitio.connection"  # key of the asyncio transport in the state of a scope

TOO_LONG = f"The URL of your request is longer than {MAX_URL_BYTES} bytes."

# close() then sends a reset rather than a regular end.
_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_MAX_ERROR_BYTES = 16_384  # of a body that is read for its message


class Observed(NamedTuple):
    """A request with its answer, as listeners are told of it, before the client can know that it is over.

    Attributes:
        scope: The request as ASGI has it, signature included.
        headers: Those of the request, names in lower case.
        query: Percent-encoded, with ``***`` for the value of a signature.
        operation: One of `Site.operations`; None for what is none.
        status: None when the connection was cut before there was an answer.
        answer_headers: Names in lower case.
        sent_bytes: Of the answer's body.
        error: What was wrong, in words; empty for success.
        at: When it came, a Unix time in seconds by the server's clock.
        real_at: The same by the real clock.
        milliseconds: Real ones, from its head to the last byte of the answer.
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
    """A request as it was asked, without headers, body and signature."""

    method: str
    path: str  # percent-encoded
    query: str  # percent-encoded; the value of a signature is left out
    status: int | None  # None: the connection was cut before there was an answer
    operation: str | None  # one of `Site.operations`; None for what is none
    at: float  # Unix time in seconds, by the server's clock
    milliseconds: float  # real ones, from its head to the last byte of the answer


L_co = TypeVar("L_co", bound=Limiter, covariant=True)


@dataclass(frozen=True)
class Controls(Generic[L_co]):
    """What can be seen and set of a running local server beside its data."""

    faults: Faults
    rate_limits: L_co
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

    def __init__(self, app: ASGIApp, site: Site, clock: Clock, faults: Faults, listeners: Sequence[Listener]) -> None:
        self._app, self._site, self._clock, self._faults, self._listeners = app, site, clock, faults, listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PREFIX):
            await self._app(scope, receive, send)
            return
        site, recognized = self._site, self._site.recognize(scope)
        scope, path = recognized.scope, recognized.scope["path"]
        under_way = _UnderWay(recognized, receive, send, site, self._clock, self._listeners)
        fault = self._faults.pick(recognized.operation, path)
        try:
            if len(scope["raw_path"]) + len(scope["query_string"]) > MAX_URL_BYTES:
                await site.refuse_http(414, TOO_LONG, path)(scope, receive, under_way.send)
            elif fault is not None:
                refusal = make_refusal(fault, site, path, self._clock.time())
                await inject_fault(fault, refusal, self._app, scope, receive, under_way.send, under_way.cut)
            else:
                await self._app(scope, receive, under_way.send)
        except asyncio.CancelledError:
            # The server stops, and the request has had its time: it gets an answer, or at least an end.
            if under_way.status is None:
                stopping = f"Local {site.service} is stopping."
                await site.refuse_http(503, stopping, path)(scope, receive, under_way.send)
            else:
                await under_way.cut(is_reset=True)
        except Exception:
            under_way.status = under_way.status or 500
            raise
        finally:
            under_way.tell()


class _UnderWay:
    """One request: adds headers to its answer, and tells the listeners before the client can know that it is over.

    Among the headers is the date, by the server's clock.
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
        self._is_told = False
        self._is_head = scope["method"] == "HEAD"
        self._headers: Iterable[tuple[bytes, bytes]] = ()
        self._sent_bytes = 0
        self._announced_bytes: int | None = None  # None: the end of the answer shows its length
        self._error_body = b""
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = message.get("headers", ())
            self._announced_bytes = self._read_length()
            headers = [*self._headers, *self._site.answer_headers(self._scope)]
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
            query=self._site.hide_secrets(self._scope["query_string"][:MAX_URL_BYTES].decode("latin-1")),
            operation=self._operation,
            status=self.status,
            answer_headers=headers,
            sent_bytes=self._sent_bytes,
            error=error_of(self._site, self.status, headers, self._error_body),
            at=self._at,
            real_at=self._real_at,
            milliseconds=(time.perf_counter() - self._started_at) * 1e3,
        )
        for listener in self._listeners:
            listener(observed)


def error_of(site: Site, status: int | None, headers: Mapping[str, str], body: bytes) -> str:
    """Return in words what is wrong; empty for success."""
    if status is None:
        return "The connection ended without an answer."
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
    """Let web pages of any origin read an answer and all of its headers, unless it says itself who may."""
    names = dict.fromkeys(name for name, _ in headers)
    readable = b", ".join(name for name in names if not name.startswith(b"access-control-"))
    added = [(b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", readable)]
    return [*headers, *(item for item in added if item[0] not in names)]
