"""Local ImageKit as an object: start it, use it, stop it."""

from __future__ import annotations

import atexit
import gc
import importlib.util
import os
import shutil
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .base.clock import Clock
from .base.settings import PRIVATE_KEY, PUBLIC_KEY, KeyPair, Settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    import requests

    from ..aio import AsyncImageKit
    from ..client import ImageKit
    from .delivery.traffic import Traffic
    from .events.outbox import Outgoing
    from .library.store import Store
    from .web.exchange import Controls, SeenRequest
    from .web.faults import Faults
    from .web.ratelimit import RateLimits
    from .web.serving import ServerThread

BACKLOG = 2048  # connections that wait to be accepted

# The modules of the extra ``local``, and what pip calls their packages.
_EXTRA = {
    "starlette": "starlette",
    "uvicorn": "uvicorn",
    "python_multipart": "python-multipart",
    "pyvips": '"pyvips[binary]"',
    "jwt": "pyjwt",
}


class LocalImageKit:
    """An ImageKit on this machine, for development and tests: API, uploads and delivery on one port.

    ::

        with LocalImageKit() as server:
            imagekit = server.client()
            imagekit.upload_file(file=b"...", file_name="a.jpg")

    Args:
        port: 0 takes a free one.
        data: Folder that keeps the data; None keeps them in a temporary one until `stop`.
        host: Address to listen on. Others than loopback let the network in.
        keys: Key pairs to accept; the first is that of `client`. All other keys are refused.
        imagekit_id: First segment of delivery URLs.
        settings: Further attributes of `imagekitio.local.base.settings.Settings`, such as `public_url`.
    Attributes:
        clock: Its time: ``clock.freeze(…)``, ``clock.advance(…)``; see `imagekitio.local.base.clock.Clock`.
        faults: What goes wrong on purpose: ``faults.add(status=503, times=2)``; see `imagekitio.local.web.faults`.
        rate_limits: ``rate_limits.set((100, 1))``; see `imagekitio.local.web.ratelimit.RateLimits`.
    Raises:
        ImportError: The packages of the extra ``local`` are missing.
        TypeError: A setting that does not exist.
        ValueError: A port, a setting or a rate limit that is not valid.
    """

    def __init__(
        self,
        port: int = 0,
        data: str | Path | None = None,
        host: str = "127.0.0.1",
        keys: Iterable[KeyPair] = (KeyPair(PUBLIC_KEY, PRIVATE_KEY),),
        imagekit_id: str = "local",
        **settings: Any,
    ) -> None:
        missing = [name for name in _EXTRA if importlib.util.find_spec(name) is None]
        if missing:
            raise ImportError(
                f"local ImageKit needs packages that are not installed ({', '.join(missing)}). Install them with\n"
                f"    pip install {' '.join(_EXTRA[name] for name in missing)}\n"
                'or install imagekitio with the extra "local" (README, "Installation").'
            )
        if not 0 <= port <= 65535:
            raise ValueError(f"port must be a number from 0 to 65535 (got {port})")
        with _without_garbage_collection():
            from .web.faults import Faults
            from .web.ratelimit import RateLimits

        self.clock: Clock = settings.pop("clock", None) or Clock()
        self._host, self._port = host, port
        self._data = None if data is None else Path(data)
        self._options: dict[str, Any] = {"keys": tuple(keys), "imagekit_id": imagekit_id, **settings}
        # Refuses unknown settings now rather than at the start.
        checked = Settings(data=Path(), clock=self.clock, **self._options)
        self._keys = checked.keys
        self.faults: Faults = Faults()
        self.rate_limits: RateLimits = RateLimits(
            checked.rate_limits, self.clock, shows_headers=checked.rate_limit_headers
        )
        self._running: _Running | None = None

    def start(self) -> LocalImageKit:
        """Start, and return when requests are answered.

        Raises:
            OSError: The port is taken, or the data folder is used by another local ImageKit, or cannot be read.
            ValueError: The data were written by a newer release.
        """
        if self._running is not None:
            raise RuntimeError("local ImageKit is running already")
        from .web.exchange import Controls

        controls = Controls(self.faults, self.rate_limits)
        with _without_garbage_collection():
            self._running = _Running(self._host, self._port, self._data, self.clock, controls, self._options)
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

    def __enter__(self) -> LocalImageKit:
        return self.start()

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Base URL of both API hosts for this machine, such as ``http://127.0.0.1:8080``."""
        return self._now_running().url

    @property
    def url_endpoint(self) -> str:
        """What delivery URLs start with, such as ``http://127.0.0.1:8080/local``."""
        return self.settings.url_endpoints().primary

    @property
    def public_key(self) -> str:
        return self._keys[0].public_key

    @property
    def private_key(self) -> str:
        return self._keys[0].private_key

    @property
    def control_token(self) -> str:
        """Credentials for the control API under ``/_local/``, new at each start; see `imagekitio.local.control`."""
        return self._now_running().controls.token

    @property
    def settings(self) -> Settings:
        return self._now_running().store.settings

    @property
    def requests(self) -> list[SeenRequest]:
        """What was asked since the start or the last reset, the latest 10,000: method, path, query, status and more."""
        return list(self._now_running().controls.seen)

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point an application at this local ImageKit."""
        return self.settings.environment()

    def client(self, **options: Any) -> ImageKit:
        """Return a client that talks to this local ImageKit and lives in its time.

        Args:
            options: Arguments of `ImageKit`, which take precedence over those for this local ImageKit.
        """
        from ..client import ImageKit

        return ImageKit(**self._client_arguments(options, session=self._now_running().direct_session()))

    def async_client(self, **options: Any) -> AsyncImageKit:
        """Return the same for asyncio; `options` are arguments of `AsyncImageKit`."""
        from ..aio import AsyncImageKit

        return AsyncImageKit(**self._client_arguments(options))

    def _client_arguments(self, given: dict[str, Any], **own: Any) -> dict[str, Any]:
        account = {"public_key": self.public_key, "private_key": self.private_key, "url_endpoint": self.url_endpoint}
        own |= {"api_base_url": self.url, "upload_base_url": self.url, "clock": self.clock.time}
        given = {name: value for name, value in given.items() if value is not None}
        return {**account, **given, "options": {**own, **given.get("options", {})}}

    def reset(self) -> None:
        """Forget all data, requests and faults, and go back to the real time and the rate limits of the start."""
        from .control import reset_all

        running = self._now_running()
        reset_all(running.store, running.controls, running.traffic)

    def seed(self, folder: str | Path) -> list[str]:
        """Store all files below a folder of this machine, under the same paths; return these, sorted.

        Names are cleaned as uploads clean them; a file that is there already gets a new version. Hidden files and
        folders, whose name starts with a dot, are left out.

        Raises:
            NotADirectoryError: `folder` is none.
            ValueError: A file is empty, which the service does not store; nothing was stored.
            imagekitio.local.base.errors.ApiError: A file that an upload would refuse.
        """
        from .uploads.seeding import seed

        return seed(self._now_running().store, Path(folder))

    @property
    def webhooks(self) -> list[Outgoing]:
        """What was sent to webhooks and to `webhookUrl` of uploads and updates, or will be, the oldest first."""
        from .control import outbox_of

        return outbox_of(self._now_running().store)

    def flush_webhooks(self, seconds: float = 30.0) -> list[Outgoing]:
        """Do now what is pending: extensions, transformations after uploads, webhooks; return `webhooks` then.

        Each is done, or was tried once more, however far off its moment is by the clock.

        Raises:
            TimeoutError: That took longer than `seconds`.
        """
        self._now_running().background.flush(seconds)
        return self.webhooks

    def _now_running(self) -> _Running:
        if self._running is None:
            raise RuntimeError("local ImageKit is not running: call start() or use it in a with statement")
        return self._running


class _Running:
    """Everything that lives from start to stop."""

    store: Store
    traffic: Traffic
    _thread: ServerThread

    def __init__(
        self, host: str, port: int, data: Path | None, clock: Clock, controls: Controls, options: dict[str, Any]
    ) -> None:
        # Imported here, so that only who starts a server waits for its libraries.
        from .app import make_app
        from .background import Background
        from .delivery.traffic import Traffic
        from .events.changes import queue_changes
        from .library.store import Store
        from .web.serving import ServerThread

        self.process_id: int = os.getpid()
        listener = _listen(host, port)
        self.controls: Controls = controls
        self._session: requests.Session | None = None
        self._temporary: Path | None = None
        try:
            self.url = _base_url(host, listener.getsockname()[1])
            if data is None:
                data = self._temporary = Path(tempfile.mkdtemp(prefix="imagekit-local-"))
            settings = Settings(data=data, address=self.url, clock=clock, **options)
            self.store = Store(settings, before_commit=queue_changes)
            self.traffic = Traffic(self.store)
            self.background: Background = Background(self.store, self.traffic)
            try:
                app = make_app(self.store, controls, self.background, self.traffic)
                self._thread = ServerThread(app, listener)
            except BaseException:
                self.background.stop()
                self.store.close()
                raise
        except BaseException:
            listener.close()
            self._remove_temporary()
            raise

    def direct_session(self) -> requests.Session | None:
        """A session that leaves out the proxy of the environment, which cannot reach this machine's loopback address.

        None without such a proxy: the session that a client makes for itself is faster.
        """
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
        self.background.stop()
        try:
            self.traffic.flush()
        finally:
            self.store.close()
        self._remove_temporary()

    def _remove_temporary(self) -> None:
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)


@contextmanager
def _without_garbage_collection() -> Generator[None]:
    """For imports: what they make stays, and looking through it again and again takes a tenth of the start."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _listen(host: str, port: int) -> socket.socket:
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
        raise OSError(number, f"local ImageKit cannot listen on {host} port {port}: {reason}") from exc
    return listener


def _base_url(host: str, port: int) -> str:
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
