import pytest
from fakes import FakeClock
from world import World, world_of

from ingest.edge.store import SqlStore
from ingest.ports import Pace


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
def world(store: SqlStore, clock: FakeClock, pace: Pace) -> World:
    return world_of(store, clock, pace)
