"""Who may use the page: the token in its HTML, and where a request comes from."""

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
    """The session of all visitors of the page, from the start of the server to its end.

    Args:
        base_urls: Those under which the page is served; see `check_host`.
    """

    def __init__(self, *base_urls: str) -> None:
        self.token: str = secrets.token_urlsafe(32)
        parts = list(map(urlsplit, base_urls))
        self._names = {each.hostname for each in parts}
        self._hosts = {each.netloc for each in parts}

    def check_host(self, headers: Mapping[str, str]) -> None:
        """Refuse foreign names; see `imagekitio.local.web.hosts.check_host`."""
        check_host(headers, self._names)

    def check(self, headers: Mapping[str, str]) -> None:
        """Let only the page itself pass.

        Raises:
            ApiError: 403 for a foreign host or origin, 401 without the token: it changes when the server starts again.
        """
        self.check_host(headers)
        is_foreign = headers.get("sec-fetch-site", "same-origin") != "same-origin"
        # A proxy may ask under another name than the browser does: that of the base URL, which is configured.
        own_hosts = {headers.get("host"), *self._hosts}
        if is_foreign or ("origin" in headers and urlsplit(headers["origin"]).netloc not in own_hosts):
            raise ApiError(403, "Only the page at / of this server may ask for this.")
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self.token.encode()):
            raise ApiError(401, "This page is of an earlier start of local ImageKit: load it again.")
