"""An HTTP session that connects only where the guard lets it.

The guard sees the address of each socket before it connects: after DNS, for literals, at each hop, for each of several
addresses of one name. Connections are not kept: a poller comes back after minutes, and thousands of idle TLS
connections cost more memory than new handshakes cost time. Nothing comes from the environment: a proxy connects in our
stead, unseen by the guard, so that whoever wants one names it. No cookie that a server sets is kept.
"""

import errno
import socket

import aiohttp

from ingest.edge.net.guard import Guard
from ingest.edge.net.resolver import Resolver
from ingest.ports import Clock

LINE_BYTES = 32 * 1024
"""Longest status line or header; the library's 8 KiB is less than some sites' security policies."""


class AddressRefusedError(OSError):
    """The guard refused the address that a connection was about to be opened to."""


def open_session(guard: Guard, *, connections: int, clock: Clock) -> aiohttp.ClientSession:
    """A session of at most `connections` at once; call it in the running event loop.

    Each request brings its own timeout. Bodies come as they were sent: who reads them decodes them, within his bounds.
    """

    def guarded_socket(target: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = target
        if why := guard.port_refusal(int(address[1])) or guard.refusal(str(address[0])):
            raise AddressRefusedError(errno.EACCES, why)
        return socket.socket(family, kind, protocol)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            socket_factory=guarded_socket,
            resolver=Resolver(clock),
            use_dns_cache=False,  # the resolver remembers, failures too
            force_close=True,
            limit=connections,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        auto_decompress=False,
        max_line_size=LINE_BYTES,
        max_field_size=LINE_BYTES,
    )
