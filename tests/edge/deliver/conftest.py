"""One receiver of each kind."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes import FakeClock

sys.path.append(str(Path(__file__).parents[1] / "store"))  # `given`: what a store begins with

from delivering import begin
from receiving import ALL, Hook, InFolder, Receiver, Server, a_hook, a_server, made

from ingest.edge.store import SqlStore
from ingest.model import ChangeFilter
from ingest.ports import Sink

KINDS = ["webhook", "nats", "files", "documents"]


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """URL of a database with nothing in it: SQLite's, or of the kind that a test asks for (`ON_BOTH`)."""
    url: str = request.getfixturevalue(getattr(request, "param", "sqlite"))
    return url


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    async with a_hook() as running:
        yield running


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with a_server(tmp_path / "jetstream") as running:
        yield running


@pytest.fixture(params=KINDS)
async def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Receiver]:
    if request.param == "webhook":
        async with a_hook() as hook:
            yield hook
    elif request.param == "nats":
        async with a_server(tmp_path / "jetstream") as server:
            yield server
    else:
        yield InFolder(tmp_path / "delivered", request.param)


@pytest.fixture
def where() -> ChangeFilter:
    """What the sink lets through: all, where a test does not say."""
    return ALL


@pytest.fixture
async def sink(receiver: Receiver, where: ChangeFilter, store: SqlStore, clock: FakeClock) -> AsyncIterator[Sink]:
    """The sink that delivers to the receiver; a module about one kind has a `receiver` of its own."""
    opened = made(receiver.spec(where), "STORE", clock)
    await begin(store, clock, opened)
    yield opened
    await opened.close()
