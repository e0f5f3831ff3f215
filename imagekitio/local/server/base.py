"""The base class of all local servers, for any service."""

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
from ..base.checks import has_type

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

BACKLOG = 2048  # connections that may wait to be accepted

# The modules of the extra ``local``, and the names that pip installs them by.
_EXTRA = {
    "starlette": "starlette",
    "uvicorn": "uvicorn",
    "python_multipart": "python-multipart",
    "pyvips": '"pyvips[binary]"',
    "jwt": "pyjwt",
}


class Backend(Protocol):
    """The application of a local server and the data behind it, from start to stop."""

    @property
    def app(self) -> ASGIApp: ...

    @property
    def site(self) -> Site: ...

    @property
    def controls(self) -> Controls[Limiter]: ...

    def reset(self) -> None:
        """Delete all data, requests and faults, and restore the real time and the initial rate limits."""

    def stop(self) -> None:
        """Free everything. Called when no request is in progress any more, or when the server failed to start."""


B = TypeVar("B", bound=Backend)
S = TypeVar("S", bound="LocalServer[Any]")


class LocalServer(ABC, Generic[B]):
    """A service on this machine, for development and tests.

    Args:
        port: Port to listen on; 0 picks a free one.
        data: Folder to keep the data in; None keeps it in a temporary folder until `stop`.
        host: Address to listen on. Any address other than loopback is open to the network.
    Attributes:
        service: Name of the service.
        client_name: Name of its client class.
        control_credentials: The credentials that the control API accepts, worded so that the control token follows.
        clock: The server's clock: ``clock.freeze(…)``, ``clock.advance(…)``; see `imagekitio.local.base.clock.Clock`.
        faults: Faults to inject: ``faults.add(status=503, times=2)``; see `imagekitio.local.web.faults`.
    Raises:
        ImportError: The packages of the extra ``local`` are missing.
        TypeError: An argument has the wrong type.
        ValueError: An argument is not valid.
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
        if not has_type(port, (int,)):
            raise TypeError(f"port must be a number from 0 to 65535 (got {port!r})")
        if not 0 <= port <= 65535:
            raise ValueError(f"port must be a number from 0 to 65535 (got {port})")
        if not isinstance(host, str):
            raise TypeError(f"host must be an address such as 127.0.0.1 (got {host!r})")
        if not host:  # the operating system would listen on all addresses
            raise ValueError("host must be an address such as 127.0.0.1; 0.0.0.0 is open to the network (got '')")
        if not isinstance(data, (str, os.PathLike, type(None))):
            raise TypeError(f"data must be a str or a Path, or None (got {data!r})")
        if data == "":
            raise ValueError("data must be a folder (got '')")
        self._host, self._port = host, port
        self._data = None if data is None else Path(data)
        self._running: _Running[B] | None = None

    @classmethod
    def _check_names(cls, given: Iterable[str], settings: type[DataclassInstance]) -> None:
        """Refuse arguments that are not attributes of `settings`, and suggest the nearest name.

        Raises:
            TypeError: An argument is unknown.
        """
        known = {"port", "host", *(each.name for each in fields(settings))} - {"address"}  # follows from the port
        for name in given:
            if name not in known:
                raise TypeError(f"{cls.__name__}() has no argument {name!r}{did_you_mean(name, known)}")

    @abstractmethod
    def _open(self, data: Path, address: str) -> B:
        """Open the data in a folder; `address` is the base URL of the server."""

    def start(self: S) -> S:
        """Start the server, and return once it answers requests.

        Raises:
            OSError: The port is taken, or the data folder is in use by another local server or cannot be read.
            ValueError: The data was written by a newer release, or belongs to another service.
            RuntimeError: The server is already running.
        """
        if self._running is not None:
            raise RuntimeError(f"local {self.service} is already running")
        with without_garbage_collection():
            self._running = _Running(self.service, self._host, self._port, self._data, self._open)
        atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """Stop the server, free everything and remove temporary data. Do nothing if it is not running.

        In a forked child, only forget the server: it belongs to the parent, where it keeps running.
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
        return self._require_running().url

    @property
    def page_url(self) -> str | None:
        """URL of the server's web page; None if it has none."""
        return None

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The environment variables that point an application at this server."""

    @property
    def control_token(self) -> str:
        """Credentials for the control API under ``/_local/``, new at each start; see `imagekitio.local.control`."""
        return self._backend.controls.token

    @property
    def requests(self) -> list[SeenRequest]:
        """The last 10,000 requests since the start or the last reset: method, path, query, status and more."""
        return list(self._backend.controls.seen)

    def reset(self) -> None:
        """Delete all data, requests and faults, and restore the real time and the initial rate limits."""
        self._backend.reset()

    @property
    def _backend(self) -> B:
        return self._require_running().backend

    def _direct_session(self) -> Session | None:
        """Return a session that ignores the environment's proxy, which cannot reach this machine's loopback address.

        Return None if there is no such proxy: the client's own session is faster.
        """
        return self._require_running().direct_session()

    def _require_running(self) -> _Running[B]:
        if self._running is None:
            raise RuntimeError(f"local {self.service} is not running: call start() or use it in a with statement")
        return self._running


class _Running(Generic[B]):
    """Everything that exists from start to stop."""

    backend: B
    _thread: ServerThread

    def __init__(
        self, service: str, host: str, port: int, data: Path | None, open_backend: Callable[[Path, str], B]
    ) -> None:
        # Imported here, so that only programs that start a server wait for its libraries.
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
        """Return the session of `LocalServer._direct_session`."""
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
    """Suspend garbage collection during imports: it would free nothing, and takes a tenth of the startup time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _listen(service: str, host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sets TCP_NODELAY only if the protocol is given; without it each response takes 40 ms longer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # on other systems it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, UnicodeError) as exc:  # UnicodeError: the host name is not valid
        listener.close()
        number, reason = (exc.errno, exc.strerror) if isinstance(exc, OSError) else (None, exc)
        raise OSError(number, f"local {service} cannot listen on {host} port {port}: {reason}") from exc
    return listener


def _base_url(host: str, port: int) -> str:
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
