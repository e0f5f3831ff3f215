"""Requests of local ImageKit to other servers: to webhooks, and for files named by URL.

They are limited to the addresses that a `Reach` allows. Proxies of the environment are not used, because they would
resolve the names themselves.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from ...base.web_urls import is_web_url

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from http.client import HTTPConnection, HTTPResponse

    from .reach import Reach

MAX_REDIRECTS = 5
MAX_RESPONSE_SECONDS = 60  # for a whole file
CHUNK_BYTES = 1 << 18

_REDIRECTS = (301, 302, 303, 307, 308)


class RequestFailed(Exception):  # noqa: N818 - internal to local ImageKit
    """There was no usable response; the message tells the user why."""


class Connections:
    """The open connections, so that `close` can end requests in other threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[HTTPConnection] = set()
        self._is_closed = False

    def close(self) -> None:
        """Break all open connections, and refuse new ones."""
        with self._lock:
            self._is_closed = True
            broken = list(self._open)
        for connection in broken:
            _cut(connection)

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, reach: Reach, seconds: float) -> int:
        """Send `body` and return the status of the response. Redirects are not followed.

        Args:
            seconds: Maximum time for the whole exchange.
        Raises:
            RequestFailed: There was no response.
        """
        with self._request("POST", url, body, headers, reach, seconds) as response:
            return response.status

    def get(self, url: str, write: Callable[[bytes], None], *, reach: Reach, seconds: float, max_bytes: int) -> str:
        """Write the content at `url`; return the final URL after redirects.

        Args:
            write: Function that receives the body in chunks, at most one chunk beyond `max_bytes`.
            seconds: Maximum time until the headers of each response.
        Raises:
            RequestFailed: There was no response, or its status was not a success.
        """
        for _ in range(MAX_REDIRECTS + 1):
            with self._request("GET", url, None, {"Accept": "*/*"}, reach, seconds) as response:
                location = response.getheader("location")
                if response.status in _REDIRECTS and location:
                    url = urljoin(url, location)
                    continue
                if not 200 <= response.status < 300:
                    raise RequestFailed(f"the server responded with status {response.status}")
                _read(response, write, max_bytes)
                return url
        raise RequestFailed(f"there were more than {MAX_REDIRECTS} redirects")

    @contextlib.contextmanager
    def _request(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], reach: Reach, seconds: float
    ) -> Generator[HTTPResponse]:
        from http.client import HTTPException  # slow to load, and most servers in tests make no requests

        connection, target = _prepare(url, reach, seconds)
        with self._lock:
            if self._is_closed:
                raise RequestFailed("local ImageKit is stopping")
            self._open.add(connection)
        # The timeout of a socket applies to a single read, but a server may send byte by byte.
        timer = threading.Timer(seconds, _cut, (connection,))
        timer.daemon = True
        started = time.monotonic()
        try:
            timer.start()
            connection.request(method, target, body, {"User-Agent": "imagekitio-local", **headers})
            response = connection.getresponse()
            timer.cancel()
            yield response
        except (OSError, HTTPException, ValueError) as exc:
            if time.monotonic() - started >= seconds or isinstance(exc, TimeoutError):
                raise RequestFailed(f"there was no response within {seconds:g} s") from exc
            raise RequestFailed(str(exc) or type(exc).__name__) from exc
        finally:
            timer.cancel()
            with self._lock:
                self._open.discard(connection)
            connection.close()


def _prepare(url: str, reach: Reach, seconds: float) -> tuple[HTTPConnection, str]:
    from .checked_connections import HttpConnection, HttpsConnection  # loads http.client, so only when needed

    if not is_web_url(url):
        raise RequestFailed(f"only http and https URLs can be requested (got {url[:200]})")
    parts = urlsplit(url)
    kind = HttpsConnection if parts.scheme == "https" else HttpConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return kind(parts.hostname or "", parts.port, reach, seconds), target


def _read(response: HTTPResponse, write: Callable[[bytes], None], max_bytes: int) -> None:
    deadline, size = time.monotonic() + MAX_RESPONSE_SECONDS, 0
    while size <= max_bytes and (chunk := response.read1(CHUNK_BYTES)):
        write(chunk)
        size += len(chunk)
        if time.monotonic() > deadline:
            raise RequestFailed(f"the file did not arrive within {MAX_RESPONSE_SECONDS} s")
    length = response.getheader("content-length", "")
    # read1 treats the end of a broken connection as the end of the file.
    if size <= max_bytes and length.isdigit() and size < int(length):
        raise RequestFailed(f"the connection was closed after {size} of {length} bytes")


def _cut(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with contextlib.suppress(OSError):  # already closed by the other side
            connection.sock.shutdown(socket.SHUT_RDWR)
