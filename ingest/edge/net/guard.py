"""Which addresses may be connected to.

Rule 1: only globally routable unicast addresses, and what the user allows by name. A feed or a redirect can name any
        host, and any name can resolve to any address, so the judgement is about the address that a socket connects to.
Rule 2: an IPv6 address that carries an IPv4 address is judged by that one too: it leads there.
Rule 3: only ports where the web is served. A request to another one is a line of text for some other service.
Rule 4: where a proxy connects in our place, no socket of ours is seen: then the URL is judged as it is written.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

SPECIAL: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), why)
    for network, why in (
        # Metadata services of clouds hand out credentials; these stand in public or shared ranges.
        ("168.63.129.16/32", "a cloud's metadata service"),
        ("100.100.100.200/32", "a cloud's metadata service"),
        ("169.254.169.254/32", "a cloud's metadata service"),
        ("192.0.0.192/32", "a cloud's metadata service"),
        ("fd00:ec2::254/128", "a cloud's metadata service"),
        ("fd20:ce::254/128", "a cloud's metadata service"),
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared within a carrier's network"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "reserved for documentation"),
        ("192.88.99.0/24", "a retired 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "reserved for benchmarks"),
        ("198.51.100.0/24", "reserved for documentation"),
        ("203.0.113.0/24", "reserved for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "reserved for discarding"),
        ("2001:2::/48", "reserved for benchmarks"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "reserved for documentation"),
        ("3fff::/20", "reserved for documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
        # All that lies outside 2000::/3, the only global unicast of IPv6.
        ("::/3", "reserved"),
        ("4000::/2", "reserved"),
        ("8000::/1", "reserved"),
    )
)
"""The registries of special-purpose addresses, first match first:
https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry."""

COMPATIBLE = IPv6Network("::/96")
NAT64 = IPv6Network("64:ff9b::/96")
LAST_32_BITS = 0xFFFF_FFFF
WEB_PORTS = (range(80, 81), range(443, 444), range(1024, 65536))
LOCALHOST = ("127.0.0.1", "::1")
"""What `localhost` and all names below it stand for: RFC 6761, 6.3."""


@dataclass(frozen=True)
class Guard:
    """The judgement. Its reasons say what to do about them."""

    allow: Sequence[Network]
    """Networks that the user allows although they are special."""
    ports: Sequence[range] = WEB_PORTS

    def port_refusal(self, port: int) -> str | None:
        """Why a port may not be connected to; None if it may."""
        for ports in self.ports:
            if port in ports:
                return None
        return f"port {port} is not among those of fetch.ports; add it there to fetch from it"

    def written_refusal(self, host: str) -> str | None:
        """Why a host may not be asked for as it is written, be it as a number in any spelling or as localhost."""
        addresses = written(host)
        refusals = [self.refusal(address) for address in addresses]
        return refusals[0] if addresses and all(refusals) else None

    def refusal(self, address: str) -> str | None:
        """Why a numeric address may not be connected to; None if it may."""
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return f"{address} is no IP address"
        if self._allows(ip):
            return None
        why = next(filter(None, map(self._special, carried_by(ip) or (ip,))), None)
        return why and f"the address {address} is {why}; name its network in fetch.allow_networks to fetch it"

    def _special(self, ip: Address) -> str | None:
        return None if self._allows(ip) else next((why for network, why in SPECIAL if ip in network), None)

    def _allows(self, ip: Address) -> bool:
        return any(ip in network for network in self.allow)


def written(host: str) -> tuple[str, ...]:
    """The addresses that a host stands for without any look-up; none for a name.

    Numbers are read as the system's resolver reads them: `127.1`, `0x7f000001`, `017700000001`, `2130706433`.
    """
    host = host.removesuffix(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return LOCALHOST
    if ":" in host:
        return (host,)
    try:
        return (socket.inet_ntoa(socket.inet_aton(host)),)
    except OSError:
        return ()


def carried_by(ip: Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that an IPv6 address leads to: mapped, compatible, NAT64, 6to4, Teredo."""
    if isinstance(ip, IPv4Address):
        return ()
    if ip.ipv4_mapped:
        return (ip.ipv4_mapped,)
    if ip.sixtofour:
        return (ip.sixtofour,)
    if ip.teredo:
        return ip.teredo
    if ip in NAT64 or (ip in COMPATIBLE and int(ip) > 1):
        return (IPv4Address(int(ip) & LAST_32_BITS),)
    return ()
