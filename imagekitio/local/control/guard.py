"""The access check of the control API."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..base.errors import ApiError
from ..web.hosts import check_host

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


class Guard:
    """The access check of the control API.

    Args:
        service: Name of the service that the server emulates.
        token: The control token of this start.
        own_urls: Base URLs of the server.
        authorize: Function that checks an ``Authorization`` header without the control token; raises an `ApiError`.
        only_with_token: Paths below ``/_local/`` that accept only the control token.
    """

    def __init__(
        self,
        service: str,
        token: str,
        own_urls: Collection[str],
        authorize: Callable[[str | None], None],
        only_with_token: Collection[str] = (),
    ) -> None:
        self.service: str = service
        self._token, self._authorize, self._only_with_token = token, authorize, only_with_token
        self._own = [urlsplit(url) for url in own_urls]

    def check(self, headers: Mapping[str, str], path: str) -> None:
        """Check that a call to the control at `path` is allowed.

        Raises:
            ApiError: 401 or 403 for missing or wrong credentials; 403 for a foreign host name or origin.
        """
        if path == "health":  # for health checks of containers; it shows no secret
            return
        check_host(headers, {each.hostname for each in self._own})
        if "origin" in headers and headers["origin"] not in {f"{each.scheme}://{each.netloc}" for each in self._own}:
            raise ApiError(403, f"Web pages may not control local {self.service}.")
        authorization = headers.get("authorization")
        scheme, _, given = (authorization or "").partition(" ")
        is_bearer = scheme.lower() == "bearer"
        if is_bearer and hmac.compare_digest(given.strip().encode(), self._token.encode()):
            return
        if path in self._only_with_token and not is_bearer:
            wanted = f"the control token that local {self.service} printed when it started"
            raise ApiError(401, f"/_local/{path} needs {wanted}.")
        if path in self._only_with_token:
            raise wrong_token(self.service)
        self._authorize(authorization)


def wrong_token(service: str) -> ApiError:
    """Return the error for a bearer token that is not the control token."""
    return ApiError(403, f"This is not the control token of this local {service}, which is new at each start.")
