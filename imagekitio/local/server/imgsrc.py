"""The class that starts, controls and stops local img-src."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from ..base.clock import Clock
from ..imgsrc.settings import API_KEY, USERNAME, ApiKey, ImgsrcSettings, read_api_keys
from .base import LocalServer, without_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...imgsrc import AsyncImgsrc, Imgsrc
    from ..imgsrc.limits.ratelimit import KeyLimits
    from ..web.exchange import Controls
    from ..web.faults import Faults


class LocalImgsrc(LocalServer["_ImgsrcBackend"]):
    """img-src.io on your own machine, for development and tests: API, uploads and delivery on one port.

    ::

        with LocalImgsrc() as server:
            imgsrc = server.client()
            imgsrc.images.upload_image(file=b"...", target_path="photos/a.jpg")

    Args:
        port: Port to listen on; 0 picks a free one.
        data: Folder to keep the data in; None keeps it in a temporary folder until `stop`.
        host: Address to listen on. Any address other than loopback is open to the network.
        api_keys: API keys to accept, such as ``["imgsrc_abc"]``; `client` uses the first. All other keys are
            refused. A str is a key with both scopes; use `ApiKey` to restrict one.
        username: User name in delivery URLs.
        settings: Other attributes of `imagekitio.local.imgsrc.settings.ImgsrcSettings`, such as ``plan="free"``; the
            account has the plan ``pro`` by default.
    Attributes:
        clock: The server's clock: ``clock.freeze(…)``, ``clock.advance(…)``; see `imagekitio.local.base.clock.Clock`.
        faults: Faults to inject: ``faults.add(status=503, times=2)``; see `imagekitio.local.web.faults`. Operations
            are named after the client's methods, such as ``images.upload_image``; ``delivery`` means files.
        rate_limits: The rate limits: ``rate_limits.set((5, 60))``; see
            `imagekitio.local.imgsrc.limits.ratelimit.KeyLimits`.
    Raises:
        ImportError: The packages of the extra ``local`` are missing.
        TypeError: An argument or setting is unknown or has the wrong type.
        ValueError: A port or setting is not valid.
    """

    service: ClassVar[str] = "img-src"
    client_name: ClassVar[str] = "Imgsrc"
    control_credentials: ClassVar[str] = "the API key, or this token"

    def __init__(
        self,
        port: int = 0,
        data: str | Path | None = None,
        host: str = "127.0.0.1",
        api_keys: Iterable[ApiKey | str] = (API_KEY,),
        username: str = USERNAME,
        **settings: Any,
    ) -> None:
        super().__init__(port, data, host)
        with without_garbage_collection():
            from ..imgsrc.limits.ratelimit import KeyLimits
            from ..imgsrc.operations import NAMES
            from ..web.faults import Faults

        self._check_names(settings, ImgsrcSettings)
        clock = settings.pop("clock", None)
        self.clock: Clock = Clock() if clock is None else clock
        self._options: dict[str, Any] = {"api_keys": read_api_keys(api_keys), "username": username, **settings}
        # Refuses settings that are not valid now rather than in `start`.
        data_folder = self._data or Path()
        self._initial_settings = ImgsrcSettings(data=data_folder, address="", clock=self.clock, **self._options)
        self.faults: Faults = Faults(NAMES)
        self.rate_limits: KeyLimits = KeyLimits(self._initial_settings.limits.requests_per_minute, self.clock)

    @property
    def delivery_url(self) -> str:
        """The start of delivery URLs, up to the user name, such as ``http://127.0.0.1:8080/i``."""
        return self._backend.store.settings.delivery_url()

    @property
    def username(self) -> str:
        return self._initial_settings.username

    @property
    def api_key(self) -> str:
        return self._initial_settings.api_keys[0].key

    @property
    def settings(self) -> ImgsrcSettings:
        """All settings. Until the server runs, `address` is empty, and so is `data` if the folder is temporary."""
        return self._initial_settings if self._running is None else self._backend.store.settings

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that point an application at this local img-src."""
        return self._backend.store.settings.environment()

    def client(self, **options: Any) -> Imgsrc:
        """Return a client that talks to this local img-src.

        Args:
            options: Arguments of `Imgsrc`, which override those that point the client at this local img-src.
        """
        from ...imgsrc import Imgsrc

        session = self._direct_session()
        return Imgsrc(**self._client_arguments(options, **({} if session is None else {"client": session})))

    def async_client(self, **options: Any) -> AsyncImgsrc:
        """Return an asyncio client that talks to this local img-src; `options` are arguments of `AsyncImgsrc`."""
        from ...imgsrc import AsyncImgsrc

        return AsyncImgsrc(**self._client_arguments(options))

    def _client_arguments(self, given: dict[str, Any], **own: Any) -> dict[str, Any]:
        account = {"bearer_auth": self.api_key, "server_url": self.url, "username": self.username}
        return {**account, "delivery_url": self.delivery_url, **own, **given}

    def _open(self, data: Path, address: str) -> _ImgsrcBackend:
        from ..web.exchange import Controls

        settings = ImgsrcSettings(data=data, address=address, clock=self.clock, **self._options)
        return _ImgsrcBackend(settings, Controls(self.faults, self.rate_limits))


class _ImgsrcBackend:
    """The application of local img-src and its data."""

    def __init__(self, settings: ImgsrcSettings, controls: Controls[KeyLimits]) -> None:
        # Imported here, so that only programs that start a server wait for its libraries.
        from ..imgsrc.app import make_app
        from ..imgsrc.limits.meter import Meter
        from ..imgsrc.site import ImgsrcSite
        from ..imgsrc.store import ImgsrcStore

        self.controls: Controls[KeyLimits] = controls
        self.site = ImgsrcSite(settings.username, controls.rate_limits)
        self.store = ImgsrcStore(settings)
        self.meter = Meter(self.store)
        try:
            self.app = make_app(self.store, self.site, controls, self.meter)
        except BaseException:
            self.stop()
            raise

    def reset(self) -> None:
        from ..imgsrc.app import reset_all

        reset_all(self.store, self.controls, self.meter)

    def stop(self) -> None:
        try:
            self.meter.flush()
        finally:
            self.store.close()
