"""What both clients are made of: keys, endpoint and settings, read when the client is made, and the transport."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .settings import Settings
from .urls.builder import UrlBuilder
from .urls.building import CAMEL_CASE, OPTIONS

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping

    from typing_extensions import Self

    from .policies import Retry
    from .settings import TimeoutSeconds


class Client(UrlBuilder):
    """A client without its calls: `ImageKit` and `AsyncImageKit` add those, and the transport that sends them."""

    def __init__(
        self,
        public_key: str | None,
        private_key: str | None,
        url_endpoint: str | None,
        transformation_position: str | None,
        options: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
    ) -> None:
        environment = os.environ.get
        self.public_key: str = public_key or environment("IMAGEKIT_PUBLIC_KEY") or ""
        private_key = private_key or environment("IMAGEKIT_PRIVATE_KEY") or ""
        url_endpoint = url_endpoint or environment("IMAGEKIT_URL_ENDPOINT") or ""
        _refuse_missing(public_key=self.public_key, private_key=private_key, url_endpoint=url_endpoint)
        url_defaults, others = _split_options(options or {})
        self._settings = Settings.read(others, keywords)
        super().__init__(
            private_key,
            url_endpoint,
            transformation_position,
            strict_transformations=self._settings.strict_transformations,
            clock=self._settings.clock,
            defaults=url_defaults,
        )

    def with_options(
        self,
        *,
        timeout: TimeoutSeconds | None = None,
        retry: Retry | int | None = None,
        logger: logging.Logger | None = None,
    ) -> Self:
        """Return a cheap copy with other settings that shares the connections.

        Closing either closes the shared connections; the next call of either opens new ones.

        Args:
            timeout: Seconds, one number or a pair (connect, read); None keeps the client's.
            retry: A `Retry`, the number of attempts, or False for a single one; None keeps the client's.
            logger: The logger for attempts (DEBUG) and repetitions (WARNING); None keeps the client's.

        Raises:
            ValueError, TypeError: A setting is not valid.
        """
        settings = self._settings.change(timeout=timeout, retry=retry, logger=logger)
        transport = self._open_transport().with_settings(settings)
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, _settings=settings, _transport=transport)
        return copy

    def __repr__(self) -> str:
        return f"{type(self).__name__}(public_key={self.public_key!r}, url_endpoint={self.url_endpoint!r})"

    def __getstate__(self) -> dict[str, object]:
        # Connections stay here; the other side opens its own.
        return {name: value for name, value in super().__getstate__().items() if name != "_transport"}

    _transport: Any = None

    def _make_transport(self, private_key: str, settings: Settings) -> Any:
        raise NotImplementedError

    def _open_transport(self) -> Any:
        if self._transport is not None:
            return self._transport
        # Atomic: two threads that call at the same time for the first time get the same transport.
        return self.__dict__.setdefault("_transport", self._make_transport(self._private_key, self._settings))


def _refuse_missing(**given: str) -> None:
    missing = [name for name, value in given.items() if not value]
    if missing:
        variables = ", ".join(f"IMAGEKIT_{name.upper()}" for name in missing)
        raise ValueError(f"missing: {', '.join(missing)}; pass them as arguments or set {variables}")


def _split_options(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options of `url` among the client's options, and the settings."""
    urls: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for name, value in options.items():
        in_snake_case = CAMEL_CASE.get(name, name)
        if in_snake_case in OPTIONS:
            urls[in_snake_case] = value
        else:
            settings[name] = value
    return urls, settings
