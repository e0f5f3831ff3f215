"""Requests that local ImageKit makes itself: to webhooks, and for files that are named by URL.

Who names a URL must not reach what only this machine can: addresses are checked after the name was looked up, and the
connection goes to the address that was checked. Proxies of the environment are not used: they would do the looking up.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from ..base.web_urls import is_web_url

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from ..base.settings import Settings

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_REDIRECTS = 5
MAX_CONNECT_SECONDS = 5.0
MAX_RESPONSE_SECONDS = 60  # for a whole file
CHUNK_BYTES = 1 << 18

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address is in the last 32 bits
_METADATA = ipaddress.IPv6Address("fd00:ec2::254")  # of Amazon's machines; the others use link-local addresses
_REDIRECTS = (301, 302, 303, 307, 308)


class RequestFailed(Exception):  # noqa: N818 - says what happened, and never leaves local ImageKit
    """No usable answer came; the text says why, in words for the user."""


class Reach(NamedTuple):
    """Where requests may go. Link-local, multicast and reserved addresses are out of reach in any case."""

    loopback: bool
    elsewhere: bool

    def allows(self, address: str) -> bool:
        found = _embedded(ipaddress.ip_address(address.partition("%")[0]))
        if found.is_loopback:
            return self.loopback
        is_special = found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved
        return self.elsewhere and not is_special and found != _METADATA


def reach_of(settings: Settings, *, is_receiver_of_account: bool = False) -> Reach:
    """Where a request of local ImageKit may go: the one rule for all of them.

    Contents are fetched only from where the settings allow, whoever asks for them, so that no test depends on the
    network unnoticed. The same holds for a `webhookUrl` that an upload with a mere signature has named: its sender may
    be anybody. What whoever has the private key named (webhooks, `webhookUrl` otherwise) may be anywhere, this machine
    included: that is where an application under development runs.
    """
    if is_receiver_of_account:
        return Reach(loopback=True, elsewhere=True)
    return Reach(loopback=settings.allow_loopback, elsewhere=settings.allow_remote)


class Connections:
    """Connections that are open now, so that `close` can end what is under way in other threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[http.client.HTTPConnection] = set()
        self._is_closed = False

    def close(self) -> None:
        """Break every open connection, and refuse new ones."""
        with self._lock:
            self._is_closed = True
            broken = list(self._open)
        for connection in broken:
            _cut(connection)

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, reach: Reach, seconds: float) -> int:
        """Send `body` and return the status of the answer. Redirects are not followed.

        Args:
            seconds: How long the whole exchange may take.
        Raises:
            RequestFailed: No answer came.
        """
        with self._request("POST", url, body, headers, reach, seconds) as response:
            return response.status

    def get(self, url: str, write: Callable[[bytes], None], *, reach: Reach, seconds: float, max_bytes: int) -> str:
        """Write what `url` answers; return the URL that it came from in the end.

        Args:
            write: Receives the body in pieces, no more than a piece beyond `max_bytes`.
            seconds: How long it may take until the headers of each answer are there.
        Raises:
            RequestFailed: No answer came, or one that is not a success.
        """
        for _ in range(MAX_REDIRECTS + 1):
            with self._request("GET", url, None, {"Accept": "*/*"}, reach, seconds) as response:
                location = response.getheader("location")
                if response.status in _REDIRECTS and location:
                    url = urljoin(url, location)
                    continue
                if not 200 <= response.status < 300:
                    raise RequestFailed(f"the server answered {response.status}")
                _read(response, write, max_bytes)
                return url
        raise RequestFailed(f"there were more than {MAX_REDIRECTS} redirects")

    @contextlib.contextmanager
    def _request(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], reach: Reach, seconds: float
    ) -> Generator[http.client.HTTPResponse]:
        connection, target = _prepare(url, reach, seconds)
        with self._lock:
            if self._is_closed:
                raise RequestFailed("local ImageKit is stopping")
            self._open.add(connection)
        # The timeout of a socket is that of a single read, and a server may send byte by byte.
        timer = threading.Timer(seconds, _cut, (connection,))
        timer.daemon = True
        started = time.monotonic()
        try:
            timer.start()
            connection.request(method, target, body, {"User-Agent": "imagekitio-local", **headers})
            response = connection.getresponse()
            timer.cancel()
            yield response
        except (OSError, http.client.HTTPException, ValueError) as exc:
            if time.monotonic() - started >= seconds or isinstance(exc, TimeoutError):
                raise RequestFailed(f"there was no answer within {seconds:g} s") from exc
            raise RequestFailed(str(exc) or type(exc).__name__) from exc
        finally:
            timer.cancel()
            with self._lock:
                self._open.discard(connection)
            connection.close()


def _prepare(url: str, reach: Reach, seconds: float) -> tuple[http.client.HTTPConnection, str]:
    if not is_web_url(url):
        raise RequestFailed(f"only http and https URLs can be requested (got {url[:200]})")
    parts = urlsplit(url)
    kind = _HttpsConnection if parts.scheme == "https" else _HttpConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return kind(parts.hostname or "", parts.port, reach, seconds), target


def _connect(connection: http.client.HTTPConnection, reach: Reach, seconds: float) -> None:
    """Connect to the first address of the host that answers, of those that may be reached."""
    host, port = connection.host, connection.port
    problem: OSError = OSError(f"the address of {host} is out of reach: requests may not go there")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not reach.allows(str(address[0])):
            continue
        # Known from now on, so that it can be cut while it connects.
        found = connection.sock = socket.socket(family, kind, protocol)
        try:
            found.settimeout(min(seconds, MAX_CONNECT_SECONDS))
            found.connect(address)
            found.settimeout(seconds)
            return
        except OSError as exc:
            found.close()
            connection.sock = None
            problem = exc
    raise problem


class _HttpConnection(http.client.HTTPConnection):
    def __init__(self, host: str, port: int | None, reach: Reach, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._reach, self._seconds = reach, seconds

    def connect(self) -> None:
        _connect(self, self._reach, self._seconds)


class _HttpsConnection(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int | None, reach: Reach, seconds: float) -> None:
        from requests.utils import DEFAULT_CA_BUNDLE_PATH

        self._tls = ssl.create_default_context()
        self._tls.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        super().__init__(host, port, timeout=seconds, context=self._tls)
        self._reach, self._seconds = reach, seconds

    def connect(self) -> None:
        _connect(self, self._reach, self._seconds)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def _read(response: http.client.HTTPResponse, write: Callable[[bytes], None], max_bytes: int) -> None:
    deadline, size = time.monotonic() + MAX_RESPONSE_SECONDS, 0
    while size <= max_bytes and (chunk := response.read1(CHUNK_BYTES)):
        write(chunk)
        size += len(chunk)
        if time.monotonic() > deadline:
            raise RequestFailed(f"the file was not there within {MAX_RESPONSE_SECONDS} s")
    length = response.getheader("content-length", "")
    # read1 takes the end of a broken connection for that of the file.
    if size <= max_bytes and length.isdigit() and size < int(length):
        raise RequestFailed(f"the connection broke off after {size} of {length} bytes")


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it does for one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _cut(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        with contextlib.suppress(OSError):  # closed by the other side already
            connection.sock.shutdown(socket.SHUT_RDWR)
