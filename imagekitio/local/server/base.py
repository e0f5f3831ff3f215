"""What local servers have in common, whichever service they play."""

from __future__ import annotations

import atexit
import gc
import importlib.util
import os
import shutil
import socket
import tempfile
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from ...suggestions import did_you_mean
from ..base.checks import is_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from _typeshed import DataclassInstance
    from requests import Session
    from starlette.types import ASGIApp

    from ..base.clock import Clock
    from ..web.exchange import Controls, SeenRequest
    from ..web.faults import Faults
    from ..web.ratelimit import Limiter
    from ..web.serving import ServerThread
    from ..web.site import Site

BACKLOG = 2048  # connections that wait to be accepted

# The modules of the extra ``local``, and what pip calls their packages.
_EXTRA = {
    "starlette": "starlette",
    "uvicorn": "uvicorn",
    "python_multipart": "python-multipart",
    "pyvips": '"pyvips[binary]"',
    "jwt": "pyjwt",
}


class Backend(Protocol):
    """What a local server serves, from start to stop: an application, and the data behind it."""

    @property
    def app(self) -> ASGIApp: ...

    @property
    def site(self) -> Site: ...

    @property
    def controls(self) -> Controls[Limiter]: ...

    def reset(self) -> None:
        """Forget all data, requests and faults, and go back to the real time and the rate limits of the start."""

    def stop(self) -> None:
        """Free everything; called when no request is under way any more, or when none could be served."""


B = TypeVar("B", bound=Backend)
S = TypeVar("S", bound="LocalServer[Any]")


class LocalServer(ABC, Generic[B]):
    """A service on this machine, for development and tests.

    Args:
        port: 0 takes a free one.
        data: Folder that keeps the data; None keeps them in a temporary one until `stop`.
        host: Address to listen on. Others than loopback let the network in.
    Attributes:
        service: Name of the service.
        client_name: Name of the class of its client.
        control_credentials: What the control API takes, in words that end with the control token.
        clock: Its time: ``clock.freeze(…)``, ``clock.advance(…)``; see `imagekitio.local.base.clock.Clock`.
        faults: What goes wrong on purpose: ``faults.add(status=503, times=2)``; see `imagekitio.local.web.faults`.
    Raises:
        ImportError: The packages of the extra ``local`` are missing.
        TypeError: An argument of a wrong type.
        ValueError: An argument that is not valid.
    """

    service: ClassVar[str]
    client_name: ClassVar[str]
    control_credentials: ClassVar[str]
    clock: Clock
    faults: Faults

    def __init__(self, port: int, data: str | Path | None, host: str) -> None:
        missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
        if missing:
            raise ImportError(
                f"local {self.service} needs packages that are not installed ({', '.join(missing)}). Install them with"
                f"\n    pip install {' '.join(_EXTRA[name] for name in missing)}\n"
                'or install imagekitio with the extra "local" (README, "Installation").'
            )
        if not is_of(port, (int,)):
            raise TypeError(f"port must be a number from 0 to 65535 (got {port!r})")
        if not 0 <= port <= 65535:
            raise ValueError(f"port must be a number from 0 to 65535 (got {port})")
        if not isinstance(host, str):
            raise TypeError(f"host must be an address such as 127.0.0.1 (got {host!r})")
        if not host:  # which the operating system takes for all addresses
            raise ValueError("host must be an address such as 127.0.0.1; 0.0.0.0 lets the network in (got '')")
        if not isinstance(data, (str, os.PathLike, type(None))):
            raise TypeError(f"data must be a str or a Path, or None (got {data!r})")
        if data == "":
            raise ValueError("data must be a folder (got '')")
        self._host, self._port = host, port
        self._data = None if data is None else Path(data)
        self._running: _Running[B] | None = None

    @classmethod
    def _check_names(cls, given: Iterable[str], settings: type[DataclassInstance]) -> None:
        """Refuse arguments that are not attributes of `settings`, and suggest the nearest.

        Raises:
            TypeError: One of them.
        """
        known = {"port", "host", *(each.name for each in fields(settings))} - {"address"}  # which the port decides
        for name in given:
            if name not in known:
                raise TypeError(f"{cls.__name__}() has no argument {name!r}{did_you_mean(name, known)}")

    @abstractmethod
    def _open(self, data: Path, address: str) -> B:
        """Open the data in a folder; `address` is the base URL at which they will be served."""

    def start(self: S) -> S:
        """Start, and return when requests are answered.

        Raises:
            OSError: The port is taken, or the data folder is used by another local server, or cannot be read.
            ValueError: The data were written by a newer release, or belong to another service.
        """
        if self._running is not None:
            raise RuntimeError(f"local {self.service} is running already")
        with without_garbage_collection():
            self._running = _Running(self.service, self._host, self._port, self._data, self._open)
        atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """Stop and free everything; the temporary data are removed. Does nothing when it is not running.

        In a forked child it forgets the server, which goes on: that and the data are the parent's.
        """
        atexit.unregister(self.stop)
        running, self._running = self._running, None
        if running is not None and running.process_id == os.getpid():
            running.stop()

    def __enter__(self: S) -> S:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Base URL of the API, such as ``http://127.0.0.1:8080``."""
        return self._now_running().url

    @property
    def page_url(self) -> str | None:
        """URL of its page for browsers; None if it has none."""
        return None

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The environment variables that point an application at it."""

    @property
    def control_token(self) -> str:
        """Credentials for the control API under ``/_local/``, new at each start; see `imagekitio.local.control`."""
        return self._backend.controls.token

    @property
    def requests(self) -> list[SeenRequest]:
        """What was asked since the start or the last reset, the latest 10,000: method, path, query, status and more."""
        return list(self._backend.controls.seen)

    def reset(self) -> None:
        """Forget all data, requests and faults, and go back to the real time and the rate limits of the start."""
        self._backend.reset()

    @property
    def _backend(self) -> B:
        return self._now_running().backend

    def _direct_session(self) -> Session | None:
        """A session that leaves out the proxy of the environment, which cannot reach this machine's loopback address.

        None without such a proxy: the session that a client makes for itself is faster.
        """
        return self._now_running().direct_session()

    def _now_running(self) -> _Running[B]:
        if self._running is None:
            raise RuntimeError(f"local {self.service} is not running: call start() or use it in a with statement")
        return self._running


class _Running(Generic[B]):
    """Everything that lives from start to stop."""

    backend: B
    _thread: ServerThread

    def __init__(
        self, service: str, host: str, port: int, data: Path | None, open_backend: Callable[[Path, str], B]
    ) -> None:
        # Imported here, so that only who starts a server waits for its libraries.
        from ..web.serving import ServerThread

        self.process_id: int = os.getpid()
        listener = _listen(service, host, port)
        self._session: Session | None = None
        self._temporary: Path | None = None
        try:
            self.url = _base_url(host, listener.getsockname()[1])
            if data is None:
                data = self._temporary = Path(tempfile.mkdtemp(prefix=f"{service.lower()}-local-"))
            self.backend = open_backend(data, self.url)
            try:
                self._thread = ServerThread(self.backend.app, self.backend.site, listener)
            except BaseException:
                self.backend.stop()
                raise
        except BaseException:
            listener.close()
            self._remove_temporary()
            raise

    def direct_session(self) -> Session | None:
        """See `LocalServer._direct_session`."""
        import requests
        from requests.utils import get_environ_proxies, select_proxy

        if select_proxy(self.url, get_environ_proxies(self.url, no_proxy=None)) is None:
            return None
        if self._session is None:
            self._session = requests.Session()
            self._session.trust_env = False
        return self._session

    def stop(self) -> None:
        if self._session is not None:
            self._session.close()
        self._thread.stop()
        try:
            self.backend.stop()
        finally:
            self._remove_temporary()

    def _remove_temporary(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)


@contextmanager
def without_garbage_collection() -> Generator[None]:
    """For imports: what they make stays, and looking through it again and again takes a tenth of the start."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _listen(service: str, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio sets TCP_NODELAY only then; without it each answer takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, UnicodeError) as exc:  # UnicodeError: not a host name
        listener.close()
        number, reason = (exc.errno, exc.strerror) if isinstance(exc, OSError) else (None, exc)
        raise OSError(number, f"local {service} cannot listen on {host} port {port}: {reason}") from exc
    return listener


def _base_url(host: str, port: int) -> str:
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
