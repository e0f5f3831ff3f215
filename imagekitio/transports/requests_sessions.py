"""The `requests.Session` behind a transport: one of its own, renewed in forked children, or one of the caller."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.utils import select_proxy

from . import direct
from .adapter import BasedRequest, PooledAdapter
from .settings import basic_authorization, user_agent

if TYPE_CHECKING:
    from .multipart import MultipartBody
    from .settings import Timeout

# Whole already, or with its body unread.
Answer = requests.Response | direct.Answer

# So many threads each find their connection again; more work too, with connections that are not kept.
POOLED_CONNECTIONS = 64


class Outgoing(NamedTuple):
    """One request as it goes to the HTTP library: `path` begins after the base URL, `body` may be read in blocks."""

    method: str
    base_url: str
    path: str
    headers: dict[str, str]
    body: bytes | MultipartBody | None
    auth: BasicAuth
    timeout: Timeout


class BasicAuth(AuthBase):
    """The private key as the user name of HTTP Basic authentication, with an empty password.

    Goes as ``auth=``, not as a header, because requests lets a ~/.netrc entry replace an Authorization header.
    """

    def __init__(self, private_key: str) -> None:
        self.header: str = basic_authorization(private_key)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self.header
        return request


class Anonymous(BasicAuth):
    """No authentication; an object all the same, because requests would look into ~/.netrc for None."""

    def __init__(self) -> None:
        self.header = ""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class Sender(Protocol):
    """Sends one request and returns the answer; follows no redirect."""

    def send(self, outgoing: Outgoing) -> Answer: ...

    def close(self) -> None: ...


class OwnSession:
    """Makes a session at the first request, and a new one after `close` and in a forked child.

    Requests go straight to the adapter, with headers and settings that are worked out once for each base URL:
    `Session.request` would read the environment and ~/.netrc and merge headers and cookies at every call, which
    doubles the time of a call. So what the environment says later about proxies and CA bundles is not noticed.
    """

    def __init__(self) -> None:
        self.forget()
        _own_sessions.add(self)

    def forget(self) -> None:
        """Start again without connections, and without a lock that a thread may have held when the process forked."""
        self._lock = threading.Lock()
        self._session: requests.Session | None = None
        self._common: dict[tuple[str, str], _Common] = {}

    def send(self, outgoing: Outgoing) -> Answer:
        session = self._session or self._made()
        key = (outgoing.base_url, outgoing.auth.header)
        common = self._common.get(key)
        if common is None:
            common = self._common[key] = _common(session, outgoing)
        if common.adapter is not None and not direct.is_watched() and (data := _whole_request(outgoing, common)):
            answer = common.adapter.send_directly(outgoing.base_url, outgoing.method, data, outgoing.timeout.read)
            if answer is not None:
                return answer
        request = BasedRequest()
        request.method, request.url = outgoing.method, outgoing.base_url + outgoing.path
        request.base_url, request.headers, request.body = outgoing.base_url, common.headers, outgoing.body
        if outgoing.headers:
            request.headers = common.headers.copy()
            request.headers.update(outgoing.headers)
        adapter = session.get_adapter(request.url)
        return adapter.send(request, stream=True, timeout=outgoing.timeout, **common.environment)

    def close(self) -> None:
        """Close the connections; the next request makes new ones."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.close()

    def _made(self) -> requests.Session:
        with self._lock:
            if self._session is None:
                session = requests.Session()
                for scheme in ("https://", "http://"):
                    session.mount(scheme, PooledAdapter(pool_maxsize=POOLED_CONNECTIONS))
                self._session, self._common = session, {}
            return self._session


class _Common(NamedTuple):
    """What all requests to one base URL have in common.

    Attributes:
        adapter: Sends directly; None where a proxy is between.
        target: What stands before each path.
        head: The headers, as they are sent.
    """

    headers: Any  # CaseInsensitiveDict, of which the type parameters differ between versions of requests
    environment: dict[str, Any]
    adapter: PooledAdapter | None
    target: str
    head: str


def _common(session: requests.Session, outgoing: Outgoing) -> _Common:
    request = requests.PreparedRequest()
    fixed = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate", "User-Agent": user_agent()}
    request.prepare(method="GET", url=outgoing.base_url, headers=fixed, auth=outgoing.auth)
    environment = environment_settings(session, outgoing.base_url)
    base = urlsplit(outgoing.base_url)
    lines = [f"Host: {base.netloc}", *(f"{name}: {value}" for name, value in request.headers.items())]
    adapter = session.get_adapter(outgoing.base_url)
    is_direct = direct.is_plain(base.netloc + base.path) and not select_proxy(outgoing.base_url, environment["proxies"])
    return _Common(
        headers=request.headers,
        environment=environment,
        adapter=adapter if is_direct and isinstance(adapter, PooledAdapter) else None,
        target=base.path,
        head="".join(f"{line}\r\n" for line in lines),
    )


def _whole_request(outgoing: Outgoing, common: _Common) -> bytes | None:
    """Return a request as it is sent; None where its body is not in one piece, or anything in it needs care."""
    body = outgoing.body or b""
    if not isinstance(body, bytes) or not direct.is_plain(outgoing.path):
        return None
    head = f"{outgoing.method} {common.target}{outgoing.path} HTTP/1.1\r\n{common.head}"
    for name, value in outgoing.headers.items():
        if not (value.isascii() and value.isprintable()) or name in common.headers:
            return None
        head += f"{name}: {value}\r\n"
    if not outgoing.headers and outgoing.method not in ("GET", "DELETE"):
        head += "Content-Length: 0\r\n"  # RFC 9110, section 8.6
    return f"{head}\r\n".encode("ascii") + body


def environment_settings(session: requests.Session, base_url: str) -> dict[str, Any]:
    """Return what the environment says about proxies, CA bundle and certificate: `proxies`, `verify`, `cert`."""
    settings = session.merge_environment_settings(base_url, {}, True, None, None)
    return {name: settings[name] for name in ("proxies", "verify", "cert")}


class GivenSession:
    """Uses a session of the caller as it is: its headers, cookies, hooks, adapters, proxies and certificates."""

    def __init__(self, session: requests.Session) -> None:
        self.session = session
        _given_sessions.add(self)

    def send(self, outgoing: Outgoing) -> requests.Response:
        data: Any = outgoing.body
        request = requests.Request(
            outgoing.method,
            outgoing.base_url + outgoing.path,
            headers=outgoing.headers,
            data=data,
            auth=outgoing.auth,
        )
        prepared = self.session.prepare_request(request)
        # requests decodes %2E, and a file id of two dots would then climb to another path.
        if "%2E" in outgoing.path and prepared.url is not None:
            _, _, query = prepared.url.partition("?")
            path = outgoing.path.partition("?")[0]
            prepared.url = outgoing.base_url + path + (f"?{query}" if query else "")
        environment = self.session.merge_environment_settings(prepared.url or "", {}, True, None, None)
        return self.session.send(prepared, timeout=outgoing.timeout, allow_redirects=False, **environment)

    def close(self) -> None:
        """Do nothing: the session is the caller's to close."""

    def renew(self) -> None:
        """Give the session new connection pools without touching the old ones."""
        for adapter in self.session.adapters.values():
            if isinstance(adapter, HTTPAdapter):
                state: Any = adapter
                state.__setstate__(state.__getstate__())  # how requests itself pickles adapters


_own_sessions: weakref.WeakSet[OwnSession] = weakref.WeakSet()
_given_sessions: weakref.WeakSet[GivenSession] = weakref.WeakSet()


def _after_fork_in_child() -> None:
    """Let go of the connections: on a socket that two processes read, each gets answers of the other."""
    for own in _own_sessions:
        own.forget()
    for given in _given_sessions:
        given.renew()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork_in_child)
