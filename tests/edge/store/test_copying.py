"""A whole database moves into another, of either kind, or not at all."""

import datetime as dt
from pathlib import Path

import pytest
from fakes import START
from given import PAGE, a_draft, a_feed, an_entry, leased, one_pending, run_sql, settle, written_down
from sqlalchemy import select
from test_copies import CHANGED, EDITED, ORIGIN, SHORTENED
from test_copies import saved as saved_drafts

from ingest.edge.store import SqlStore, copying, open_store
from ingest.edge.store.engine import database as checked
from ingest.edge.store.engine import opened
from ingest.edge.store.tables import metadata
from ingest.errors import ConfigError, StoreError
from ingest.model import BackfillSpec, ChangeFilter, Found, Outage, Response, SinkSpec, StoryFilter, WebhookTarget

LATER = START + dt.timedelta(hours=1)
LEFT = {"search_state", "outages"}


def quiet(done: int, all_of_it: int) -> None:
    """Nobody is told."""


@pytest.fixture
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where to: a database of this kind, with nothing in it."""
    return f"sqlite:///{tmp_path}/other.db" if request.param == "new" else str(request.getfixturevalue(request.param))


BEHIND_ITS_BACK = [
    """INSERT INTO dead_letters (sink, seq, kind, story_id, why, tries, at)
    VALUES ('hook', 1, 'created', 'x', 'why', 1, '2024-01-19 08:00:00')""",
    """INSERT INTO gaps (feed_id, since, until, found_at, state)
    SELECT id, '2024-01-19 07:00:00', '2024-01-19 08:00:00', '2024-01-19 08:00:00', 'open' FROM feeds LIMIT 1""",
    """INSERT INTO subscriptions (feed_id, hub, topic, public_url, token, secret, state, due_at, failures)
    SELECT id, 'h', 't', 'p', 'token', 's', 'asked', '2024-01-19 08:00:00', 0 FROM feeds LIMIT 1""",
    "INSERT INTO sketches (story, hashes) VALUES (1, '[1, 2]')",
]
"""Rows of tables that it takes long to fill by the Store alone."""


async def filled(store: SqlStore, database: str) -> None:
    """Something in every table."""
    await saved_drafts(store, EDITED, SHORTENED, ORIGIN, CHANGED)
    gone = await store.save(await one_pending(store, 7), a_draft(7), settle, START)
    await store.removals.delete(gone.story_id or "", "asked for", settle, START)
    feed = await a_feed(store, "second", headers={"x": "y"}, tags=["Zürich", "東京"])
    run = await store.backfills.begin(BackfillSpec(feed_id=feed.id, via=("warc",)), START)
    page = Response("https://a.example/1", "https://a.example/1", 200, START, {}, PAGE)
    await store.backfills.write_down(run, run, [Found(an_entry(50), page=page)], START)
    await store.reprocessings.begin(StoryFilter(), "rules", START)
    await store.tokens.add("reader", "digest", "read", START)
    hook = SinkSpec(name="hook", kind="webhook", target=WebhookTarget(url="https://a.example/", secrets=()))
    await store.deliveries.sync([hook], START)
    await store.note_outage(Outage(since=START, seen_at=START, hosts=3))
    for statement in BEHIND_ITS_BACK:
        run_sql(database, statement)
    await store.release()


def rows(database: str) -> dict[str, list[str]]:
    """All of it, table by table, but for what belongs to processes."""
    with opened(checked(database), "read") as connection:
        return {
            table.name: sorted(
                str([value for name, value in row.items() if not name.startswith("lease_")])
                for row in connection.execute(select(table)).mappings()
            )
            for table in metadata.sorted_tables
            if table.name not in LEFT
        }


WAYS = pytest.mark.parametrize(
    ("database", "target"),
    [("sqlite", "postgres"), ("postgres", "sqlite"), ("sqlite", "new")],
    indirect=True,
)


@WAYS
async def test_all_arrives_as_it_was_and_readers_go_on(store: SqlStore, database: str, target: str) -> None:
    await filled(store, database)
    before = rows(database)
    assert {name for name, found in before.items() if not found} == set(), "each table has something to lose"
    told: list[tuple[int, int]] = []
    counts = await store.upkeep.copy_to(target, LATER, lambda done, of: told.append((done, of)))
    assert (rows(target), counts) == (before, {name: len(found) for name, found in before.items()})
    assert told[-1] == (sum(counts.values()), sum(counts.values()))
    moved = open_store(target, "host/2/1")
    assert await moved.changes.identity() == await store.changes.identity()
    seen = [await one.changes.after(0, ChangeFilter(), 99) for one in (store, moved)]
    assert seen[0] == seen[1]
    assert (await moved.upkeep.check(), await moved.search.waiting()) == ([], 3)
    await moved.close()


@WAYS
async def test_no_number_is_given_twice(store: SqlStore, database: str, target: str) -> None:
    await filled(store, database)
    before = [story async for story in store.stories(StoryFilter())]
    await written_down(store, (await store.feeds())[0].feed, [an_entry(60)])
    ((last_entry,),) = run_sql(database, "SELECT MAX(id) FROM entries")
    run_sql(database, "DELETE FROM entry_pages")
    run_sql(database, "DELETE FROM entries WHERE state = 'pending'")
    run_sql(database, "DELETE FROM changes WHERE seq > (SELECT MAX(seq) FROM stories)")
    given = await store.changes.last()
    assert given == before[-1].seq
    await store.upkeep.copy_to(target, LATER, quiet)
    moved = open_store(target, "host/2/1")
    outcome = await moved.save(await one_pending(moved, 70), a_draft(70), settle, START)
    story = await moved.story(outcome.story_id or "")
    assert story
    assert (story.seq > given + 1, outcome.entry_id > int(str(last_entry))) == (True, True)
    assert (await a_feed(moved, "third")).id == max(one.feed.id for one in await moved.feeds())
    await moved.close()


@pytest.mark.parametrize(("database", "target"), [("sqlite", "postgres"), ("sqlite", "new")], indirect=True)
async def test_a_database_with_something_in_it_is_left_as_it_is(store: SqlStore, database: str, target: str) -> None:
    await filled(store, database)
    other = open_store(target, "host/2/1")
    await a_feed(other, "precious")
    await other.close()
    before = rows(target)
    with pytest.raises(ConfigError, match="it is not empty, but has feeds"):
        await store.upkeep.copy_to(target, LATER, quiet)
    assert rows(target) == before


@WAYS
async def test_a_copy_that_breaks_off_leaves_nothing(store: SqlStore, database: str, target: str) -> None:
    await filled(store, database)

    def break_off(done: int, all_of_it: int) -> None:
        if done > all_of_it / 2:
            raise StoreError("the cable was pulled")

    with pytest.raises(StoreError, match="the cable was pulled"):
        await store.upkeep.copy_to(target, LATER, break_off)
    assert {name for name, found in rows(target).items() if found} == {"identity"}
    await store.upkeep.copy_to(target, LATER, quiet)


@WAYS
async def test_what_arrives_otherwise_is_not_kept(
    store: SqlStore, database: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(store, database)
    verify = copying._verify

    def after_damage(taker: object, *rest: object) -> None:
        taker.exec_driver_sql("UPDATE versions SET text = 'something else'")  # type: ignore[attr-defined]
        verify(taker, *rest)  # type: ignore[arg-type]  # a connection

    monkeypatch.setattr(copying, "_verify", after_damage)
    with pytest.raises(StoreError, match=r"versions arrived otherwise than it left \(1 rows of 1\)"):
        await store.upkeep.copy_to(target, LATER, quiet)
    assert {name for name, found in rows(target).items() if found} == {"identity"}


@pytest.mark.parametrize(("database", "target"), [("sqlite", "postgres")], indirect=True)
async def test_texts_that_postgresql_would_not_take_arrive_without_what_it_refuses(
    store: SqlStore, database: str, target: str
) -> None:
    await store.save(await one_pending(store), a_draft(), settle, START)
    run_sql(database, "UPDATE stories SET text = 'a' || char(0) || 'b'")
    await store.upkeep.copy_to(target, LATER, quiet)
    assert run_sql(target, "SELECT text FROM stories") == [("ab",)]


@pytest.mark.parametrize(("database", "target"), [("sqlite", "new"), ("postgres", "new")], indirect=True)
async def test_a_database_that_a_living_process_works_on_is_not_copied(store: SqlStore, target: str) -> None:
    await written_down(store, await a_feed(store), [an_entry(1)])
    await leased(store)
    with pytest.raises(ConfigError, match=r"host/1/1\.00 works on this database: stop the daemon"):
        await store.upkeep.copy_to(target, START, quiet)
    await store.upkeep.copy_to(target, LATER, quiet)
    assert run_sql(target, "SELECT lease_owner FROM entries") == [(None,)]


async def test_a_database_is_not_copied_onto_itself(store: SqlStore, database: str) -> None:
    with pytest.raises(ConfigError, match="onto itself"):
        await store.upkeep.copy_to(database, START, quiet)
