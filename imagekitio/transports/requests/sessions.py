"""The `requests.Session` behind a transport: its own, which is created again in forked children, or yours."""

from __future__ import annotations

import copy
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.cookies import RequestsCookieJar
from requests.structures import CaseInsensitiveDict

from ..environment import Environment
from ..multipart import MultipartBody
from ..transport import user_agent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...flow.exchange import Outgoing

# Connections to keep per host. More threads may call at once; their connections are closed after each call.
POOLED_CONNECTIONS = 64

READ_BYTES = 64 * 1024

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",  # every installation of urllib3 can decode these
    "User-Agent": user_agent(),
}


class OwnSession:
    """A session that is created at the first request, and again after `close` and in a forked child.

    Requests go through `Session.send` with the stock adapter, so that every tool that records or replaces requests sees
    them. They are prepared here, because `Session.request` reads the environment and ~/.netrc and merges headers and
    cookies each time, which would double the duration of a call.
    """

    def __init__(self) -> None:
        self.forget()
        _own_sessions.add(self)

    def forget(self) -> None:
        """Start over without connections, and with a new lock: a thread may have held the old one during the fork."""
        self._lock = threading.Lock()
        self._session: requests.Session | None = None
        self._environment = Environment()

    def send(self, outgoing: Outgoing) -> requests.Response:
        session = self._session or self._make_session()
        request = requests.PreparedRequest()
        request.method, request.url = outgoing.request.method, outgoing.url
        request.headers = CaseInsensitiveDict({**_HEADERS, **outgoing.headers})
        request.body = _load_body(outgoing)  # type: ignore[assignment]  # requests sends iterables too
        settings = self._environment.settings_for(outgoing.base_url)
        return session.send(
            request,
            stream=True,
            timeout=_convert_timeout(outgoing),
            allow_redirects=False,
            proxies=settings.proxies,
            verify=settings.verify,
        )

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()

    def _make_session(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                session = _Session()
                session.cookies = _NoCookies()
                for prefix in ("https://", "http://"):
                    session.mount(prefix, HTTPAdapter(pool_maxsize=POOLED_CONNECTIONS))
                self._session = session
            return self._session


class _NoCookies(RequestsCookieJar):
    def extract_cookies(self, response: Any, request: Any) -> None:
        """Store no cookies."""


class _Session(requests.Session):
    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        """Yield nothing: even with ``allow_redirects=False``, `send` would read the whole body to prepare a request."""
        return iter(())


class GivenSession:
    """Your session, used unchanged with its headers, cookies, hooks, adapters, proxies and certificates."""

    def __init__(self, session: requests.Session) -> None:
        self.session = session
        _given_sessions.add(self)

    def send(self, outgoing: Outgoing) -> requests.Response:
        request = requests.Request(
            outgoing.request.method,
            outgoing.url,
            headers=dict(outgoing.headers),
            data=_load_body(outgoing),
            auth=_KeepAuthorization(),
        )
        prepared = self.session.prepare_request(request)
        # requests decodes %2E, and a file ID of two dots would then lead to another path.
        if "%2E" in outgoing.url and prepared.url is not None:
            _, mark, query = prepared.url.partition("?")
            prepared.url = outgoing.url.partition("?")[0] + mark + query
        environment = self.session.merge_environment_settings(prepared.url or "", {}, True, None, None)
        try:
            return self.session.send(prepared, timeout=_convert_timeout(outgoing), allow_redirects=False, **environment)
        except requests.HTTPError as exc:
            if exc.response is None:
                raise
            return exc.response  # a hook of the session called raise_for_status()

    def close(self) -> None:
        """Do nothing: the session is yours to close."""

    def renew(self) -> None:
        """Give the session new connection pools without touching the old ones."""
        for prefix, adapter in list(self.session.adapters.items()):
            if isinstance(adapter, HTTPAdapter):
                fresh = copy.copy(adapter)  # has its own pools, but for a subclass only the attributes that it lists
                vars(fresh).update({name: value for name, value in vars(adapter).items() if name not in vars(fresh)})
                self.session.mount(prefix, fresh)


class _KeepAuthorization(AuthBase):
    """An `auth` that keeps the headers. Without one, requests would replace Authorization with a ~/.netrc entry."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _load_body(outgoing: Outgoing) -> bytes | MultipartBody | None:
    return outgoing.body.for_sending() if isinstance(outgoing.body, MultipartBody) else outgoing.body


def _convert_timeout(outgoing: Outgoing) -> Any:
    left = outgoing.request.within_seconds
    return tuple(outgoing.timeout) if left is None else urllib3.Timeout(left, *outgoing.timeout)


def read_blocks(answer: requests.Response) -> Iterator[bytes]:
    """Yield the decoded body of a response as it arrives: `iter_content` would wait for full blocks."""
    raw = answer.raw
    was_read = True
    if isinstance(raw, urllib3.HTTPResponse):
        while block := raw.read1(READ_BYTES, decode_content=True):
            was_read = False
            yield block
            if raw.closed and len(block) < READ_BYTES:
                return  # nothing is left, and reading the end takes 1 % of a short call
    if was_read:  # a hook of your session read it, or its adapter keeps something else in `raw`
        yield answer.content


_own_sessions: weakref.WeakSet[OwnSession] = weakref.WeakSet()
_given_sessions: weakref.WeakSet[GivenSession] = weakref.WeakSet()


def _drop_connections_after_fork() -> None:
    """Drop inherited connections: two processes that read one socket would get each other's responses."""
    for own in _own_sessions:
        own.forget()
    for given in _given_sessions:
        given.renew()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_drop_connections_after_fork)
