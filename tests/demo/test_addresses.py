"""Where the newsroom listens."""

import socket

import pytest

from ingest.demo.addresses import listen, one_address
from ingest.errors import ConfigError

NOWHERE = [("192.0.2.1", 0)]  # TEST-NET-1 of RFC 5737, no machine's own


def test_without_addresses_of_their_own_publishers_share_one_under_different_ports() -> None:
    sockets = listen(NOWHERE, one_address(3, 0))
    ports = {listening.getsockname()[1] for listening in sockets}
    for listening in sockets:
        listening.close()

    assert len(ports) == 3


def test_shared_addresses_take_a_row_of_ports() -> None:
    assert one_address(3, 8100) == [("127.0.0.1", 8100), ("127.0.0.1", 8101), ("127.0.0.1", 8102)]


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
        with pytest.raises(ConfigError, match=f"port {address[1]}.*choose another port"):
            listen([address])


def test_nowhere_to_listen_is_said() -> None:
    with pytest.raises(ConfigError, match=r"192\.0\.2\.1"):
        listen(NOWHERE)
