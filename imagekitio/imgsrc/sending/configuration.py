"""The configuration of both clients of img-src.io: their arguments, checked once, and the options of one call."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Any, cast

from ...models.options import UNSET, Unset
from ...policies import Retry, Timeout
from ...settings import check_base_url
from ..retries import DEFAULT_RETRY, check_retries
from ..urls import DELIVERY_URL
from .runners import AttemptLogger, CallContext
from .service import NOT_ASYNC, SERVER_URL, ImgsrcService

if TYPE_CHECKING:
    import logging

    from .runners import DebugLogger
    from .service import BearerAuth

SERVERS = (SERVER_URL,)

# Characters of the name of a header (RFC 9110, section 5.6.2).
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class TransportSettings:
    """The settings of a transport; they satisfy `CallSettings`."""

    timeout: Timeout
    retry: Retry
    session: Any
    logger: logging.Logger | None


@dataclass(frozen=True)
class Configuration:
    """The arguments of a client, checked.

    Attributes:
        service: The service, with the key.
        retry: When a request is sent again.
        timeout: Limits for one request.
        client, async_client: Your own sessions; None for those that the client makes.
        debug_logger: Logger that receives every request and response.
        username: Owner of the images in delivery URLs; None if unknown.
        delivery_url: Beginning of delivery URLs.
    """

    service: ImgsrcService
    retry: Retry = DEFAULT_RETRY
    timeout: Timeout = field(default_factory=Timeout)
    client: Any = None
    async_client: Any = None
    debug_logger: DebugLogger | None = None
    username: str | None = None
    delivery_url: str = DELIVERY_URL

    @classmethod
    def read(
        cls,
        *,
        bearer_auth: object,
        server_idx: object,
        server_url: object,
        url_params: object,
        client: object,
        async_client: object,
        retry_config: object,
        timeout_ms: object,
        debug_logger: object,
        username: object,
        delivery_url: object,
        is_async: bool,
    ) -> Configuration:
        """Check the arguments of a client; those that are None come from the environment or are the defaults.

        Args:
            is_async: Whether all calls are awaited, so that a blocking session would never be used.

        Raises:
            TypeError: An argument has the wrong type.
            ValueError: An argument is not valid.
        """
        if is_async and client is not None:
            raise TypeError("AsyncImgsrc never uses client: pass async_client")
        return cls(
            ImgsrcService(_check_bearer_auth(bearer_auth), _read_server(server_idx, server_url, url_params)),
            DEFAULT_RETRY if isinstance(retry_config, Unset) else check_retries("retry_config", retry_config),
            Timeout() if timeout_ms is None else read_timeout(timeout_ms),
            _check_session("client", client, is_async=False),
            _check_session("async_client", async_client, is_async=True),
            _check_debug_logger(debug_logger),
            _read_text("username", username, "IMGSRC_USERNAME"),
            _check_delivery_url(_read_text("delivery_url", delivery_url, "IMGSRC_DELIVERY_URL") or DELIVERY_URL),
        )

    @property
    def context(self) -> CallContext:
        """The context for runners."""
        return CallContext(self.service, self.delivery_url, self.debug_logger)

    def make_settings(self, session: Any) -> TransportSettings:
        """Return the settings for a transport with this session."""
        logger = None if self.debug_logger is None else cast("logging.Logger", AttemptLogger(self.debug_logger))
        return TransportSettings(self.timeout, self.retry, session, logger)

    def change(
        self,
        *,
        retries: object = UNSET,
        server_url: object = None,
        timeout_ms: object = None,
        http_headers: object = None,
    ) -> Configuration:
        """Return the configuration of one call; raise the errors of `read`."""
        service = self.service
        if server_url is not None:
            service = replace(service, server_url=check_base_url("server_url", cast("str", server_url)))
        if http_headers is not None:
            service = replace(service, http_headers={**service.http_headers, **_check_headers(http_headers)})
        return replace(
            self,
            service=service,
            retry=self.retry if isinstance(retries, Unset) else check_retries("retries", retries),
            timeout=self.timeout if timeout_ms is None else read_timeout(timeout_ms),
        )


def read_timeout(timeout_ms: object) -> Timeout:
    """Return time limits from a number of milliseconds.

    Raises:
        TypeError: `timeout_ms` is not a number.
        ValueError: `timeout_ms` is not above 0, or not finite: no call may hang forever.
    """
    if not isinstance(timeout_ms, (int, float)) or isinstance(timeout_ms, bool):
        raise TypeError(f"timeout_ms must be a number of milliseconds (got {timeout_ms!r})")
    if not 0 < timeout_ms < math.inf:
        raise ValueError(f"timeout_ms must be a number of milliseconds above 0 (got {timeout_ms})")
    return Timeout(timeout_ms / 1000, timeout_ms / 1000)


def _check_bearer_auth(bearer_auth: object) -> BearerAuth | None:
    if iscoroutinefunction(bearer_auth):
        raise TypeError(NOT_ASYNC)
    if bearer_auth is None or callable(bearer_auth):
        return cast("BearerAuth | None", bearer_auth)
    if not isinstance(bearer_auth, str):
        raise TypeError(f"bearer_auth must be a str or a function that returns one (got {type(bearer_auth).__name__})")
    # os.getenv("…", "") returns an empty str; the environment may still have the key under its usual name.
    return bearer_auth.strip() or None


def _read_server(server_idx: object, server_url: object, url_params: object) -> str:
    if url_params is not None and not isinstance(url_params, Mapping):
        raise TypeError(f"url_params must be a dict (got {type(url_params).__name__})")
    if server_idx is not None:
        if not isinstance(server_idx, int) or isinstance(server_idx, bool):
            raise TypeError(f"server_idx must be a whole number (got {server_idx!r})")
        if server_idx not in range(len(SERVERS)):
            raise ValueError(f"server_idx must be 0, because there is only one server (got {server_idx})")
    if server_url is None and server_idx is not None:
        return SERVERS[server_idx]
    url = _read_text("server_url", server_url, "IMGSRC_SERVER_URL") or SERVER_URL
    for name, value in (url_params or {}).items():
        url = url.replace(f"{{{name}}}", str(value))
    if "{" in url:
        raise ValueError(f"server_url has a name in braces that is missing from url_params (got {url!r})")
    return check_base_url("server_url", url)


def _read_text(name: str, value: object, variable: str) -> str | None:
    """Return an argument, or else the value in the environment; None if there is neither."""
    if value is None:
        return os.environ.get(variable) or None
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a str (got {type(value).__name__})")
    if not value.strip():
        raise ValueError(f"{name} must not be empty; leave it out for the default")
    return value.strip()


def _check_delivery_url(url: str) -> str:
    return check_base_url("delivery_url", url)


def _check_session(name: str, session: object, *, is_async: bool) -> object:
    """Check a session that was passed to the client, and return it.

    Raises:
        TypeError: The transports cannot use `session`.
    """
    if session is None:
        return None
    is_httpx = hasattr(session, "build_request") and hasattr(session, "send")
    of_kind = hasattr(session, "aclose") if is_httpx else hasattr(session, "ws_connect")
    if is_async and of_kind:
        return session
    if not is_async and ((is_httpx and not of_kind) or hasattr(session, "merge_environment_settings")):
        return session
    wanted = "an aiohttp.ClientSession or an httpx.AsyncClient" if is_async else "a requests.Session or an httpx.Client"
    raise TypeError(f"{name} must be {wanted} (got {type(session).__name__})")


def _check_debug_logger(debug_logger: object) -> DebugLogger | None:
    if debug_logger is not None and not callable(getattr(debug_logger, "debug", None)):
        raise TypeError(f"debug_logger must have a method debug(), such as logging.Logger (got {debug_logger!r})")
    return cast("DebugLogger | None", debug_logger)


def _check_headers(headers: object) -> dict[str, str]:
    if not isinstance(headers, Mapping):
        raise TypeError(f"http_headers must be a dict (got {type(headers).__name__})")
    found: dict[str, str] = {}
    for name, value in headers.items():
        if not isinstance(name, str):
            raise TypeError(f"http_headers must have str as names (got {name!r})")
        if not isinstance(value, str):  # show only the type, because the value may be a secret
            raise TypeError(f"http_headers[{name!r}] must be a str (got {type(value).__name__})")
        if not name or not _TOKEN.issuperset(name):
            raise ValueError(f"http_headers has a name that is not valid (got {name!r})")
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"http_headers[{name!r}] must be printable ASCII on one line")
        # In one spelling, so that a header replaces ours instead of being sent in addition to it.
        found[name.title()] = value
    return found
