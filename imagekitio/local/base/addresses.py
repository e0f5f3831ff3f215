"""The URL endpoints of a server: one for each name and address of its machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from urllib.parse import SplitResult

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class UrlEndpoints:
    """The URL endpoints that one request may use, each without a trailing slash.

    Attributes:
        primary: The URL endpoint of delivery URLs in responses.
        others: Other URL endpoints that are accepted in requests.
    """

    primary: str
    others: tuple[str, ...] = ()

    def remove_prefix(self, url: str) -> str | None:
        """Return the part of a delivery URL after the URL endpoint, such as ``/a.jpg?tr=w-300``; None for other URLs.

        Loopback addresses and ``localhost`` count as the same host. ``http`` and ``https`` count as the same scheme,
        because there may be a proxy in between.
        """
        try:
            given = urlsplit(url)
            if given.scheme not in _DEFAULT_PORTS:
                return None
            for endpoint in map(urlsplit, (self.primary, *self.others)):
                if _have_same_host(given, endpoint) and given.path.startswith(f"{endpoint.path}/"):
                    rest = given.path.removeprefix(endpoint.path)
                    return f"{rest}?{given.query}" if given.query else rest
        except ValueError:  # the port or the IPv6 address is not valid
            pass
        return None


def _have_same_host(one: SplitResult, other: SplitResult) -> bool:
    is_same = one.hostname == other.hostname or {one.hostname, other.hostname} <= LOOPBACK
    return one.hostname is not None and is_same and _port(one) == _port(other)


def _port(parts: SplitResult) -> int | None:
    """Return the port, or None for the scheme's default port."""
    return None if parts.port == _DEFAULT_PORTS.get(parts.scheme) else parts.port
