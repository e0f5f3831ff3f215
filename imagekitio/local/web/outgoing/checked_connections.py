"""Connections of the standard library that are limited to the addresses that a `Reach` allows.

Addresses are checked after the name was resolved, and the connection uses the checked address.
"""

from __future__ import annotations

import socket
import ssl
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .reach import Reach

MAX_CONNECT_SECONDS = 5.0  # to each address of a host


class HttpConnection(HTTPConnection):
    """A connection within `reach`, with a timeout of `seconds` for each read."""

    def __init__(self, host: str, port: int | None, reach: Reach, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._reach, self._seconds = reach, seconds

    def connect(self) -> None:
        _connect(self, self._reach, self._seconds)


class HttpsConnection(HTTPSConnection):
    """An encrypted connection within `reach`; it trusts the same certificates as requests."""

    sock: Any

    def __init__(self, host: str, port: int | None, reach: Reach, seconds: float) -> None:
        from requests.utils import DEFAULT_CA_BUNDLE_PATH

        self._tls = ssl.create_default_context()
        self._tls.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        super().__init__(host, port, timeout=seconds, context=self._tls)
        self._reach, self._seconds = reach, seconds

    def connect(self) -> None:
        _connect(self, self._reach, self._seconds)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)


def _connect(connection: HTTPConnection, reach: Reach, seconds: float) -> None:
    """Connect to the first address of the host that is allowed and accepts the connection."""
    host, port = connection.host, connection.port
    problem: OSError = OSError(f"requests to the address of {host} are not allowed")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not reach.allows(str(address[0])):
            continue
        # Set before connecting, so that it can be cut while it connects.
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
