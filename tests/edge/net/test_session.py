"""The session connects only where the guard lets it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from ipaddress import ip_network

import aiohttp
import pytest
from fakes import FakeClock

from ingest.edge.net.guard import Guard
from ingest.edge.net.resolver import FOUND_FOR
from ingest.edge.net.session import open_session

LOOPBACK = Guard((ip_network("127.0.0.0/8"),))


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """A server that sets a cookie and gives back the request that it got."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: crumb=1\r\nContent-Length: %d\r\n\r\n%b" % (len(head), head))
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def session(guard: Guard) -> aiohttp.ClientSession:
    return open_session(guard, connections=4, clock=FakeClock())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_a_refused_address_is_never_connected_to(port: int, host: str) -> None:
    async with session(Guard(())) as strict:
        with pytest.raises(aiohttp.ClientConnectorError, match="loopback"):
            await strict.get(f"http://{host}:{port}/")


async def test_an_allowed_address_is_connected_to(port: int) -> None:
    async with session(LOOPBACK) as lenient, lenient.get(f"http://127.0.0.1:{port}/") as response:
        assert response.status == 200


async def test_a_name_with_one_allowed_address_is_reached_there(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def both(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("10.0.0.1", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    async with session(LOOPBACK) as lenient, lenient.get(f"http://two.example:{port}/") as response:
        assert response.status == 200


async def test_a_name_that_leads_elsewhere_the_second_time_is_judged_anew(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = iter(["127.0.0.1", "10.0.0.1"])

    def next_one(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(addresses), port))]

    monkeypatch.setattr(socket, "getaddrinfo", next_one)
    clock = FakeClock()
    async with open_session(LOOPBACK, connections=4, clock=clock) as lenient:
        async with lenient.get(f"http://turncoat.example:{port}/") as response:
            assert response.status == 200
        clock.advance(FOUND_FOR.total_seconds())
        with pytest.raises(aiohttp.ClientConnectorError, match=r"10\.0\.0\.1 is private"):
            await lenient.get(f"http://turncoat.example:{port}/")


async def test_a_refused_port_is_never_connected_to(port: int) -> None:
    async with session(Guard(LOOPBACK.allow, ports=(range(80, 81),))) as strict:
        with pytest.raises(aiohttp.ClientConnectorError, match=f"port {port} is not among those of fetch.ports"):
            await strict.get(f"http://127.0.0.1:{port}/")


async def test_no_cookie_comes_back(port: int) -> None:
    async with session(LOOPBACK) as lenient:
        for _ in range(2):
            async with lenient.get(f"http://127.0.0.1:{port}/") as response:
                assert b"crumb" not in (await response.read())


async def test_a_proxy_of_the_environment_is_not_used(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with session(LOOPBACK) as lenient, lenient.get(f"http://127.0.0.1:{port}/") as response:
        assert response.status == 200


async def test_a_name_that_does_not_exist_is_an_error_of_dns() -> None:
    async with session(LOOPBACK) as lenient:
        with pytest.raises(aiohttp.ClientConnectorDNSError):
            await lenient.get("http://nowhere.invalid/")
