"""The last requests, as the page shows them: what was asked, how long it took, and what went wrong."""

from __future__ import annotations

import json
import time
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from ..base.json_values import as_object
from ..web.exchange import CONTROL_PREFIX, MAX_URL_BYTES, without_signature

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_ENTRIES = 500
_MAX_ERROR_BYTES = 16_384  # of a body that is read for its message


class Entry(NamedTuple):
    """A request that was answered, without its signature.

    Attributes:
        number: Counts the requests from 1.
        at: When it came, as Unix time in seconds by the real clock: people compare it with their own.
        status: 0 when the connection ended without an answer.
        milliseconds: From the request to the end of its answer.
        error: What was wrong, in words; empty for success.
    """

    number: int
    at: float
    method: str
    path: str  # percent-encoded
    query: str  # percent-encoded
    status: int
    milliseconds: float
    error: str


class Journal:
    """Remembers the last requests, but for the page's own and those to the control API.

    A reset does not empty it: people look at what a test asked when the test is over.
    """

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MAX_ENTRIES)
        self._numbers = count(1)

    def after(self, number: int) -> list[Entry]:
        """The entries later than the one with this number, the oldest first."""
        return [entry for entry in list(self._entries) if entry.number > number]

    def watching(self, app: ASGIApp) -> ASGIApp:
        """`app`, with what it is asked and answers written down here."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or _is_of_the_page(scope):
                await app(scope, receive, send)
                return
            exchange = _Watched(send)
            try:
                await app(scope, receive, exchange.send)
            finally:
                self._entries.append(exchange.entry(next(self._numbers), scope))

        return watched


class _Watched:
    """One request under way."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._at, self._start = time.time(), time.perf_counter()
        self._status = 0
        self._headers: dict[bytes, bytes] = {}
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if self._status >= 400:
                self._headers = {name.lower(): value for name, value in message.get("headers", ())}
        elif self._status >= 400 and len(self._body) < _MAX_ERROR_BYTES:
            self._body += message.get("body", b"")
        await self._send(message)

    def entry(self, number: int, scope: Scope) -> Entry:
        return Entry(
            number=number,
            at=self._at,
            method=scope["method"],
            path=scope["raw_path"][:MAX_URL_BYTES].decode("latin-1"),
            query=without_signature(scope["query_string"][:MAX_URL_BYTES].decode("latin-1")),
            status=self._status,
            milliseconds=round((time.perf_counter() - self._start) * 1000, 1),
            error=error_of(self._headers, self._body) if self._status else "The connection ended without an answer.",
        )


def error_of(headers: dict[bytes, bytes], body: bytes) -> str:
    """What is wrong, in words: the ``ik-error`` of delivery, or the ``message`` of the API."""
    if b"ik-error" in headers:
        return unquote(headers[b"ik-error"].decode("latin-1"))
    try:
        answer = as_object(json.loads(body)) or {}
    except ValueError:
        answer = {}
    return str(answer.get("message", ""))


def _is_of_the_page(scope: Scope) -> bool:
    """Whether the page asks: for itself, for data, or for the pictures that it shows."""
    if scope["path"] == "/" or scope["path"].startswith(CONTROL_PREFIX):
        return True
    headers = dict(scope["headers"])
    # Nothing but the page is in this origin; a link that is followed is a person's request.
    return headers.get(b"sec-fetch-site") == b"same-origin" and headers.get(b"sec-fetch-mode") != b"navigate"
