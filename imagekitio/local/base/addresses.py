"""The URL endpoints that lead to one server: it has as many as there are names and addresses for its machine."""

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
        primary: The one that delivery URLs in answers start with.
        others: Further ones, which delivery URLs in requests may start with too.
    """

    primary: str
    others: tuple[str, ...] = ()

    def remove_prefix(self, url: str) -> str | None:
        """Return what follows the URL endpoint in a delivery URL, such as ``/a.jpg?tr=w-300``; None for other URLs.

        Loopback addresses and ``localhost`` count as one host, and so do ``http`` and ``https``, as a proxy may stand
        between.
        """
        try:
            given = urlsplit(url)
            if given.scheme not in _DEFAULT_PORTS:
                return None
            for endpoint in map(urlsplit, (self.primary, *self.others)):
                if _have_same_host(given, endpoint) and given.path.startswith(f"{endpoint.path}/"):
                    rest = given.path.removeprefix(endpoint.path)
                    return f"{rest}?{given.query}" if given.query else rest
        except ValueError:  # a port or an IPv6 address that is none
            pass
        return None


def _have_same_host(one: SplitResult, other: SplitResult) -> bool:
    is_same = one.hostname == other.hostname or {one.hostname, other.hostname} <= LOOPBACK
    return one.hostname is not None and is_same and _port(one) == _port(other)


def _port(parts: SplitResult) -> int | None:
    """Return the port, or None for the default one of the scheme."""
    return None if parts.port == _DEFAULT_PORTS.get(parts.scheme) else parts.port
