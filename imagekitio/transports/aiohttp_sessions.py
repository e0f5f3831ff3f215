"""The `aiohttp.ClientSession` behind a transport: one for each event loop, or one of the caller."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import requests.utils
from urllib3.util import create_urllib3_context
from yarl import URL

from .aiohttp_failures import NoAnswerError
from .requests_sessions import environment_settings
from .settings import user_agent

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    from aiohttp import ClientHandlerType, ClientMiddlewareType, ClientRequest, ClientResponse

    from ..operations.core import Request

# So many calls of one client are under way at once in a loop; further ones wait their turn, before they open the file
# that they upload: ten thousand uploads may be started together.
CONCURRENT_CALLS = 100


class Connections:
    """Makes a session at the first call in each event loop, and a new one after `close` and in a forked child.

    A session belongs to its loop: connections that another loop opened cannot be used. Where the caller gave a session,
    that is used, and stays open.
    """

    def __init__(self, given: aiohttp.ClientSession | None) -> None:
        self._given = given
        self._by_loop: dict[asyncio.AbstractEventLoop, LoopSession] = {}
        _all_connections.add(self)

    def current(self) -> LoopSession | None:
        """Return the session of the running loop, where it has one."""
        return self._by_loop.get(asyncio.get_running_loop())

    async def opened(self) -> LoopSession:
        """Make the session of the running loop."""
        for ended in [loop for loop in self._by_loop if loop.is_closed()]:
            await self._by_loop.pop(ended).abandon()
        return self._by_loop.setdefault(asyncio.get_running_loop(), LoopSession(self._given))

    async def close(self, *, at_once: bool = False) -> None:
        """Close the session of the running loop; the next call makes a new one. See `LoopSession.close`."""
        found = self._by_loop.pop(asyncio.get_running_loop(), None)
        if found is not None:
            await found.close(at_once=at_once)

    def forget(self) -> list[LoopSession]:
        """Start again without sessions; return those of before."""
        sessions, self._by_loop = list(self._by_loop.values()), {}
        return sessions


class LoopSession:
    """The session of one event loop. A call enters it, and sends through it.

    Attributes:
        turns: A call that opens a file waits here first; others wait for a connection only.
    """

    def __init__(self, given: aiohttp.ClientSession | None) -> None:
        self._session = given or _own_session()
        self._is_own = given is None
        limit = CONCURRENT_CALLS
        if given is not None and given.connector is not None:
            limit = given.connector.limit or sys.maxsize  # 0 is aiohttp's word for no limit
        self.turns: asyncio.Semaphore = asyncio.Semaphore(limit)
        self._calls = 0
        self._idle: asyncio.Future[None] | None = None
        self._environments: dict[str, dict[str, Any]] = {}
        # There is no public way to add one to those of a session, and those that a request has replace them.
        self._middlewares: tuple[ClientMiddlewareType, ...] = getattr(given, "_middlewares", ())

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

    async def send(
        self,
        request: Request,
        base_url: str,
        headers: Mapping[str, str],
        data: Any,
        *,
        sending: Sending,
        timeout: aiohttp.ClientTimeout,
    ) -> ClientResponse:
        """Send one request; return the answer with its body unread and packed. Follows no redirect."""
        environment = self._environments.get(base_url)
        if environment is None:
            environment = self._environments[base_url] = _environment(base_url) if self._is_own else {}
        return await self._session.request(
            request.method,
            URL(base_url + request.path, encoded=True),
            headers=headers,
            data=data,
            timeout=timeout,
            allow_redirects=False,
            raise_for_status=False,
            auto_decompress=False,
            middlewares=(*self._middlewares, sending),
            **environment,
        )

    async def close(self, *, at_once: bool = False) -> None:
        """Close the session, unless it is the caller's, when the calls under way are done.

        `at_once`, or when it is cancelled while it waits for them, they end with a `NetworkException`.
        """
        try:
            if self._calls and not at_once:
                self._idle = asyncio.get_running_loop().create_future()
                await self._idle
        finally:
            if self._is_own:
                await self._session.close()

    async def abandon(self) -> None:
        """Let go of what a loop that has ended since left open; nothing of it can be used."""
        if self._is_own:
            await self._session.close()


def _own_session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONCURRENT_CALLS, socket_factory=ReadingSocket.of_address),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept": "application/json", "User-Agent": user_agent()},
    )


class ReadingSocket(socket.socket):
    """Fails to send only when everything that was received is read.

    A service that refuses an upload early answers and hangs up. Once sending fails asyncio closes the connection, and
    with it goes an answer that has arrived since it last looked. Told to wait until it can send, it reads first.
    Loops that send without Python, as uvloop does, do not get here.
    """

    @classmethod
    def of_address(cls, address: tuple[Any, ...]) -> ReadingSocket:
        """Make what `aiohttp.TCPConnector` asks its `socket_factory` for."""
        family, kind, protocol, _, _ = address
        return cls(family, kind, protocol)

    def send(self, *args: Any) -> int:
        try:
            return super().send(*args)
        except ConnectionError:
            self._check_all_is_read()
            raise

    def sendmsg(self, *args: Any) -> int:
        try:
            return super().sendmsg(*args)
        except ConnectionError:
            self._check_all_is_read()
            raise

    def _check_all_is_read(self) -> None:
        try:
            unread = self.recv(1, socket.MSG_PEEK)
        except OSError:
            return
        if unread:
            raise BlockingIOError


class Sending:
    """A middleware of aiohttp, the last one before a request is sent, that sees to two things.

    The private key goes with every request to the API, whatever a session of the caller has: headers, ``auth``, a
    ~/.netrc; None is for requests that it must not go with. And aiohttp sends no request again by itself, as it does
    with any GET, PUT or DELETE when a connection that was used before breaks: `flow` decides that.
    """

    def __init__(self, authorization: str | None) -> None:
        self._authorization = authorization

    async def __call__(self, request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if self._authorization is not None:
            request.headers["Authorization"] = self._authorization
        try:
            return await handler(request)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as exc:
            raise NoAnswerError from exc


def _environment(base_url: str) -> dict[str, Any]:
    """Return proxy and TLS settings, which the environment decides as it does for requests.

    Raises:
        OSError: The CA bundle that it names is missing.
        aiohttp.InvalidURL: The proxy is of a kind that aiohttp cannot use, such as SOCKS.
    """
    with requests.Session() as session:
        settings = environment_settings(session, base_url)
    proxy = requests.utils.select_proxy(base_url, settings["proxies"])
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    if proxy and not proxy.startswith(("http://", "https://")):
        raise aiohttp.InvalidURL(proxy, "a proxy must be http:// or https://")
    return {
        "proxy": proxy,
        "ssl": _tls_context(settings["verify"]) if base_url.startswith("https:") else True,
    }


def _tls_context(verify: bool | str) -> ssl.SSLContext:
    bundle = Path(verify if isinstance(verify, str) else requests.utils.DEFAULT_CA_BUNDLE_PATH)
    if not bundle.exists():
        raise OSError(f"Could not find a suitable TLS CA certificate bundle, invalid path: {bundle}")
    context = create_urllib3_context()
    if bundle.is_dir():
        context.load_verify_locations(capath=bundle)
    else:
        context.load_verify_locations(cafile=bundle)
    return context


_all_connections: weakref.WeakSet[Connections] = weakref.WeakSet()
# Sessions of the parent in a forked child. Closing them there would take their sockets out of the parent's loop, which
# both processes share; so would freeing them.
_inherited: list[LoopSession] = []


def _after_fork_in_child() -> None:
    for connections in _all_connections:
        _inherited.extend(connections.forget())


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork_in_child)
