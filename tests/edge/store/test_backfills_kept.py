"""Contract of the Store: how long what backfills brought is kept, and what ends with its feed."""

import datetime as dt

import pytest
from fakes import START
from given import PAGE, a_feed, an_entry, run_sql, written_down

from ingest.edge.store import SqlStore
from ingest.model import Backfill, BackfillSpec, BackfillState, Feed, FeedState, Found, Gap, Response
from ingest.ports import Conclusion, Shares

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


async def begun(store: SqlStore, feed: Feed) -> Backfill:
    spec = BackfillSpec(feed_id=feed.id, via=("warc",))
    return await store.backfills.begin(spec, START)


async def brought(store: SqlStore, run: Backfill) -> None:
    """An entry that lies in an archive with its page."""
    entry = an_entry(1)
    page = Response(entry.url, entry.url, 200, START, {"content-type": "text/html"}, PAGE)
    assert await store.backfills.write_down(run, run, [Found(entry, page=page)], START)


async def failed(store: SqlStore, run: Backfill) -> None:
    """The same, whose page is good for nothing, in a backfill that is over."""
    await brought(store, run)
    (pending,) = await store.backfills.lease_entries(run, START, 1, Shares())
    await store.give_up(pending, "the page says nothing")
    await store.backfills.end(run, "done", START)


async def with_a_gap(store: SqlStore, feed: Feed) -> None:
    """Let a poll find a gap."""
    await store.claim_feeds(START, 1, only=[feed.id], even_if_not_due=True)
    after = FeedState(feed_id=feed.id, due_at=START + HOUR)
    await store.write_down(feed.id, [], lambda _: Conclusion(after, Gap(since=START - DAY, until=START)), START)


def count(database: str, table: str) -> int:
    ((found,),) = run_sql(database, f"SELECT COUNT(*) FROM {table}")  # its name is written here
    return int(str(found))


@pytest.mark.parametrize(("before", "left"), [(START, 1), (START + HOUR, 0)])
async def test_the_page_of_an_entry_that_failed_is_kept_as_long_as_raw_pages(
    store: SqlStore, database: str, before: dt.datetime, left: int
) -> None:
    await failed(store, await begun(store, await a_feed(store)))
    await store.upkeep.prune(before)
    assert count(database, "entry_pages") == left


async def test_the_pages_of_a_backfill_that_runs_again_are_kept(store: SqlStore, database: str) -> None:
    run = await begun(store, await a_feed(store))
    await failed(store, run)
    assert await store.backfills.take(run.id, START, even_if_done=True)
    await store.upkeep.prune(START + HOUR)
    assert count(database, "entry_pages") == 1


async def test_the_page_of_an_entry_that_waits_is_kept(store: SqlStore, database: str) -> None:
    run = await begun(store, await a_feed(store))
    await brought(store, run)
    await store.backfills.end(run, "stopped", START)
    await store.upkeep.prune(START + HOUR)
    assert count(database, "entry_pages") == 1


async def test_the_page_of_an_entry_that_its_feed_took_over_is_dropped(store: SqlStore, database: str) -> None:
    feed = await a_feed(store)
    await brought(store, await begun(store, feed))
    await written_down(store, feed, [an_entry(1)])
    await store.upkeep.prune(START)
    assert count(database, "entry_pages") == 0


async def test_many_useless_pages_are_dropped_in_several_transactions(
    store: SqlStore, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.store.upkeep.PRUNED_AT_ONCE", 1)
    for name in ("one", "two", "three"):
        await failed(store, await begun(store, await a_feed(store, name)))
    await store.upkeep.prune(START + HOUR)
    assert count(database, "entry_pages") == 0


async def test_removing_a_feed_drops_the_pages_that_were_kept_for_it(store: SqlStore, database: str) -> None:
    feed = await a_feed(store)
    await failed(store, await begun(store, feed))
    await store.remove_feed(feed.id, START)
    assert count(database, "entry_pages") == 0


@pytest.mark.parametrize("state", ["running", "stopped", "failed"])
async def test_removing_a_feed_cancels_what_could_be_taken_up(store: SqlStore, state: BackfillState) -> None:
    feed = await a_feed(store)
    run = await begun(store, feed)
    if state != "running":
        await store.backfills.end(run, state, START)
    await store.remove_feed(feed.id, START + DAY)
    (after,) = await store.backfills.list()
    assert (after.state, after.finished_at) == ("cancelled", START + DAY)


async def test_removing_a_feed_leaves_a_backfill_that_is_done_as_it_was(store: SqlStore) -> None:
    feed = await a_feed(store)
    done = await store.backfills.end(await begun(store, feed), "done", START)
    await store.remove_feed(feed.id, START + DAY)
    assert await store.backfills.list() == [done]


async def test_removing_a_feed_forgets_its_open_gaps(store: SqlStore, database: str) -> None:
    feed = await a_feed(store)
    await with_a_gap(store, feed)
    await store.remove_feed(feed.id, START)
    assert count(database, "gaps") == 0


async def test_a_gap_that_is_found_after_one_was_forgotten_is_tried(store: SqlStore) -> None:
    feed = await a_feed(store)
    await with_a_gap(store, feed)
    assert await store.backfills.begin_for_gap(["paged"], START)
    await store.remove_feed(feed.id, START)
    other = await a_feed(store, "other")
    await with_a_gap(store, other)
    run = await store.backfills.begin_for_gap(["paged"], START)
    assert run
    assert run.feed == "other"
