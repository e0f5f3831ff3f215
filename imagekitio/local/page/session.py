"""The access check of the page: the token in its HTML and the origin of a request."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..base.errors import ApiError
from ..web.hosts import check_host

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN_HEADER = "x-local-page"


class PageSession:
    """The session that all visitors of the page share until the server stops.

    Args:
        base_urls: Base URLs under which the page is served; see `check_host`.
    """

    def __init__(self, *base_urls: str) -> None:
        self.token: str = secrets.token_urlsafe(32)
        parts = list(map(urlsplit, base_urls))
        self._names = {each.hostname for each in parts}
        self._hosts = {each.netloc for each in parts}

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Refuse foreign host names; see `imagekitio.local.web.hosts.check_host`."""
        check_host(headers, self._names)

    def check(self, headers: Mapping[str, str]) -> None:
        """Refuse requests that the page did not make.

        Raises:
            ApiError: 403 for a foreign host or origin; 401 without the current token, which is new at each start.
        """
        self.check_host(headers)
        is_foreign = headers.get("sec-fetch-site", "same-origin") != "same-origin"
        # The browser may send the host of the configured base URL while a proxy forwards another one.
        own_hosts = {headers.get("host"), *self._hosts}
        if is_foreign or ("origin" in headers and urlsplit(headers["origin"]).netloc not in own_hosts):
            raise ApiError(403, "Only the page at / of this server may make this request.")
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self.token.encode()):
            raise ApiError(401, "Local ImageKit has restarted since this page was loaded. Reload the page.")
