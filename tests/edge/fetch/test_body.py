"""Bytes in flight are bounded as a whole: a large body waits for its turn, off the clock."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from loopback import Site, reply

from ingest.core.coding import counted
from ingest.edge.fetch.body import LARGE, Limit, read_body

BODY = bytes(2 * LARGE)


@pytest.fixture
async def response(site: Site):
    site.answers["/"] = reply(BODY)
    async with aiohttp.ClientSession(auto_decompress=False) as session, session.get(site.url("/")) as response:
        yield response


async def test_a_large_body_waits_for_its_turn(response: aiohttp.ClientResponse) -> None:
    async with asyncio.timeout(None) as deadline, asyncio.TaskGroup() as group:
        turn = Turn()
        reading = group.create_task(read_body(response, Limit(len(BODY)), turn, deadline))
        await turn.wanted.wait()
        assert not reading.done()
        turn.release()
    assert reading.result() == BODY


async def test_the_deadline_stands_still_while_a_body_waits(response: aiohttp.ClientResponse) -> None:
    async with asyncio.timeout(60) as deadline, asyncio.TaskGroup() as group:
        turn = Turn()
        before = deadline.when()
        group.create_task(read_body(response, Limit(len(BODY)), turn, deadline))
        await turn.wanted.wait()
        assert deadline.when() is None
        turn.release()
    assert before <= deadline.when() < before + 60


async def test_a_small_body_waits_for_nobody(site: Site) -> None:
    site.answers["/"] = reply(bytes(LARGE))
    async with (
        asyncio.timeout(None) as deadline,
        aiohttp.ClientSession() as session,
        session.get(site.url("/")) as small,
    ):
        assert len(await read_body(small, Limit(LARGE), Turn(), deadline)) == LARGE


async def test_pieces_that_hold_nothing_reach_no_decoder() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"", b"one", b"", b"two"):
            yield piece

    assert [piece async for piece in counted(pieces(), 100)] == [b"one", b"two"]


class Turn(asyncio.Semaphore):
    """Nobody's turn until it is released; tells when somebody wants it."""

    def __init__(self) -> None:
        super().__init__(0)
        self.wanted = asyncio.Event()

    async def acquire(self) -> bool:
        self.wanted.set()
        return await super().acquire()
