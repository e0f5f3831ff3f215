"""Where requests that local ImageKit makes itself may go: who names a URL must not reach what only this machine can."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ...base.settings import Settings

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address is in the last 32 bits
_METADATA = ipaddress.IPv6Address("fd00:ec2::254")  # of Amazon's machines; the others use link-local addresses


class Reach(NamedTuple):
    """Where requests may go. Link-local, multicast and reserved addresses are out of reach in any case."""

    loopback: bool
    elsewhere: bool

    def allows(self, address: str) -> bool:
        found = _embedded(ipaddress.ip_address(address.partition("%")[0]))
        if found.is_loopback:
            return self.loopback
        is_special = found.is_link_local or found.is_multicast or found.is_unspecified or found.is_reserved
        return self.elsewhere and not is_special and found != _METADATA


def reach_of(settings: Settings, *, is_receiver_of_account: bool = False) -> Reach:
    """Where a request of local ImageKit may go: the one rule for all of them.

    Contents are fetched only from where the settings allow, whoever asks for them, so that no test depends on the
    network unnoticed. The same holds for a `webhookUrl` that an upload with a mere signature has named: its sender may
    be anybody. What whoever has the private key named (webhooks, `webhookUrl` otherwise) may be anywhere, this machine
    included: that is where an application under development runs.
    """
    if is_receiver_of_account:
        return Reach(loopback=True, elsewhere=True)
    return Reach(loopback=settings.allow_loopback, elsewhere=settings.allow_remote)


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, if it does for one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
