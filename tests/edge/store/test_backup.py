"""A backup is whole, sound, and another database to readers; writers do not wait for it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes import START
from given import ON_SQLITE, OpenStore, a_draft, one_pending, run_sql, settle

from ingest.edge.store import SqlStore, open_store
from ingest.errors import ConfigError, StoreError
from ingest.model import StoryFilter


def quiet(done: int, all_of_it: int) -> None:
    """Nobody is told."""


async def saved(store: SqlStore, number: int) -> str:
    return (await store.save(await one_pending(store, number), a_draft(number), settle, START)).story_id or ""


def backups(path: Path) -> list[str]:
    return [one.name for one in path.parent.iterdir() if "backup" in one.name]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "backup.db"


@ON_SQLITE
async def test_a_backup_is_a_sound_database_with_all_that_was_committed(store: SqlStore, path: Path) -> None:
    kept = [await saved(store, number) for number in (1, 2)]
    await store.upkeep.back_up(path, quiet)
    copy = open_store(f"sqlite:///{path}", "host/2/1")
    assert [story.id async for story in copy.stories(StoryFilter())] == kept
    assert (await copy.upkeep.check(), await copy.changes.last()) == ([], 2)
    assert await copy.changes.identity() != await store.changes.identity()
    await copy.close()


@ON_SQLITE
async def test_what_is_written_meanwhile_neither_waits_nor_keeps_it_from_its_end(
    store: SqlStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.store.sqlite.STEP", 1)
    await saved(store, 1)
    loop, told = asyncio.get_running_loop(), []

    def write_more(done: int, all_of_it: int) -> None:
        told.append((done, all_of_it))
        if len(told) < 20:
            asyncio.run_coroutine_threadsafe(saved(store, 1 + len(told)), loop).result(20)

    await store.upkeep.back_up(path, write_more)
    assert told[-1][0] == told[-1][1] > 20
    assert await store.changes.last() == 20
    assert run_sql(f"sqlite:///{path}", "SELECT MAX(seq) FROM changes") == [(1,)]
    assert run_sql(f"sqlite:///{path}", "PRAGMA integrity_check") == [("ok",)]


@ON_SQLITE
async def test_one_that_is_broken_off_leaves_what_was_there(
    store: SqlStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.store.sqlite.STEP", 1)
    await store.upkeep.back_up(path, quiet)
    earlier = await store.changes.identity()
    loop = asyncio.get_running_loop()

    async def a_round() -> None:
        """All that is ready in the loop gets its turn."""

    def break_off(done: int, all_of_it: int) -> None:
        loop.call_soon_threadsafe(backing_up.cancel)
        for _ in range(3):
            asyncio.run_coroutine_threadsafe(a_round(), loop).result(20)

    kept = run_sql(f"sqlite:///{path}", "SELECT id FROM identity")
    backing_up = asyncio.create_task(store.upkeep.back_up(path, break_off))
    with pytest.raises(asyncio.CancelledError):
        await backing_up
    assert backups(path) == [path.name]
    assert run_sql(f"sqlite:///{path}", "SELECT id FROM identity") == kept != [(earlier,)]


@ON_SQLITE
async def test_a_copy_that_is_not_sound_is_none(store: SqlStore, database: str, path: Path) -> None:
    await saved(store, 1)
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE entries SET state = 'failed'")
    with pytest.raises(StoreError, match="the copy is not sound"):
        await store.upkeep.back_up(path, quiet)
    assert backups(path) == []


@ON_SQLITE
async def test_a_place_that_cannot_be_written_is_told(store: SqlStore, path: Path) -> None:
    with pytest.raises((ConfigError, StoreError), match=r"backup .*none/backup.db: it cannot be (opened|written)"):
        await store.upkeep.back_up(path.parent / "none" / "backup.db", quiet)


async def test_a_database_that_was_restored_is_another_one_to_readers(store: SqlStore, open_another: OpenStore) -> None:
    before = await store.changes.identity()
    await store.upkeep.renew_identity()
    assert await open_another("host/2/1").changes.identity() not in ("", before)
    assert await store.changes.last() == 0


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_of_postgresql_it_says_how_without_a_password(store: SqlStore, path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pg_dump --format=custom --file=\S+/backup.db 'postgresql://.*db restored"):
        await store.upkeep.back_up(path, quiet)
