"""The settings of a client: read once, checked once, and never changed afterwards.

An application that only builds URLs must not wait for an HTTP library to load, so this module imports none, and checks
only the settings that are given.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .suggestions import did_you_mean

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Container, Iterable, Mapping
    from typing import TypedDict

    from .policies import Retry, Timeout

    TimeoutSeconds = float | tuple[float, float]

    class CommonKeywords(TypedDict, total=False):
        """The keyword settings of both clients; None means the default."""

        api_base_url: str | None
        upload_base_url: str | None
        timeout: TimeoutSeconds | None
        retry: Retry | int | None
        logger: logging.Logger | None
        strict_transformations: bool
        clock: Callable[[], float]
        webhook_secret: str | Iterable[str] | None
        base_url: str | None
        max_retries: int | None
        password: str | None


API_BASE_URL = "https://api.imagekit.io"
UPLOAD_BASE_URL = "https://upload.imagekit.io"
BASE_URLS = ("api_base_url", "upload_base_url")  # the settings that may come from the environment
_BASE_URL_OF_RELEASE_5 = "IMAGE_KIT_BASE_URL"
# Settings of release 5 that a custom session replaces, and what that session needs.
_ONLY_IN_SESSIONS = {
    "default_headers": "these headers",
    "default_query": "these parameters, if it is a requests.Session",
    "http_client": "its proxies, certificates and limits",
}
# Keywords of the clients in release 5 that are translated to settings.
_OF_RELEASE_5 = ("base_url", "max_retries")
_ARGUMENTS = ("public_key", "private_key", "url_endpoint", "transformation_position", "options")


class Settings:
    """The settings of a client; `Settings.read` creates and checks them. None means the default.

    Attributes:
        api_base_url: The base URL of the API, without a slash at its end.
        upload_base_url: The base URL for uploads, also without a slash at its end.
        timeout: Limits for one request; by default `Timeout()`.
        retry: When to retry a request; by default `Retry()`.
        session: The session that sends requests; by default one that the client creates and closes.
        logger: The logger for attempts (DEBUG) and retries (WARNING); by default the logger "imagekitio".
        strict_transformations: Whether an unknown name or value in a transformation is an error.
        clock: Function that returns the Unix time in seconds, for the expiry of URLs and tokens; by default
            `time.time`.
        webhook_secret: The secrets, any of which is accepted; by default the one in the environment.
    """

    api_base_url: str = API_BASE_URL
    upload_base_url: str = UPLOAD_BASE_URL
    timeout: Timeout | None = None
    retry: Retry | None = None
    session: Any = None
    logger: logging.Logger | None = None
    strict_transformations: bool = False
    clock: Callable[[], float] | None = None
    webhook_secret: tuple[str, ...] | None = None

    def __init__(self, **given: Any) -> None:
        vars(self).update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"settings cannot be changed; use Settings.change(**{{{name!r}: …}}) to make a copy")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Settings) and vars(self) == vars(other)

    @classmethod
    def read(cls, *given: Mapping[str, Any]) -> Settings:
        """Return the settings from the environment and the given mappings; later ones win, and None counts as absent.

        Raises:
            TypeError: A setting is unknown or has the wrong type.
            ValueError: A base URL is not an HTTP URL, or a number is out of range.
        """
        found: dict[str, Any] = {**read_base_urls()}
        for mapping in given:
            found.update({name: value for name, value in mapping.items() if value is not None})
        return cls().change(**found)

    def change(self, **changes: Any) -> Settings:
        """Return a copy with other settings; None keeps a setting as it is. Raises what `read` raises."""
        known = Settings.__annotations__
        changed = dict(vars(self))
        for name, value in changes.items():
            if name not in known:
                raise TypeError(_describe_unknown(name, known))
            if value is not None:
                changed[name] = _CHECKS[name](name, value) if name in _CHECKS else value
        return Settings(**changed)

    def without(self, names: Container[str]) -> Settings:
        """Return a copy in which some settings have their defaults."""
        return Settings(**{name: value for name, value in vars(self).items() if name not in names})


def read_base_urls() -> dict[str, str | None]:
    """Return the base URLs that are set in the environment; None for the others."""
    both = os.environ.get(_BASE_URL_OF_RELEASE_5) or None
    return {name: os.environ.get(f"IMAGEKIT_{name.upper()}") or both for name in BASE_URLS}


def translate_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings under their current names: those of release 5 are translated, and those that are None left out.

    `base_url` becomes both base URLs, `max_retries` becomes `retry`. `password` is dropped, as the service ignores it.

    Raises:
        TypeError: A setting is given under both names, is available only through a session, or has the wrong type.
        ValueError: `max_retries` is negative.
    """
    found = {name: value for name, value in given.items() if value is not None}
    for name, what in _ONLY_IN_SESSIONS.items():
        if name in found:
            raise TypeError(
                f"{name} is not supported: pass session=…, a requests.Session or, for AsyncImageKit, an "
                f"aiohttp.ClientSession, with {what}"
            )
    found.pop("password", None)
    if "base_url" in found:
        _refuse_both("base_url", BASE_URLS, found)
        found |= dict.fromkeys(BASE_URLS, check_base_url("base_url", found.pop("base_url")))
    if "max_retries" in found:
        _refuse_both("max_retries", ("retry",), found)
        found["retry"] = read_max_retries(found.pop("max_retries"))
    return found


def _refuse_both(name: str, others: Iterable[str], given: Mapping[str, Any]) -> None:
    for other in others:
        if other in given:
            raise TypeError(f"{name} and {other} conflict: pass only one of them")


def read_max_retries(max_retries: object) -> int:
    """Return the number of attempts for a maximum number of retries.

    Raises:
        TypeError: `max_retries` is not a whole number.
        ValueError: `max_retries` is negative.
    """
    if not isinstance(max_retries, int) or isinstance(max_retries, bool):
        raise TypeError(f"max_retries must be a whole number (got {max_retries!r})")
    if max_retries < 0:
        raise ValueError(f"max_retries must be 0 or more (got {max_retries})")
    return max_retries + 1


def _describe_unknown(name: object, known: Iterable[str]) -> str:
    from .urls.building import OPTIONS  # among the options of a client, defaults for url() are known too

    if name in _ARGUMENTS:
        return f"{name} is not a setting: pass it to the client as a separate argument"
    if name in OPTIONS:
        return f"{name} is not a setting: pass it to url(), or as a default for url() in the dict `options`"
    return f"there is no setting {name!r}{did_you_mean(str(name), {*known, *_ARGUMENTS, *OPTIONS, *_OF_RELEASE_5})}"


def check_timeout(name: str, timeout: TimeoutSeconds) -> Timeout:
    """Return a timeout as a pair.

    Args:
        name: The name of the setting, for messages.
        timeout: Seconds: one number for both limits, or a pair to connect and to read.

    Raises:
        TypeError: `timeout` is neither.
        ValueError: A number is not above zero, or not finite, so that a call might never end.
    """
    from .policies import Timeout

    pair: tuple[Any, ...] = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(isinstance(seconds, (int, float)) and seconds is not True for seconds in pair):
        raise TypeError(
            f"{name} must be a number of seconds, or a pair of them to connect and to read (got {timeout!r})"
        )
    for field, seconds in zip(Timeout._fields, pair, strict=True):
        if not 0 < seconds < float("inf"):
            raise ValueError(f"the {field} {name} must be a number of seconds above 0 (got {seconds})")
    return Timeout(*pair)


def check_base_url(name: str, url: str) -> str:
    """Return a base URL without surrounding blanks and trailing slashes.

    Raises:
        TypeError: `url` is not a str.
        ValueError: `url` is not an absolute HTTP URL, or has credentials, a query or a fragment.
    """
    if url in (API_BASE_URL, UPLOAD_BASE_URL):
        return url
    from urllib.parse import urlsplit

    if not isinstance(url, str):
        raise TypeError(f"{name} must be a str (got {type(url).__name__})")
    url = url.strip()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # brackets without an IPv6 address, a port that is not a number
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{name} must start with https:// or http:// and a host (got {url!r})")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{name} must have no credentials, query or fragment; pass keys as arguments")
    return url.rstrip("/")


def check_retry(name: str, retry: object) -> Retry:
    """Return a policy from a `Retry`, a number of attempts, or False for a single attempt."""
    from .policies import Retry

    if isinstance(retry, Retry):
        return retry
    if isinstance(retry, bool):
        return Retry() if retry else Retry(attempts=1)
    if isinstance(retry, int):
        return Retry(attempts=retry)
    raise TypeError(f"{name} must be a Retry, a number of attempts or False (got {retry!r})")


def _check_usable(name: str, value: object) -> object:
    wanted, attribute = _USES[name]
    if not hasattr(value, attribute):
        raise TypeError(f"{name} must be {wanted} (got {value!r})")
    return value


def _check_bool(name: str, value: object) -> object:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False (got {value!r})")
    return value


def _check_webhook_secret(name: str, secrets: object) -> tuple[str, ...]:
    from .webhooks.signatures import read_secrets

    return read_secrets(name, secrets)


_USES = {
    "session": ("a requests.Session or, for AsyncImageKit, an aiohttp.ClientSession", "request"),
    "logger": ("a logging.Logger", "warning"),
    "clock": ("a function that returns the Unix time in seconds", "__call__"),
}
_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "api_base_url": check_base_url,
    "upload_base_url": check_base_url,
    "timeout": check_timeout,
    "retry": check_retry,
    "strict_transformations": _check_bool,
    "webhook_secret": _check_webhook_secret,
    **dict.fromkeys(_USES, _check_usable),
}
