"""The allowed addresses of outgoing requests, so that a URL in a request cannot reach servers inside the network."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...base.settings import Settings

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address is in the last 32 bits
_METADATA = ipaddress.IPv6Address("fd00:ec2::254")  # of Amazon; other clouds use link-local addresses


class Reach(NamedTuple):
    """The allowed addresses of requests. Link-local, multicast and reserved addresses are never allowed."""

    loopback: bool
    elsewhere: bool

    def allows(self, address: str) -> bool:
        found = _extract_ipv4(ipaddress.ip_address(address.partition("%")[0]))
        if found.is_loopback:
            return self.loopback
        is_special = found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved
        return self.elsewhere and not is_special and found != _METADATA


def reach_of(settings: Settings, *, is_receiver_of_account: bool = False) -> Reach:
    """Return the allowed addresses of a request of local ImageKit.

    Files are fetched only from addresses that the settings allow, regardless of the credentials, so that no test
    depends on the network unnoticed. The same applies to a `webhookUrl` in an upload with only a signature, as anyone
    may have sent it. Webhooks, and a `webhookUrl` authorised with the private key, may have any address, including this
    machine, where an application under development runs.
    """
    if is_receiver_of_account:
        return Reach(loopback=True, elsewhere=True)
    return Reach(loopback=settings.allow_loopback, elsewhere=settings.allow_remote)


def _extract_ipv4(address: Address) -> Address:
    """Return the IPv4 address embedded in an IPv6 address, or else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
