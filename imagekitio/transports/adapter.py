"""The requests adapter of our own session: less work for each request, and time for uploads.

It changes only what requests and urllib3 let subclasses change. `send`, which mocking libraries patch, stays as it is.
"""

from __future__ import annotations

import errno
import ssl
from http.client import HTTPException
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError

from . import direct


class BasedRequest(requests.PreparedRequest):
    """A request that knows the base URL that it starts with."""

    base_url: str
    headers: Any
    body: Any


class _PatientSending:
    """Lets a body say how long each of its blocks may take to be sent.

    urllib3 allows them the time to connect. That is short on purpose, and a slow line or a busy service needs longer.
    """

    sock: Any
    send_seconds: float | None = None

    def request(self, method: str, url: str, body: Any = None, *args: Any, **options: Any) -> None:
        self.send_seconds = getattr(body, "send_seconds", None)
        super().request(method, url, body, *args, **options)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        if self.sock is not None and self.send_seconds is not None:
            self.sock.settimeout(self.send_seconds)
        try:
            super().send(data)  # type: ignore[misc]
        except ssl.SSLEOFError as exc:
            # The service has hung up, perhaps after an answer. urllib3 looks for it when a plain connection ends so.
            raise BrokenPipeError(errno.EPIPE, str(exc)) from exc


class _Connection(_PatientSending, HTTPConnection):
    pass


class _SecureConnection(_PatientSending, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls: Any = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls: Any = _SecureConnection

    def _validate_conn(self, conn: Any) -> None:
        try:
            super()._validate_conn(conn)
        except TimeoutError as exc:  # in the handshake, for urllib3 a timeout of reading the answer
            raise ConnectTimeoutError(conn, str(exc)) from exc


_POOL_CLASSES = {"http": _Pool, "https": _SecurePool}


class PooledAdapter(HTTPAdapter):
    """Skips what `HTTPAdapter` does anew for every request although it depends on the base URL alone."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._pools: dict[str, Any] = {}

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOL_CLASSES

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        if isinstance(manager, urllib3.ProxyManager):  # not for SOCKS, whose connections know their proxy
            manager.pool_classes_by_scheme = _POOL_CLASSES
        return manager

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        pool = self._pools.get(request.base_url)
        if pool is None or pool.pool is None:  # none yet, or closed since to make room for other hosts
            pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
            self._pools[request.base_url] = pool
        return pool

    def send_directly(
        self, base_url: str, method: str, data: bytes, seconds: float
    ) -> direct.Answer | requests.Response | None:
        """Send a request over a connection that is kept; None, and nothing is sent, where there is none.

        Args:
            data: The whole request, head and body.
            seconds: How long the network may take for it, and the service until it answers.
        Raises:
            requests.RequestException: No answer came.
        """
        pool = self._pools.get(base_url)
        if pool is None or pool.pool is None:
            return None
        connection = pool._get_conn()
        if connection.sock is None:
            pool._put_conn(connection)
            return None
        try:
            piece = direct.exchange(connection, data, seconds)
            answer = direct.whole(piece)
            begun = direct.begun(connection, pool, method, piece) if answer is None else None
        except BaseException as exc:
            connection.close()
            pool._put_conn(connection)
            if isinstance(exc, TimeoutError):
                raise requests.ReadTimeout(exc) from exc
            if isinstance(exc, (OSError, HTTPException)):
                raise requests.ConnectionError(exc) from exc
            raise
        if begun is None:
            pool._put_conn(connection)
            return answer
        return _response(begun)

    def request_url(self, request: Any, proxies: Any) -> str:
        return super().request_url(request, proxies) if proxies else str(request.path_url)

    def build_response(self, req: Any, resp: Any) -> requests.Response:
        response = _response(resp)
        response.request, response.url = req, req.url
        return response


def _response(raw: Any) -> requests.Response:
    # Without cookies, which are not kept, and the encoding: JSON is UTF-8.
    response = requests.Response()
    response.status_code, response.reason, response.raw, response.headers = raw.status, raw.reason, raw, raw.headers
    return response
