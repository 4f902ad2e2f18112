"""Where the newsroom listens: an address for each publisher where the platform has them, else a port for each."""

import errno
import socket
from collections.abc import Sequence
from contextlib import ExitStack

from ingest.errors import ConfigError

Address = tuple[str, int]


def own_addresses(count: int, port: int) -> list[Address]:
    """127.0.0.1, 127.0.0.2, … with one port; Linux answers on all of them, macOS only on the first."""
    return [(f"127.0.0.{host}", port) for host in range(1, count + 1)]


def one_address(count: int, port: int) -> list[Address]:
    """127.0.0.1 with a row of ports, or with free ones for port 0."""
    return [("127.0.0.1", port and port + step) for step in range(count)]


def listen(*choices: Sequence[Address]) -> list[socket.socket]:
    """Listening sockets at the first choice whose addresses exist here.

    Raises:
        ConfigError: a port is taken or may not be used, or no choice exists here.
    """
    missing: OSError | None = None
    for addresses in choices:
        try:
            return _bind(addresses)
        except OSError as error:
            if error.errno != errno.EADDRNOTAVAIL:
                raise _refused(addresses, error) from error
            missing = error
    raise _refused(choices[-1], missing) from missing


def _bind(addresses: Sequence[Address]) -> list[socket.socket]:
    with ExitStack() as opened:
        sockets = [opened.enter_context(socket.create_server(address)) for address in addresses]
        opened.pop_all()
    return sockets


def _refused(addresses: Sequence[Address], error: OSError | None) -> ConfigError:
    (host, port), (_, last) = addresses[0], addresses[-1]
    ports = f"port {port}" if port == last else f"ports {port} to {last}"
    reason = error.strerror if error else "no address given"
    return ConfigError(f"cannot serve the demo's newsroom from {host}, {ports}: {reason}; choose another port")
