"""The addresses that local ImageKit may send requests to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagekitio.local.web.outgoing.reach import Reach

HERE = Reach(loopback=True, elsewhere=False)
OUTSIDE = Reach(loopback=False, elsewhere=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "10.0.0.1", "192.168.1.5", "2606:2800:220:1::", "fd12::1"])
def test_other_machines_are_in_reach_only_if_allowed(address: str) -> None:
    assert OUTSIDE.allows(address)
    assert not HERE.allows(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
def test_this_machine_is_in_reach_only_if_allowed(address: str) -> None:
    assert HERE.allows(address)
    assert not OUTSIDE.allows(address)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1",
        "fe80::1%eth0",
        "::ffff:169.254.169.254",
        "2002:a9fe:a9fe::1",
        "64:ff9b::a9fe:a9fe",
        "fd00:ec2::254",
        "0.0.0.0",
        "::",
        "224.0.0.1",
        "ff02::1",
        "255.255.255.255",
    ],
)
def test_special_addresses_are_never_in_reach(address: str) -> None:
    assert not Reach(loopback=True, elsewhere=True).allows(address)


@given(st.ip_addresses(network="169.254.0.0/16") | st.ip_addresses(network="fe80::/10"))
def test_no_link_local_address_is_in_reach(address: object) -> None:
    assert not Reach(loopback=True, elsewhere=True).allows(str(address))
