"""ImageKit.io as a `Service`: two hosts, HTTP Basic authentication, and rate limits for each endpoint."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .service import Pace
from .waits import read_count, read_number, read_retry_after

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from ..exceptions import ImageKitException
    from ..operations.core import Request, Response

_ID = re.compile(r"/[0-9a-f]{24}(?=/|$)")


@dataclass(frozen=True)
class ImageKitService:
    """ImageKit.io, or local ImageKit, with the key of an account.

    Attributes:
        private_key: The user name of HTTP Basic authentication.
        api_base_url: Base URL of the API, without a trailing slash.
        upload_base_url: Base URL of uploads, also without a trailing slash.
    """

    private_key: str = field(repr=False)
    api_base_url: str
    upload_base_url: str

    def base_url(self, request: Request) -> str:
        return self.api_base_url if request.host == "api" else self.upload_base_url

    def request_headers(self) -> Mapping[str, str]:
        return self._headers

    @cached_property
    def _headers(self) -> Mapping[str, str]:
        # The private key is the user name, the password is empty.
        return {"Authorization": "Basic " + b64encode(f"{self.private_key}:".encode()).decode()}

    def rate_limit_of(self, request: Request) -> Hashable:
        """Return the account, host and endpoint: limits are per account and endpoint (ImageKit docs, "Rate limits")."""
        return self.private_key, request.host, request.method, _ID.sub("/*", request.path_to_show)

    def read_wait(self, response: Response, now: float) -> float | None:
        """Return how many seconds the service asks to wait before the next request; None if it does not ask.

        `X-RateLimit-Reset` contains milliseconds (ImageKit docs, "Rate limits"). It is also sent with other responses,
        so it counts only for status 429. If `Retry-After` is sent as well, the longer wait satisfies both.
        """
        waits = [read_retry_after(response.headers, now)]
        if response.status == 429:
            milliseconds = read_number(response.headers.get("x-ratelimit-reset", ""))
            waits.append(None if milliseconds is None else milliseconds / 1000)
        return max((seconds for seconds in waits if seconds is not None), default=None)

    def read_pace(self, response: Response) -> Pace:
        """Return the pace that the number of requests per interval allows (ImageKit docs, "Rate limits")."""
        count = read_count(response.headers.get("x-ratelimit-limit", ""))
        interval_seconds = read_count(response.headers.get("x-ratelimit-interval", "")) / 1000
        return Pace(interval_seconds / count if count else 0.0, interval_seconds)

    def convert_error(self, error: ImageKitException) -> Exception:
        return error
