"""What both clients are made of: keys, endpoint and settings, checked when the client is made.

Whoever only builds URLs must not wait for an HTTP library to load. So this module imports nothing of the kind, and not
even `typing`.
"""

from __future__ import annotations

import os

from .urls.building import CAMEL_CASE, OPTIONS, UrlBuilder

# What typing has under this name; see above.
TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Mapping
    from typing import Any, TypedDict

    from typing_extensions import Self

    from .flow import Retry

    class CommonSettings(TypedDict, total=False):
        """The keyword settings of both clients; None is the default."""

        api_base_url: str | None
        upload_base_url: str | None
        timeout: float | tuple[float, float] | None
        retry: Retry | int | None
        logger: logging.Logger | None
        strict_transformations: bool
        clock: Callable[[], float]


API_BASE_URL = "https://api.imagekit.io"
UPLOAD_BASE_URL = "https://upload.imagekit.io"

_SETTINGS = frozenset(
    {"api_base_url", "upload_base_url", "timeout", "retry", "session", "logger", "strict_transformations", "clock"}
)


class Client(UrlBuilder):
    """A client without the calls: `ImageKit` and `AsyncImageKit` say what the arguments are and how to send."""

    def __init__(
        self,
        public_key: str | None,
        private_key: str | None,
        url_endpoint: str | None,
        transformation_position: str | None,
        options: Mapping[str, Any] | None,
        settings: Mapping[str, Any],
    ) -> None:
        environment = os.environ.get
        self.public_key: str = public_key or environment("IMAGEKIT_PUBLIC_KEY") or ""
        private_key = private_key or environment("IMAGEKIT_PRIVATE_KEY") or ""
        url_endpoint = url_endpoint or environment("IMAGEKIT_URL_ENDPOINT") or ""
        _refuse_missing(public_key=self.public_key, private_key=private_key, url_endpoint=url_endpoint)
        url_defaults, other_options = _split(options or {})
        connection = _checked(
            {
                "api_base_url": environment("IMAGEKIT_API_BASE_URL") or API_BASE_URL,
                "upload_base_url": environment("IMAGEKIT_UPLOAD_BASE_URL") or UPLOAD_BASE_URL,
            }
            | _given(other_options)
            | _given(settings)
        )
        super().__init__(
            private_key,
            url_endpoint,
            transformation_position,
            strict_transformations=connection.pop("strict_transformations", False),
            clock=connection.pop("clock", None),
            defaults=url_defaults,
        )
        self._connection = connection

    def with_options(
        self,
        *,
        timeout: float | tuple[float, float] | None = None,
        retry: Retry | int | None = None,
        logger: logging.Logger | None = None,
    ) -> Self:
        """Return a cheap copy with other settings that shares the connections; what is None stays as it is.

        Closing either closes the shared connections; the next call of either opens new ones.

        Raises:
            ValueError, TypeError: A setting cannot be meant.
        """
        changes = _checked(_given({"timeout": timeout, "retry": retry, "logger": logger}))
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy._connection = {**self._connection, **changes}
        copy._transport = self._opened_transport().with_options(**changes)
        return copy

    def __repr__(self) -> str:
        return f"{type(self).__name__}(public_key={self.public_key!r}, url_endpoint={self.url_endpoint!r})"

    _not_pickled = UrlBuilder._not_pickled | {"_transport"}  # connections cannot travel; the other side opens its own

    _transport: Any = None

    def _new_transport(self, **settings: Any) -> Any:
        raise NotImplementedError

    def _opened_transport(self) -> Any:
        if self._transport is not None:
            return self._transport
        new = self._new_transport(private_key=self._private_key, **self._connection)
        # Atomic: two threads that are first at the same time get the same transport.
        return self.__dict__.setdefault("_transport", new)


def _refuse_missing(**given: str) -> None:
    missing = [name for name, value in given.items() if not value]
    if missing:
        variables = ", ".join(f"IMAGEKIT_{name.upper()}" for name in missing)
        raise ValueError(f"missing: {', '.join(missing)}; pass them as arguments or set {variables}")


def _split(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the options of `url` among the client's options, and the settings."""
    urls = {
        CAMEL_CASE.get(name, name): value for name, value in options.items() if CAMEL_CASE.get(name, name) in OPTIONS
    }
    return urls, {name: value for name, value in options.items() if CAMEL_CASE.get(name, name) not in OPTIONS}


def _given(settings: Mapping[str, Any]) -> dict[str, Any]:
    for name in settings:
        if name not in _SETTINGS:
            from .suggestions import did_you_mean

            raise TypeError(f"there is no setting {name!r}{did_you_mean(name, _SETTINGS)}")
    return {name: value for name, value in settings.items() if value is not None}


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings as the transport takes them, so that a wrong one is an error now and not at the first call.

    What is not given is not looked at: the modules that could do so take time to load.
    """
    checked = dict(settings)
    for name, default in (("api_base_url", API_BASE_URL), ("upload_base_url", UPLOAD_BASE_URL)):
        if settings.get(name, default) != default:
            from .transports.settings import checked_base_url

            checked[name] = checked_base_url(name, settings[name])
    if "timeout" in settings:
        from .transports.settings import checked_timeout

        checked["timeout"] = checked_timeout(settings["timeout"])
    for name, use in (("session", "request"), ("logger", "debug"), ("clock", "__call__")):
        if name in settings and not hasattr(settings[name], use):
            raise TypeError(f"{name} cannot be a {type(settings[name]).__name__}")
    if "retry" in settings:
        checked["retry"] = _retry_policy(settings["retry"])
    return checked


def _retry_policy(retry: object) -> Retry:
    from .flow import Retry

    if isinstance(retry, Retry):
        return retry
    if isinstance(retry, bool):
        return Retry() if retry else Retry(attempts=1)
    if isinstance(retry, int):
        return Retry(attempts=retry)
    raise TypeError(f"retry must be a Retry, a number of attempts or False (got {retry!r})")
