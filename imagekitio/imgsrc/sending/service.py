"""img-src.io as a `Service`: a bearer key, one rate limit for all requests of a key, and its own exceptions."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...flow.service import Pace
from ...flow.waits import read_number, read_retry_after
from ..errors import convert_error

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ...exceptions import ImageKitException
    from ...operations.core import Request, Response

SERVER_URL = "https://api.img-src.io"
API_KEY_VARIABLE = "IMGSRC_API_KEY"
NOT_ASYNC = "bearer_auth must be a function that returns the key, not an async one: fetch the key before the call"

BearerAuth = str | Callable[[], str]


@dataclass(frozen=True)
class ImgsrcService:
    """img-src.io, or local img-src, with the key of an account.

    Attributes:
        bearer_auth: The key, or a function that returns it and is called for each attempt; None reads it from the
            environment each time.
        server_url: Base URL of the API, without a trailing slash.
        http_headers: More headers, which override all others.
    """

    bearer_auth: BearerAuth | None = field(default=None, repr=False)
    server_url: str = SERVER_URL
    http_headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def base_url(self, request: Request) -> str:
        return self.server_url

    def request_headers(self) -> Mapping[str, str]:
        """Return the headers of an attempt.

        Raises:
            ValueError: There is no key, or it cannot be a header.
            TypeError: The function did not return a str.
            Exception: Whatever the function raised.
        """
        authorization = {"Authorization": read_bearer(self.bearer_auth)}
        return {**authorization, **self.http_headers} if self.http_headers else authorization

    def rate_limit_of(self, request: Request) -> Hashable:
        """Return the key and the host: all requests of a key are counted together (img-src docs, "Rate limits")."""
        return self.bearer_auth, self.server_url

    def read_wait(self, response: Response, now: float) -> float | None:
        """Return how many seconds the service asks to wait; None if it does not say.

        `Retry-After` is not documented, but honoured. `X-RateLimit-Reset` is a Unix time in seconds (img-src docs,
        "Rate limits"), sent with all responses, so it counts for status 429 only. A time in the past is ignored,
        because clocks differ.
        """
        seconds = read_retry_after(response.headers, now)
        if seconds is None and response.status == 429:
            reset_at = read_number(response.headers.get("x-ratelimit-reset", ""))
            seconds = None if reset_at is None or reset_at <= now else reset_at - now
        return seconds

    def read_pace(self, response: Response) -> Pace:
        """Return an empty pace: requests need not be spaced, because all requests of a minute may be sent together."""
        return Pace()

    def convert_error(self, error: ImageKitException) -> Exception:
        return convert_error(error)


def read_bearer(bearer_auth: BearerAuth | None) -> str:
    """Return the value of the header ``Authorization``; raise the errors of `ImgsrcService.request_headers`."""
    key: object = bearer_auth() if callable(bearer_auth) else bearer_auth or os.environ.get(API_KEY_VARIABLE)
    if isinstance(key, Coroutine):
        key.close()  # prevents a warning that it was never awaited
        raise TypeError(NOT_ASYNC)
    if not isinstance(key, str) and (key is not None or callable(bearer_auth)):
        raise TypeError(f"bearer_auth must return a str, the API key (got {type(key).__name__})")
    key = (key or "").strip()
    if not key or key.lower() == "bearer":
        raise ValueError(
            "the API key is missing: pass bearer_auth='imgsrc_…', or set the environment variable " + API_KEY_VARIABLE
        )
    if not (key.isascii() and key.isprintable()):
        raise ValueError("bearer_auth must be an API key: ASCII letters, digits and _")  # never shows the key
    return key if key.lower().startswith("bearer ") else f"Bearer {key}"
