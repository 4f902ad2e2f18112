"""What the world does to a database: a full disk, a locked file, a crash at the worst moment."""

import asyncio
import json
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from fakes import START
from given import ON_SQLITE, a_draft, a_feed, an_entry, leased, one_pending, run_sql, settle, written_down
from sqlalchemy import Connection

from ingest.edge.store import SqlStore, open_store
from ingest.errors import StoreError
from ingest.model import StoryFilter
from ingest.ports import UNSHARED


async def limit_pages(store: SqlStore, more: int) -> None:
    """Let the database grow by so many pages: SQLite's own way of a full disk, set on the writer's connection."""

    def limit(connection: Connection) -> None:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + more}")

    await store.writer.run(limit)


@ON_SQLITE
async def test_on_a_full_disk_a_write_says_so(store: SqlStore) -> None:
    pending = await one_pending(store)
    await limit_pages(store, 0)
    with pytest.raises(StoreError, match="the disk is full; make room"):
        await store.save(pending, a_draft(raw=bytes(100_000)), settle, START)


@ON_SQLITE
async def test_with_room_again_the_store_goes_on(store: SqlStore) -> None:
    pending = await one_pending(store)
    await limit_pages(store, 0)
    with pytest.raises(StoreError):
        await store.save(pending, a_draft(raw=bytes(100_000)), settle, START)
    await limit_pages(store, 1000)
    outcome = await store.save(pending, a_draft(raw=bytes(100_000)), settle, START)
    assert (outcome.settled, await store.upkeep.check()) == ("new", [])


@ON_SQLITE
async def test_when_the_disk_fills_up_in_a_group_what_was_told_as_stored_is_stored(store: SqlStore) -> None:
    await written_down(store, await a_feed(store), [an_entry(number) for number in range(20)])
    work = await leased(store)
    await limit_pages(store, 40)
    outcomes = await asyncio.gather(
        *(store.save(pending, a_draft(pending.id, raw=bytes(20_000)), settle, START) for pending in work),
        return_exceptions=True,
    )
    told = {outcome.story_id for outcome in outcomes if not isinstance(outcome, BaseException)}
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, BaseException)} == {StoreError}
    assert told == {story.id async for story in store.stories(StoryFilter())}
    assert await store.upkeep.check() == []


@ON_SQLITE
async def test_a_database_that_another_program_holds_for_long_is_told(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.store.sqlite.BUSY_TIMEOUT_MS", 1)
    store = open_store(database, "host/1/1")
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="another process holds it for long"):
            await store.release()
        assert not await store.upkeep.writable()
    assert await store.upkeep.writable()
    await store.close()


@ON_SQLITE
async def test_readers_do_not_wait_for_a_writer(store: SqlStore, database: str) -> None:
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert (await store.totals(START)).stories == 0


Crash = Callable[..., int]
"""Runs a program that dies, in a process of its own; gives its exit status."""

FORKS = """
import json, os, sys
import given
import ingest.edge.store

for line in sys.stdin:
    program, *arguments = json.loads(line)
    if not (child := os.fork()):
        sys.argv = [program, *arguments]
        exec(program, {})
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Has loaded what the programs need: to start an interpreter for each takes most of the time."""


@pytest.fixture(scope="module")
def crash() -> Iterator[Crash]:
    environ = {"PYTHONPATH": ":".join(sys.path), "OPENBLAS_NUM_THREADS": "1"}  # with threads nothing can be forked
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", FORKS], stdin=pipe, stdout=pipe, text=True, env=environ) as forks:
        assert forks.stdin
        assert forks.stdout
        asked, told = forks.stdin, forks.stdout

        def run(*program: str) -> int:
            asked.write(json.dumps(program) + "\n")
            asked.flush()
            return int(told.readline())

        yield run


CRASH = """
import asyncio, os, sys
from given import a_draft, one_pending, settle, START
from ingest.edge.store import open_store

url, fatal = sys.argv[1:]

async def main():
    store = open_store(url, "dead/1/1", mark=lambda point: armed and point == fatal and os._exit(9))
    armed = fatal.startswith("store.write-down")
    pending = await one_pending(store)
    armed = True
    await store.save(pending, a_draft(), settle, START)

asyncio.run(main())
"""

POINTS = {
    "store.write-down.entries": 0,
    "store.save.change": 0,
    "store.save.story": 0,
    "store.save.indexed": 0,
    "store.save.aliases": 0,
    "store.before-commit": 0,
    "store.after-commit": 1,
}
"""Where a process dies → how many stories are stored then."""


@pytest.mark.parametrize(("point", "stories"), POINTS.items(), ids=POINTS.keys())
async def test_after_a_crash_the_work_is_taken_up_where_it_was_left(
    crash: Crash, database: str, point: str, stories: int
) -> None:
    status = await asyncio.to_thread(crash, CRASH, database, point)
    store = open_store(database, "host/1/1", alive=lambda owner: owner != "dead/1/1")
    found = (await store.totals(START)).stories
    checked = await store.upkeep.check()
    for pending in await leased(store) or ([] if found else [await one_pending(store)]):
        await store.save(pending, a_draft(), settle, START)
    totals = await store.totals(START)
    await store.close()
    assert (status, found, checked, totals.stories, totals.pending) == (9, stories, [], 1, 0)


LOOKED_AT = """
import asyncio, datetime as dt, os, sys
from given import a_draft, one_pending, settle, START
from ingest.edge.store import open_store
from ingest.ports import UNSHARED

url, fatal, came = sys.argv[1:]

async def main():
    store = open_store(url, "dead/1/1", mark=lambda point: armed and point == fatal and os._exit(9))
    armed = False
    await store.save(await one_pending(store), a_draft(), settle, START, START)
    (recheck,) = await store.rechecks.lease(START, 1, None, None, UNSHARED)
    armed = True
    article = a_draft().article.model_copy(update={"title": "Another title"})
    if came == "version":
        await store.rechecks.found(recheck, a_draft(article=article), settle, START, None)
    await store.rechecks.withdraw(recheck, "410", START, None)

asyncio.run(main())
"""


@pytest.mark.parametrize("came", ["version", "withdrawn"])
@pytest.mark.parametrize(
    ("point", "changes"), [("store.recheck.written", 1), ("store.before-commit", 1), ("store.after-commit", 2)]
)
async def test_a_re_check_that_died_is_done_once(
    crash: Crash, database: str, came: str, point: str, changes: int
) -> None:
    status = await asyncio.to_thread(crash, LOOKED_AT, database, point, came)
    store = open_store(database, "host/1/1", alive=lambda owner: owner != "dead/1/1")
    (story,) = [one async for one in store.stories(StoryFilter())]
    left = await store.rechecks.lease(START, 9, None, None, UNSHARED)
    checked = await store.upkeep.check()
    await store.close()
    assert (status, story.seq, len(left), checked) == (9, changes, 2 - changes, [])


@pytest.mark.parametrize("data", [b"\0", zlib.compress(b"{"), zlib.compress(b'{"of another": "version"}')])
async def test_an_entry_that_cannot_be_read_fails_alone(store: SqlStore, database: str, data: bytes) -> None:
    await written_down(store, await a_feed(store), [an_entry(1), an_entry(2)])
    run_sql(database, "UPDATE entries SET data = :data WHERE guid = 'id-1'", data=data)
    assert [pending.entry.guid for pending in await leased(store)] == ["id-2"]
    (told,) = await store.entry_outcomes("https://example.com/news/1")
    assert told.startswith("example: failed: its row cannot be read")
    assert await store.upkeep.check() == []
