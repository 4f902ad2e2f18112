"""Names are looked up once at a time, and answers remembered for a moment."""

import asyncio
import socket
import threading

import pytest
from fakes import FakeClock

from ingest.edge.net import resolver
from ingest.edge.net.resolver import FOUND_FOR, MISSED_FOR, Resolver

DEAD = socket.gaierror(socket.EAI_NONAME, "Name or service not known")


class NameServer:
    """Answers in place of the system's, as soon as it may, and counts."""

    def __init__(self, answer: str | OSError | UnicodeError) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def getaddrinfo(self, host: str, port: object, **_: object) -> list[tuple[object, ...]]:
        self.asked.append(host)
        self.may_answer.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (self.answer, 0))]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> NameServer:
    server = NameServer("192.0.2.1")
    monkeypatch.setattr(socket, "getaddrinfo", server.getaddrinfo)
    return server


@pytest.fixture
def names(clock: FakeClock) -> Resolver:
    return Resolver(clock)


async def test_an_address_is_given_with_the_port_that_was_asked_for(server: NameServer, names: Resolver) -> None:
    found = [(await names.resolve("a.example", port))[0] for port in (80, 443)]
    assert [(one["hostname"], one["host"], one["port"]) for one in found] == [
        ("a.example", "192.0.2.1", 80),
        ("a.example", "192.0.2.1", 443),
    ]
    assert server.asked == ["a.example"]


@pytest.mark.parametrize("answer", ["192.0.2.1", DEAD])
async def test_callers_at_the_same_moment_share_one_look_up(
    server: NameServer, names: Resolver, answer: str | OSError
) -> None:
    server.answer = answer
    server.may_answer.clear()
    callers = [asyncio.ensure_future(names.resolve(host)) for host in ["a.example", "A.example"] * 10]
    await asyncio.sleep(0)  # all of them have asked now
    server.may_answer.set()
    await asyncio.gather(*callers, return_exceptions=True)
    assert server.asked == ["a.example"]


@pytest.mark.parametrize(("answer", "kept_for"), [("192.0.2.1", FOUND_FOR), (DEAD, MISSED_FOR)])
async def test_an_answer_is_remembered_for_its_time(
    server: NameServer, names: Resolver, clock: FakeClock, answer: str | OSError, kept_for: object
) -> None:
    server.answer = answer
    asked = []
    for seconds in (0, kept_for.total_seconds() - 1, 1):
        clock.advance(seconds)
        await asyncio.gather(names.resolve("a.example"), return_exceptions=True)
        asked.append(len(server.asked))
    assert asked == [1, 1, 2]


@pytest.mark.parametrize("answer", [DEAD, UnicodeError("label too long")])
async def test_each_caller_gets_an_error_of_its_own(
    server: NameServer, names: Resolver, answer: OSError | UnicodeError
) -> None:
    server.answer = answer
    first, second = await asyncio.gather(*(names.resolve("a.example") for _ in range(2)), return_exceptions=True)
    assert (type(first), first.args) == (type(second), second.args)
    assert isinstance(first, socket.gaierror)
    assert first is not second


async def test_a_caller_that_goes_away_takes_nothing_from_the_others(server: NameServer, names: Resolver) -> None:
    server.may_answer.clear()
    leaving, staying = (asyncio.ensure_future(names.resolve("a.example")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    server.may_answer.set()
    assert [one["host"] for one in await staying] == ["192.0.2.1"]


async def test_what_is_remembered_is_bounded(
    server: NameServer, names: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolver, "MAX_KEPT", 2)
    for name in ("a", "b", "a", "c", "a", "b"):
        await names.resolve(name)
    assert server.asked == ["a", "b", "c", "b"]


def test_an_answer_after_the_end_of_the_loop_goes_nowhere(server: NameServer, names: Resolver) -> None:
    async def ask_and_leave() -> None:
        asking = asyncio.ensure_future(names.resolve("a.example"))
        await asyncio.sleep(0)
        asking.cancel()

    server.may_answer.clear()
    asyncio.run(ask_and_leave())
    (thread,) = [thread for thread in threading.enumerate() if thread.name == "dns a.example"]
    server.may_answer.set()
    thread.join()  # an error in it would fail this test
