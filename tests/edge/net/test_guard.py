"""Which addresses may be connected to."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.edge.net.guard import Guard, carried_by

STRICT = Guard(())
REFUSED = [
    ("0.0.0.0", "unspecified"),
    ("0.1.2.3", "unspecified"),
    ("10.0.0.1", "private"),
    ("100.64.0.1", "carrier"),
    ("100.100.100.200", "metadata"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("168.63.129.16", "metadata"),
    ("169.254.0.1", "link-local"),
    ("169.254.169.254", "metadata"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.1", "protocols"),
    ("192.0.2.1", "documentation"),
    ("192.168.1.1", "private"),
    ("198.18.0.1", "benchmarks"),
    ("198.19.255.255", "benchmarks"),
    ("198.51.100.1", "documentation"),
    ("203.0.113.1", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "broadcast"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::1%lo", "loopback"),
    ("::2", "unspecified"),
    ("::127.0.0.1", "loopback"),
    ("::ffff:10.0.0.1", "private"),
    ("::ffff:7f00:1", "loopback"),
    ("::ffff:0:10.0.0.1", "reserved"),
    ("0:0:0:0:0:ffff:a00:1", "private"),
    ("64:ff9b::10.0.0.1", "private"),
    ("64:ff9b::a9fe:a9fe", "metadata"),
    ("64:ff9b::7f00:1", "loopback"),
    ("64:ff9b:1::1", "NAT64"),
    ("100::1", "discarding"),
    ("2001:0:0808:0808::f5ff:fffe", "private"),
    ("2001:0:0a00:0001::f7f7:f7f7", "private"),
    ("2001:1::1", "protocols"),
    ("2001:2::1", "benchmarks"),
    ("2001:db8::1", "documentation"),
    ("2002:a00:1::1", "private"),
    ("2002:7f00:1::", "loopback"),
    ("2002:a9fe:a9fe::1", "metadata"),
    ("3fff::1", "documentation"),
    ("5f00::1", "reserved"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "metadata"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
    ("example.org", "no IP address"),
    ("0x7f.1", "no IP address"),
    ("2130706433", "no IP address"),
    ("", "no IP address"),
]
PERMITTED = [
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "64:ff9b::5db8:d822",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:0:0808:0808::f7f7:f7f7",
    "2001:4860:4860::8888",
    "2002:808:808::1",
    "2606:4700::1111",
]


@pytest.mark.parametrize(("address", "why"), REFUSED)
def test_a_special_address_is_refused_with_its_reason(address: str, why: str) -> None:
    assert why in (STRICT.refusal(address) or "")


@pytest.mark.parametrize("address", PERMITTED)
def test_a_global_address_may_be_connected_to(address: str) -> None:
    assert STRICT.refusal(address) is None


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1", "fd12::1"])
def test_an_allowed_network_opens_its_addresses_in_every_notation(address: str) -> None:
    assert Guard((ip_network("10.0.0.0/8"), ip_network("fd12::/16"))).refusal(address) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "192.168.0.1", "::1", "fd13::1", "::ffff:127.0.0.1"])
def test_an_allowed_network_opens_no_other_address(address: str) -> None:
    assert Guard((ip_network("10.0.0.0/8"), ip_network("fd12::/16"))).refusal(address) is not None


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_like_the_one_inside(address: IPv4Address) -> None:
    assert (STRICT.refusal(f"::ffff:{address}") is None) == (STRICT.refusal(str(address)) is None)


@given(st.ip_addresses(v=6))
def test_nothing_outside_the_global_unicast_range_is_permitted_for_itself(address: IPv6Address) -> None:
    if STRICT.refusal(str(address)) is None:
        assert address in ip_network("2000::/3") or carried_by(address)


@given(st.ip_addresses())
def test_nothing_that_python_calls_private_or_multicast_is_permitted(address: IPv4Address | IPv6Address) -> None:
    if STRICT.refusal(str(address)) is None and not carried_by(address):
        assert not address.is_private
        assert not address.is_multicast


WRITTEN = [
    ("127.0.0.1", "loopback"),
    ("127.1", "loopback"),
    ("127.0.0.1.", "loopback"),
    ("2130706433", "loopback"),
    ("0x7f000001", "loopback"),
    ("0X7F.1", "loopback"),
    ("017700000001", "loopback"),
    ("0177.0.0.1", "loopback"),
    ("0", "unspecified"),
    ("10.1", "private"),
    ("0xa9.0xfe.0xa9.0xfe", "metadata"),
    ("2852039166", "metadata"),
    ("::1", "loopback"),
    ("::ffff:169.254.169.254", "metadata"),
    ("fe80::1%25eth0", "link-local"),
    ("localhost", "loopback"),
    ("LocalHost.", "loopback"),
    ("a.localhost", "loopback"),
]


@pytest.mark.parametrize(("host", "why"), WRITTEN)
def test_a_special_address_is_seen_in_every_spelling(host: str, why: str) -> None:
    assert why in (STRICT.written_refusal(host) or "")


@pytest.mark.parametrize("host", ["example.org", "8.8.8.8", "134744072", "localhost.example.org", "127.0.0.1.example"])
def test_a_name_or_a_global_address_is_not_refused_as_written(host: str) -> None:
    assert STRICT.written_refusal(host) is None


@pytest.mark.parametrize("network", ["127.0.0.0/8", "::1/128"])
def test_localhost_may_be_asked_where_one_of_its_addresses_may(network: str) -> None:
    assert Guard((ip_network(network),)).written_refusal("localhost") is None


@pytest.mark.parametrize("port", [80, 443, 1024, 8080, 65535])
def test_the_ports_of_the_web_and_unprivileged_ones_may_be_connected_to(port: int) -> None:
    assert STRICT.port_refusal(port) is None


@pytest.mark.parametrize("port", [0, 1, 22, 25, 79, 81, 442, 444, 1023])
def test_a_port_of_another_service_is_refused(port: int) -> None:
    why = f"port {port} is not among those of fetch.ports; add it there to fetch from it"
    assert STRICT.port_refusal(port) == why


def test_ports_by_setting_are_all_that_may_be_connected_to() -> None:
    guard = Guard((), ports=(range(81, 82),))
    assert [guard.port_refusal(port) is None for port in (80, 81, 82)] == [False, True, False]
