"""What is only so on PostgreSQL: many processes that write, a server that goes away, a schema that others mend."""

import asyncio
import datetime as dt

import psycopg
import pytest
from fakes import START
from given import a_draft, a_feed, an_entry, leased, one_pending, run_sql, settle, written_down

from ingest.edge.store import SqlStore, named, open_store, schema_problem, upgrade
from ingest.edge.store.postgres import WRITING
from ingest.edge.store.schema import HEAD
from ingest.errors import ConfigError, StoreError
from ingest.model import ChangeFilter, StoryFilter

pytestmark = pytest.mark.parametrize("database", ["postgres"], indirect=True)


def elsewhere(database: str, name: str) -> str:
    """The URL of another database on the same server."""
    return database.replace("/postgres?", f"/{name}?")


async def test_changes_are_numbered_in_the_order_of_commits_by_whomever_they_are_written(
    database: str, store: SqlStore
) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(number) for number in range(1, 61)])
    writers = [open_store(database, f"host/{number}/1") for number in range(3)]
    seen: list[int] = []

    async def write(writer: SqlStore) -> None:
        while pending := await writer.lease_entries(START, 3):
            for one in pending:
                await writer.save(one, a_draft(int(one.entry.guid[3:])), settle, START)

    async def read() -> None:
        while len(seen) < 60:
            some = await store.changes.after(seen[-1] if seen else 0, ChangeFilter(), 7)
            seen.extend(one.change.seq for one in some.announcements)

    await asyncio.wait_for(asyncio.gather(read(), *map(write, writers)), 60)
    assert seen == sorted(seen)
    stories = [story async for story in store.stories(StoryFilter())]
    assert [story.seq for story in stories] == seen
    assert len({story.title for story in stories}) == 60, "none was saved twice"
    assert await store.upkeep.check() == []
    await asyncio.gather(*(writer.close() for writer in writers))


async def test_a_reader_has_the_snapshot_of_its_first_look_and_waits_for_no_writer(
    database: str, store: SqlStore
) -> None:
    with psycopg.connect(database) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
        assert (await store.totals(START)).stories == 0


async def test_a_writer_that_others_hold_up_for_long_says_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.edge.store.postgres.BUSY_TIMEOUT_MS", 20)
    store = open_store(database, "host/2/1")
    with psycopg.connect(database) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
        with pytest.raises(StoreError, match="another process holds it for long"):
            await store.release()
    await store.release()
    await store.close()


async def test_a_connection_that_is_cut_costs_its_write_and_no_other(database: str, store: SqlStore) -> None:
    pending = await one_pending(store)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ingest write'"
    run_sql(database, cut)
    outcome = await store.save(pending, a_draft(), settle, START)
    assert outcome.settled == "new", "the connection was made anew"

    def cut_now(connection: object) -> None:
        run_sql(database, cut)

    with pytest.raises(StoreError, match=r"the server is stopping|broke off"):
        await store.writer.run(lambda connection: (cut_now(connection), store._holder.release(connection)))
    await store.release()
    assert ((await store.totals(START)).stories, await store.upkeep.check()) == (1, [])


async def test_the_size_is_that_on_the_server(store: SqlStore) -> None:
    assert (await store.totals(START)).bytes > 1_000_000


async def test_vacuum_goes_through(store: SqlStore) -> None:
    await store.upkeep.vacuum()
    assert await store.upkeep.check() == []


def test_a_database_without_tables_is_not_mended_by_who_only_opens_it(database: str) -> None:
    run_sql(database, "DROP DATABASE IF EXISTS bare")
    run_sql(database, "CREATE DATABASE bare")
    bare = elsewhere(database, "bare")
    with pytest.raises(StoreError, match=f"its schema is empty, not {HEAD}; run `ingest db upgrade`"):
        open_store(bare, "host/1/1")
    assert (upgrade(bare), schema_problem(bare), upgrade(bare)) == (HEAD, None, HEAD)


def test_the_tables_of_another_program_are_left_alone(database: str) -> None:
    run_sql(database, "DROP DATABASE IF EXISTS other")
    run_sql(database, "CREATE DATABASE other")
    run_sql_in(elsewhere(database, "other"), "CREATE TABLE accounts (n INTEGER)")
    with pytest.raises(ConfigError, match="it belongs to another program, with tables such as accounts"):
        upgrade(elsewhere(database, "other"))


def run_sql_in(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # it is written here


MISTAKES = {
    "there is no such database": ("nowhere", ConfigError, "there is no such database on the server; make it with"),
    "the server refuses this user": ("postgres", ConfigError, "the server refuses this user"),
}


@pytest.mark.parametrize(("name", "error", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_wrong_url_is_told(database: str, name: str, error: type[Exception], told: str) -> None:
    url = elsewhere(database, name)
    url = url.replace("postgres:@", "nobody:@") if "user" in told else url
    with pytest.raises(error, match=told):
        open_store(url, "host/1/1")


def test_a_server_that_is_not_there_is_told(database: str) -> None:
    with pytest.raises(StoreError, match=r"database postgresql://a@127.0.0.1:1/b: the server cannot be reached"):
        open_store("postgres://a:secret@127.0.0.1:1/b", "host/1/1")


def test_a_password_is_shown_nowhere(database: str) -> None:
    written = "postgresql://a:secret@host:5433/b?sslmode=require&password=secret&sslpassword=secret"
    assert named(written) == "postgresql://a@host:5433/b?sslmode=require"


async def test_times_come_back_as_they_went_whatever_the_zone_of_the_server(database: str, store: SqlStore) -> None:
    run_sql(database, "ALTER DATABASE postgres SET timezone = 'Asia/Kathmandu'")
    try:
        other = open_store(database, "host/3/1")
        await other.save(await one_pending(other), a_draft(), settle, START)
        (story,) = [one async for one in other.stories(StoryFilter())]
        await other.close()
    finally:
        run_sql(database, "ALTER DATABASE postgres RESET timezone")
    assert story.first_seen_at == START
    assert story.first_seen_at.utcoffset() == dt.timedelta(0)
    assert await leased(store) == []
