"""What tests of every room share: a clock that stands still, and a store on a database of its own."""

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from fakes import FakeClock
from hypothesis import settings

from ingest.edge.store import SqlStore, open_store, upgrade

OpenStore = Callable[..., SqlStore]

# A slow machine makes no property false, and the same tree has the same outcome each time.
settings.register_profile("deterministic", deadline=None, derandomize=True)
settings.load_profile("deterministic")


@pytest.fixture
def clock() -> FakeClock:
    """8 o'clock on 19 January 2024, until it is put forward."""
    return FakeClock()


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database; copied, since a migration takes longer than most tests."""
    path = tmp_path_factory.mktemp("blank") / "ingest.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite"])
def database(blank_database: Path, tmp_path: Path) -> str:
    """URL of a database with nothing in it, for each kind of database that the contract suite runs on."""
    path = tmp_path / "ingest.db"
    shutil.copy(blank_database, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def open_another(database: str) -> AsyncIterator[OpenStore]:
    """Opens further stores on the same database, as other processes would."""
    opened: list[SqlStore] = []

    def open_one(owner: str, **more: object) -> SqlStore:
        opened.append(open_store(database, owner, **more))  # type: ignore[arg-type]  # the tests know its arguments
        return opened[-1]

    yield open_one
    for store in opened:
        await store.close()


@pytest.fixture
def store(open_another: OpenStore) -> SqlStore:
    """A store on a database with nothing in it."""
    return open_another("host/1/1.00")
