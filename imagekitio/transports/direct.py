"""Sends small requests straight over a connection that is kept: a shortcut for what most calls are.

requests and urllib3 need more than 100 µs of Python for each request, in which no other thread runs: that is what many
uploads at once wait for (`python -m benchmarks bulk calls`). They still make the connections, and get every request
that needs anything of theirs, and every answer that does not come in one piece; and all of them when somebody watches.
"""

from __future__ import annotations

import http.client
import io
import logging
import re
from contextlib import suppress
from types import FunctionType
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
import requests.adapters
import requests.sessions
import urllib3.connection
import urllib3.connectionpool

if TYPE_CHECKING:
    import socket

RECEIVE_BYTES = 64 * 1024

# Not those without a body, nor what only announces an answer.
_ORDINARY = re.compile(r"HTTP/1\.1 (?!204|304)[2-5][0-9]{2}(?: |$)", re.ASCII)

# What test doubles and tracing replace, and the module that it is of.
_WATCHED = [
    (vars(owner), name, vars(module))
    for owner, names, module in (
        (requests.Session, ["get_adapter"], requests.sessions),
        (requests.adapters.HTTPAdapter, ["send"], requests.adapters),
        (urllib3.connectionpool.HTTPConnectionPool, ["urlopen"], urllib3.connectionpool),
        (urllib3.connection.HTTPConnection, ["request", "getresponse"], urllib3.connection),
        (http.client.HTTPConnection, ["putrequest", "endheaders", "send", "getresponse"], http.client),
    )
    for name in names
]


class Answer(NamedTuple):
    """A whole answer, with what is read of a `requests.Response`."""

    status_code: int
    headers: dict[str, str]
    content: bytes
    raw: None = None

    def close(self) -> None:
        """Do nothing: the connection was given back."""


def is_watched() -> bool:
    """Say whether somebody replaced a function that requests go through, or logs them: they must see each."""
    if http.client.HTTPConnection.debuglevel or urllib3.connectionpool.log.isEnabledFor(logging.DEBUG):
        return True
    for functions, name, home in _WATCHED:
        function = functions.get(name)
        if type(function) is not FunctionType or function.__globals__ is not home:
            return True
    return False


def is_plain(text: str) -> bool:
    """Say whether a path or a header needs no care: it is ASCII, and cannot end its line."""
    return text.isascii() and text.isprintable() and " " not in text


def exchange(connection: Any, data: bytes, seconds: float) -> bytes:
    """Send a request over a connection of urllib3; return the first piece of the answer.

    Args:
        seconds: How long the network may take for the request, and the service until it answers.
    Raises:
        OSError, http.client.HTTPException: No answer came.
    """
    sock: socket.socket = connection.sock
    if sock.gettimeout() != seconds:
        sock.settimeout(seconds)
    connection.send_seconds = None
    with suppress(BrokenPipeError, ConnectionResetError):  # the service may have answered before it hung up
        connection.send(data)
    piece = sock.recv(RECEIVE_BYTES)
    if not piece:
        raise http.client.RemoteDisconnected("Remote end closed connection without response")
    return piece


def whole(piece: bytes) -> Answer | None:
    """Return the answer that a piece is; None if it may go on, or has anything out of the ordinary."""
    head, end, content = piece.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if not end or not _ORDINARY.match(first):
        return None
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not is_plain(name) or "\n" in value or "\r" in value:
            return None
        headers[name.lower()] = value.strip()
    if len(headers) != len(lines) or headers.get("content-length") != str(len(content)):
        return None
    if "transfer-encoding" in headers or "content-encoding" in headers:
        return None
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        return None
    return Answer(int(first[9:12]), headers, content)


def begun(connection: Any, pool: Any, method: str, piece: bytes) -> urllib3.HTTPResponse:
    """Return an answer of which the first piece was received, as urllib3 would have."""
    found = http.client.HTTPResponse(_Replayed(piece, connection.sock), method=method)  # type: ignore[arg-type]
    try:
        found.begin()
        if found.will_close:
            connection.close()  # that is, when the answer is read
        return urllib3.HTTPResponse(
            body=found,
            headers=urllib3.HTTPHeaderDict(found.msg.items()),
            status=found.status,
            version=found.version,
            reason=found.reason,
            preload_content=False,
            decode_content=False,
            original_response=found,
            pool=pool,
            connection=connection,
            request_method=method,
        )
    except BaseException:
        found.close()
        raise


class _Replayed(io.RawIOBase):
    """A socket of which a piece was received already."""

    def __init__(self, piece: bytes, sock: socket.socket) -> None:
        self._piece = memoryview(piece)
        self._rest = sock.makefile("rb", buffering=0)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if not self._piece:
            return self._rest.readinto(buffer)
        count = min(len(buffer), len(self._piece))
        buffer[:count], self._piece = self._piece[:count], self._piece[count:]
        return count

    def close(self) -> None:
        self._rest.close()
        super().close()
