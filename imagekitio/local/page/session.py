"""Who may use the page: the token in its HTML, and where a request comes from."""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..base.errors import ApiError

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
        """Refuse names that a stranger's DNS could point at this server; an address needs no DNS.

        Raises:
            ApiError: 403 under any other name.
        """
        name = _host_name(headers.get("host", ""))
        if not (name in self._names or _is_loopback_name(name) or _is_address(name)):
            raise ApiError(403, f"The page is not served under the name {name!r}: use 127.0.0.1 or localhost.")

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


def _host_name(host: str) -> str | None:
    """The name or address in a ``Host`` header."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_loopback_name(name: str | None) -> bool:
    # RFC 6761, section 6.3: these never leave the machine.
    return name is not None and (name == "localhost" or name.endswith(".localhost"))


def _is_address(name: str | None) -> bool:
    try:
        ipaddress.ip_address(name or "")
    except ValueError:
        return False
    return True
