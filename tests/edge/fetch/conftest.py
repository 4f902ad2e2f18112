"""A site to ask and a fetcher to ask it with."""

from collections.abc import AsyncIterator, Callable
from ipaddress import ip_network

import pytest
from fakes import FakeClock
from loopback import Site, serving

from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.net.guard import Guard

LOOPBACK = Guard((ip_network("127.0.0.0/8"), ip_network("::1/128")))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with serving(Site()) as running:
        yield running


@pytest.fixture
async def make_fetcher(clock: FakeClock) -> AsyncIterator[Callable[..., HttpFetcher]]:
    made: list[HttpFetcher] = []

    def make(**values: object) -> HttpFetcher:
        known = {
            "user_agent": "ingest/1.0 (+https://example.org/bot)",
            "guard": LOOPBACK,
            "clock": clock,
            "environ": {},
        }
        made.append(HttpFetcher(**{**known, "robots": False, **values}))
        return made[-1]

    yield make
    for fetcher in made:
        await fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: Callable[..., HttpFetcher]) -> HttpFetcher:
    return make_fetcher()
