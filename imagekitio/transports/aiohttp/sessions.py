"""The `aiohttp.ClientSession` behind a transport: one for each event loop, or yours."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import requests.certs
from yarl import URL

from ...threads import run_in_thread
from ..environment import Environment
from ..transport import user_agent
from .failures import NoResponseError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

    from ...flow.exchange import Outgoing

# Maximum number of calls of one client that run at once in a loop. Others wait before they open the file that they
# upload, so ten thousand uploads may be started together.
CONCURRENT_CALLS = 100


class Connections:
    """The sessions of all event loops, each created at the first call in its loop, after `close` and in a forked child.

    A session belongs to its loop, because connections that another loop opened cannot be used. A given session is used
    instead, and stays open. Event loops in several threads may share this object.
    """

    def __init__(self, given: aiohttp.ClientSession | None) -> None:
        self._given = given
        self._by_loop: dict[asyncio.AbstractEventLoop, LoopSession] = {}
        self.forget()
        _all_connections.add(self)

    async def open(self) -> LoopSession:
        """Return the session of the running loop."""
        loop = asyncio.get_running_loop()
        found = self._by_loop.get(loop)
        if found is not None:
            return found
        with self._lock:
            ended = [self._by_loop.pop(other) for other in list(self._by_loop) if other.is_closed()]
            found = self._by_loop[loop] = LoopSession(self._given, self._hosts)
        for session in ended:
            await session.abandon()
        return found

    async def close(self, *, at_once: bool = False) -> None:
        """Close the session of the running loop; the next call creates a new one. See `LoopSession.close`."""
        with self._lock:
            found = self._by_loop.pop(asyncio.get_running_loop(), None)
        if found is not None:
            await found.close(at_once=at_once)

    def forget(self) -> list[LoopSession]:
        """Start over without sessions, and with a new lock: a thread may have held the old one during the fork.

        Returns:
            The previous sessions.
        """
        sessions, self._by_loop = list(self._by_loop.values()), {}
        self._lock, self._hosts = threading.Lock(), Hosts()
        return sessions


class Hosts:
    """Proxy and TLS settings for each host, as requests takes them from the environment.

    All event loops share one TLS context, which takes tens of milliseconds and nearly a megabyte to create.
    """

    def __init__(self) -> None:
        self._environment = Environment()
        self._lock = threading.Lock()
        self._tls: tuple[bool | str, ssl.SSLContext] | None = None

    async def options_for(self, base_url: str) -> dict[str, Any]:
        """Return the arguments of `ClientSession.request` for a host.

        Raises:
            OSError: The CA bundle that the environment names is missing.
            aiohttp.InvalidURL: The proxy is of a kind that aiohttp does not support, such as SOCKS.
        """
        settings = self._environment.settings_for(base_url)
        proxy = settings.proxy_for(base_url)
        if proxy and "://" not in proxy:
            proxy = f"http://{proxy}"
        if proxy and not proxy.startswith(("http://", "https://")):
            raise aiohttp.InvalidURL(proxy, "a proxy must be http:// or https://")
        if not base_url.startswith("https:"):
            return {"proxy": proxy}
        if self._tls is None or self._tls[0] != settings.verify:
            await run_in_thread(self._load_tls, settings.verify)
        assert self._tls is not None
        return {"proxy": proxy, "ssl": self._tls[1]}

    def _load_tls(self, verify: bool | str) -> None:
        with self._lock:
            if self._tls is None or self._tls[0] != verify:
                self._tls = verify, _make_tls_context(verify)


class LoopSession:
    """The session of one event loop, which a call enters to send through it.

    Attributes:
        turns: Semaphore for calls that open a file; other calls wait only for a connection.
    """

    def __init__(self, given: aiohttp.ClientSession | None, hosts: Hosts) -> None:
        self._session = given or _make_session()
        self._hosts = hosts if given is None else None
        limit = CONCURRENT_CALLS
        if given is not None and given.connector is not None:
            limit = given.connector.limit or sys.maxsize  # for aiohttp, 0 means no limit
        self.turns: asyncio.Semaphore = asyncio.Semaphore(limit)
        self._calls = 0
        self._idle: asyncio.Future[None] | None = None

    @property
    def is_closed(self) -> bool:
        return self._session.closed

    def __enter__(self) -> LoopSession:
        self._calls += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._calls -= 1
        if self._calls == 0 and self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    async def send(self, outgoing: Outgoing, data: Any) -> ClientResponse:
        """Send one request with this body; return the response with its body unread. Redirects are not followed.

        Raises:
            TypeError: Your session has its own credentials, which cannot be combined with the private key.
        """
        request, (connect, read) = outgoing.request, outgoing.timeout
        options: dict[str, Any] = {}
        if self._hosts is not None:
            options = await self._hosts.options_for(outgoing.base_url)
        elif request.method == "PUT" and not request.idempotent:
            data = _yield_once(data)
        try:
            return await self._session.request(
                request.method,
                URL(outgoing.url, encoded=True),
                headers={"Accept-Encoding": "gzip, deflate", **outgoing.headers},
                data=data,
                timeout=aiohttp.ClientTimeout(request.within_seconds, sock_connect=connect, sock_read=read),
                allow_redirects=False,
                raise_for_status=False,
                auto_decompress=True,
                **options,
            )
        except ValueError as exc:
            if "Authorization" in outgoing.headers and "AUTHORIZATION" in str(exc):
                raise TypeError(
                    "the session has its own credentials, its `auth` or an entry of ~/.netrc, which cannot be sent "
                    "together with the private key: pass AsyncImageKit a session without them"
                ) from exc
            raise

    async def close(self, *, at_once: bool = False) -> None:
        """Close the session, unless it is yours, after the calls in progress have ended.

        With `at_once`, or on cancellation while it waits, these calls end with a `NetworkException`.
        """
        try:
            if self._calls and not at_once:
                self._idle = asyncio.get_running_loop().create_future()
                await self._idle
        finally:
            await self.abandon()

    async def abandon(self) -> None:
        """Close the session, unless it is yours, without waiting for anything."""
        if self._hosts is not None:
            await self._session.close()


def _make_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONCURRENT_CALLS),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept": "application/json", "User-Agent": user_agent()},
        middlewares=(_prevent_repeats,),
    )


async def _prevent_repeats(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from resending a GET, PUT or DELETE when a reused connection breaks: `flow` decides on retries."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as exc:
        raise NoResponseError from exc


async def _yield_once(data: bytes | None) -> AsyncIterator[bytes]:
    """Yield a body that can be read only once, so that aiohttp does not resend it.

    A middleware would also prevent that, but it would replace those of your session.
    """
    if data:
        yield data


def _make_tls_context(verify: bool | str) -> ssl.SSLContext:
    bundle = Path(verify if isinstance(verify, str) else requests.certs.where())  # type: ignore[attr-defined]  # documented, and taken from certifi
    if not bundle.exists():
        raise OSError(f"Could not find a suitable TLS CA certificate bundle, invalid path: {bundle}")
    if bundle.is_dir():
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)


_all_connections: weakref.WeakSet[Connections] = weakref.WeakSet()
# Sessions of the parent in a forked child. Closing or freeing them there would remove their sockets from the parent's
# loop, which both processes share.
_inherited: list[LoopSession] = []


def _forget_sessions_after_fork() -> None:
    for connections in _all_connections:
        _inherited.extend(connections.forget())


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_forget_sessions_after_fork)
