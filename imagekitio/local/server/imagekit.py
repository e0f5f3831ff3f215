"""The class that starts, controls and stops local ImageKit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..base.clock import Clock
from ..base.settings import PRIVATE_KEY, PUBLIC_KEY, KeyPair, Settings, check_pairs
from .base import LocalServer, without_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...aio import AsyncImageKit
    from ...client import ImageKit
    from ..events.outbox import Outgoing
    from ..web.exchange import Controls
    from ..web.faults import Faults
    from ..web.ratelimit import RateLimits


class LocalImageKit(LocalServer["_ImageKitBackend"]):
    """ImageKit on your own machine, for development and tests: API, uploads and delivery on one port.

    ::

        with LocalImageKit() as server:
            imagekit = server.client()
            imagekit.upload_file(file=b"...", file_name="a.jpg")

    Args:
        port: Port to listen on; 0 picks a free one.
        data: Folder to keep the data in; None keeps it in a temporary folder until `stop`.
        host: Address to listen on. Any address other than loopback is open to the network.
        keys: Key pairs to accept; `client` uses the first. All other keys are refused.
        imagekit_id: First path segment of delivery URLs.
        settings: Other attributes of `imagekitio.local.base.settings.Settings`, such as `public_url`.
    Attributes:
        clock: The server's clock: ``clock.freeze(…)``, ``clock.advance(…)``; see `imagekitio.local.base.clock.Clock`.
        faults: Faults to inject: ``faults.add(status=503, times=2)``; see `imagekitio.local.web.faults`.
        rate_limits: The rate limits: ``rate_limits.set((100, 1))``; see `imagekitio.local.web.ratelimit.RateLimits`.
    Raises:
        ImportError: The packages of the extra ``local`` are missing.
        TypeError: An argument or setting is unknown or has the wrong type.
        ValueError: A port, setting or rate limit is not valid.
    """

    service: ClassVar[str] = "ImageKit"
    client_name: ClassVar[str] = "ImageKit"
    control_credentials: ClassVar[str] = "the private key; seeding needs this token"

    def __init__(
        self,
        port: int = 0,
        data: str | Path | None = None,
        host: str = "127.0.0.1",
        keys: Iterable[KeyPair] = (KeyPair(PUBLIC_KEY, PRIVATE_KEY),),
        imagekit_id: str = "local",
        **settings: Any,
    ) -> None:
        super().__init__(port, data, host)
        with without_garbage_collection():
            from ..web.faults import Faults
            from ..web.operations import NAMES
            from ..web.ratelimit import RateLimits

        self._check_names(settings, Settings)
        clock = settings.pop("clock", None)
        self.clock: Clock = Clock() if clock is None else clock
        self._options: dict[str, Any] = {"keys": check_pairs(keys), "imagekit_id": imagekit_id, **settings}
        # Refuses settings that are not valid now rather than in `start`.
        self._initial_settings = Settings(data=self._data or Path(), address="", clock=self.clock, **self._options)
        self.faults: Faults = Faults(NAMES)
        self.rate_limits: RateLimits = RateLimits(
            self._initial_settings.rate_limits, self.clock, shows_headers=self._initial_settings.rate_limit_headers
        )

    @property
    def url(self) -> str:
        """Base URL of the API and of uploads, such as ``http://127.0.0.1:8080``."""
        return super().url

    @property
    def page_url(self) -> str:
        """URL of the server's web page."""
        return f"{self._backend.store.settings.base_url()}/"

    @property
    def url_endpoint(self) -> str:
        """The URL endpoint: the start of all delivery URLs, such as ``http://127.0.0.1:8080/local``."""
        return self._backend.store.settings.url_endpoints().primary

    @property
    def public_key(self) -> str:
        return self._initial_settings.keys[0].public_key

    @property
    def private_key(self) -> str:
        return self._initial_settings.keys[0].private_key

    @property
    def settings(self) -> Settings:
        """All settings. Until the server runs, `address` is empty, and so is `data` if the folder is temporary."""
        return self._initial_settings if self._running is None else self._backend.store.settings

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point an application at this local ImageKit."""
        return self._backend.store.settings.environment()

    def client(self, **options: Any) -> ImageKit:
        """Return a client that talks to this local ImageKit and uses its clock.

        Args:
            options: Arguments of `ImageKit`, which override those that point the client at this local ImageKit.
        """
        from ...client import ImageKit

        return ImageKit(**self._client_arguments(options, session=self._direct_session()))

    def async_client(self, **options: Any) -> AsyncImageKit:
        """Return an asyncio client that talks to this local ImageKit; `options` are arguments of `AsyncImageKit`."""
        from ...aio import AsyncImageKit

        return AsyncImageKit(**self._client_arguments(options))

    def _client_arguments(self, given: dict[str, Any], **own: Any) -> dict[str, Any]:
        account = {"public_key": self.public_key, "private_key": self.private_key, "url_endpoint": self.url_endpoint}
        own |= {"api_base_url": self.url, "upload_base_url": self.url, "clock": self.clock.time}
        given = {name: value for name, value in given.items() if value is not None}
        return {**account, **given, "options": {**own, **given.get("options", {})}}

    def seed(self, folder: str | Path) -> list[str]:
        """Store all files of a local folder and its subfolders under the same paths; return the paths, sorted.

        Names are sanitised as in an upload, and an existing file gets a new version. Hidden files and folders, whose
        names start with a dot, are left out.

        Raises:
            NotADirectoryError: `folder` is not a folder.
            ValueError: A file is empty, which the service does not store; nothing was stored.
            imagekitio.local.base.errors.ApiError: An upload would refuse one of the files.
        """
        from ..uploads.seeding import seed

        return seed(self._backend.store, Path(folder))

    @property
    def webhooks(self) -> list[Outgoing]:
        """Everything that was or will be sent to webhooks and to `webhookUrl` of uploads and updates, oldest first."""
        from ..control.imagekit import outbox_of

        return outbox_of(self._backend.store)

    def flush_webhooks(self, seconds: float = 30.0) -> list[Outgoing]:
        """Run all pending extensions, post-transformations and webhooks now; return `webhooks` afterwards.

        Each is finished or was tried once more, no matter how far in the future the clock says it is due.

        Raises:
            TimeoutError: The work took longer than `seconds`.
        """
        self._backend.background.flush(seconds)
        return self.webhooks

    def _open(self, data: Path, address: str) -> _ImageKitBackend:
        from ..web.exchange import Controls

        settings = Settings(data=data, address=address, clock=self.clock, **self._options)
        return _ImageKitBackend(settings, Controls(self.faults, self.rate_limits))


class _ImageKitBackend:
    """The application of local ImageKit, its media library and its background work."""

    def __init__(self, settings: Settings, controls: Controls[RateLimits]) -> None:
        # Imported here, so that only programs that start a server wait for its libraries.
        from ..app import make_app
        from ..background import Background
        from ..delivery.traffic import Traffic
        from ..events.changes import queue_changes
        from ..library.store import Store
        from ..web.imagekit import ImageKitSite

        self.controls: Controls[RateLimits] = controls
        self.site = ImageKitSite(settings.imagekit_id)
        self.store = Store(settings, before_commit=queue_changes)
        self.traffic = Traffic(self.store)
        self.background = Background(self.store, self.traffic)
        try:
            self.app = make_app(self.store, self.site, controls, self.background, self.traffic)
        except BaseException:
            self.stop()
            raise

    def reset(self) -> None:
        from ..control.imagekit import reset_all

        reset_all(self.store, self.controls, self.traffic)

    def stop(self) -> None:
        self.background.stop()
        try:
            self.traffic.flush()
        finally:
            self.store.close()
