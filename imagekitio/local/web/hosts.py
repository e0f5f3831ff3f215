"""The check of host names for resources that are not public.

If an attacker's DNS points a name at this machine (DNS rebinding), the attacker's page would have this origin.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..base.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def check_host(headers: Mapping[str, str], own_names: Collection[str | None]) -> None:
    """Refuse names that an attacker's DNS could point at this server; addresses need no DNS.

    Args:
        own_names: Host names of the server's own URLs, which are allowed like loopback names.
    Raises:
        ApiError: 403 for any other name.
    """
    name = host_name(headers.get("host", ""))
    if not (name in own_names or _is_loopback_name(name) or _is_address(name)):
        raise ApiError(403, f"This server does not answer under the name {name!r}: use 127.0.0.1 or localhost.")


def host_name(host: str) -> str | None:
    """Return the name or address in a ``Host`` header."""
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
