"""The `requests.Session` behind a transport: its own, which it makes anew in forked children, or yours."""

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

# Connections that are kept for each host. More threads may call at once; theirs are closed after each call.
POOLED_CONNECTIONS = 64

READ_BYTES = 64 * 1024

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",  # what every installation of urllib3 can unpack
    "User-Agent": user_agent(),
}


class OwnSession:
    """Makes a session at the first request, and a new one after `close` and in a forked child.

    Requests go through `Session.send` with the stock adapter, so that every tool which watches or replaces requests
    sees them. They are prepared here, because `Session.request` reads the environment and ~/.netrc and merges headers
    and cookies each time, which doubles the duration of a call.
    """

    def __init__(self) -> None:
        self.forget()
        _own_sessions.add(self)

    def forget(self) -> None:
        """Start again without connections, and without a lock that a thread may have held when the process forked."""
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
        """Close the connections; the next request makes new ones."""
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
        """Keep none."""


class _Session(requests.Session):
    def resolve_redirects(self, *_: Any, **__: Any) -> Iterator[Any]:
        """Yield nothing: even with ``allow_redirects=False``, `send` would read the whole body to prepare a request."""
        return iter(())


class GivenSession:
    """Uses your session as it is: its headers, cookies, hooks, adapters, proxies and certificates."""

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
        # requests decodes %2E, and a file id of two dots would then climb to another path.
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
                fresh = copy.copy(adapter)  # has pools of its own, but of a subclass only the attributes it lists
                vars(fresh).update({name: value for name, value in vars(adapter).items() if name not in vars(fresh)})
                self.session.mount(prefix, fresh)


class _KeepAuthorization(AuthBase):
    """Leaves the headers alone. Without an `auth`, requests would replace Authorization by an entry of ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _load_body(outgoing: Outgoing) -> bytes | MultipartBody | None:
    return outgoing.body.for_sending() if isinstance(outgoing.body, MultipartBody) else outgoing.body


def _convert_timeout(outgoing: Outgoing) -> Any:
    left = outgoing.request.within_seconds
    return tuple(outgoing.timeout) if left is None else urllib3.Timeout(left, *outgoing.timeout)


def read_blocks(answer: requests.Response) -> Iterator[bytes]:
    """Yield the body of an answer, unpacked, as it arrives: `iter_content` would wait until a block is full."""
    raw = answer.raw
    was_read = True
    if isinstance(raw, urllib3.HTTPResponse):
        while block := raw.read1(READ_BYTES, decode_content=True):
            was_read = False
            yield block
            if raw.closed and len(block) < READ_BYTES:
                return  # nothing is left, and to ask for the end takes 1 % of a short call
    if was_read:  # by a hook of your session; or its adapter keeps something else in `raw`
        yield answer.content


_own_sessions: weakref.WeakSet[OwnSession] = weakref.WeakSet()
_given_sessions: weakref.WeakSet[GivenSession] = weakref.WeakSet()


def _drop_connections_after_fork() -> None:
    """Let go of inherited connections: on a socket that two processes read, each gets answers of the other."""
    for own in _own_sessions:
        own.forget()
    for given in _given_sessions:
        given.renew()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_drop_connections_after_fork)
