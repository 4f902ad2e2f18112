"""The newsroom on real loopback addresses, under a clock that tests move by hand."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from hands import PACE_S, Hands

from ingest.demo.newsroom import Newsroom, open_newsroom


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def newsroom(clock: Hands) -> AsyncIterator[Newsroom]:
    async with open_newsroom(now=clock.now, pace_s=PACE_S) as newsroom:
        yield newsroom


@pytest.fixture
async def everything_out(newsroom: Newsroom, clock: Hands) -> Newsroom:
    clock.advance(PACE_S * newsroom.remaining)
    return newsroom


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
