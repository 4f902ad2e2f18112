"""Contract of the Store: figures, retention, soundness."""

import asyncio
import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes import START
from given import (
    ON_SQLITE,
    PAGE,
    OpenStore,
    a_draft,
    a_feed,
    an_entry,
    leased,
    one_pending,
    published,
    run_sql,
    settle,
    written_down,
)

from ingest.edge.store import SqlStore
from ingest.edge.store.access import BUSY_TIMEOUT_MS
from ingest.edge.store.upkeep import INVARIANTS
from ingest.errors import StoreError
from ingest.model import Failure, Wall

HOUR = dt.timedelta(hours=1)


async def saved(store: SqlStore, number: int, now: dt.datetime = START) -> str:
    return (await store.save(await one_pending(store, number), a_draft(number), settle, now)).story_id or ""


async def test_the_figures_of_an_empty_database_are_nothing(store: SqlStore) -> None:
    totals = await store.totals(START)
    empty = totals.model_copy(update={"bytes": 0}).model_dump(exclude_defaults=True)
    assert {name: value for name, value in empty.items() if value} == {}


async def test_entries_are_counted_by_what_became_of_them(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(number) for number in range(6)])
    one, two, three, _ = await leased(store, limit=4)
    await store.save(one, a_draft(1), settle, START)
    await store.give_up(two, "gone")
    await store.postpone(three, START + HOUR, "later")
    totals = await store.totals(START)
    (status,) = await store.feeds()
    assert (totals.stories, totals.entries, totals.pending, totals.leased, totals.failed) == (1, 6, 4, 1, 1)
    assert (status.stories, status.entries, status.pending, status.failed) == (1, 6, 4, 1)


async def test_stories_are_counted_by_when_they_were_first_seen(store: SqlStore) -> None:
    feed = await a_feed(store)
    for hours_ago in (30, 20, 2, 0.5):
        seen_at = START - hours_ago * HOUR
        number = int(hours_ago * 10)
        await written_down(store, feed, [an_entry(number)], seen_at)
        (pending,) = await leased(store, seen_at)
        await store.save(pending, a_draft(number), settle, START)
    totals = await store.totals(START)
    assert (totals.stories, totals.stories_last_day, totals.stories_last_hour, totals.seq) == (4, 3, 1, 4)


async def test_what_stood_in_place_of_articles_is_counted_for_a_day(store: SqlStore) -> None:
    feed = await a_feed(store)
    for number, (hours_ago, problem) in enumerate([(30, "consent"), (20, "paywall"), (2, "paywall"), (1, "")]):
        seen_at = START - hours_ago * HOUR
        await written_down(store, feed, [an_entry(number)], seen_at)
        (pending,) = await leased(store, seen_at)
        await store.save(pending, a_draft(number, problem=problem), settle, START)
    assert (await store.totals(START)).walls == (Wall(problem="paywall", count=2),)


async def test_the_lag_is_the_median_from_publication_to_first_sight(store: SqlStore) -> None:
    for number, hours in enumerate((1, 2, 9)):
        draft = a_draft(number)
        article = draft.article.model_copy(update={"published": published(hours)})
        pending = await one_pending(store, number)
        await store.save(pending, draft.model_copy(update={"article": article}), settle, START)
    assert (await store.totals(START)).lag_s == 7200


async def test_the_most_frequent_failures_are_told_first(store: SqlStore) -> None:
    await written_down(store, await a_feed(store), [an_entry(number) for number in range(4)])
    one, two, three, _ = await leased(store)
    await store.postpone(one, START + HOUR, "the server answers 503")
    for pending in (two, three):
        await store.give_up(pending, "the server answers 404")
    assert (await store.totals(START)).failures == (
        Failure(state="failed", why="the server answers 404", count=2),
        Failure(state="pending", why="the server answers 503", count=1),
    )


def size_of(database: str) -> int:
    return Path(database.removeprefix("sqlite:///")).stat().st_size


@ON_SQLITE
async def test_the_size_is_that_on_the_disk(store: SqlStore, database: str) -> None:
    assert (await store.totals(START)).bytes >= size_of(database) > 0


async def test_what_raw_pages_and_texts_take_is_told_from_a_sample(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.store.figures.SAMPLE", 2)
    for number in range(4):
        draft = a_draft(number, raw=bytes(50_000))
        await store.save(await one_pending(store, number), draft, settle, START)
    totals = await store.totals(START)
    assert (totals.raw_page_bytes, totals.text_bytes) == (200_000, 4 * len(a_draft(1).article.text))


async def test_old_pages_are_dropped_and_their_stories_stay(store: SqlStore) -> None:
    old, young = await saved(store, 1), await saved(store, 2, START + HOUR)
    assert await store.upkeep.prune(START + HOUR) == 1
    page = await store.raw_page(young)
    assert (await store.raw_page(old), page and page.body) == (None, PAGE)
    assert await store.story(old) is not None


async def test_many_old_pages_are_dropped_in_several_transactions(
    open_another: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks: list[str] = []
    store = open_another("host/2/1", mark=marks.append)
    for number in range(5):
        await saved(store, number)
    monkeypatch.setattr("ingest.edge.store.upkeep.PRUNED_AT_ONCE", 2)
    marks.clear()
    assert await store.upkeep.prune(START + HOUR) == 5
    assert marks.count("store.after-commit") >= 3


async def test_a_database_in_use_is_sound(store: SqlStore) -> None:
    await saved(store, 1)
    await store.give_up(await one_pending(store, 2), "gone")
    await one_pending(store, 3)
    assert await store.upkeep.check() == []


HARM = {
    "entries that are leased and have no work before them": "UPDATE entries SET lease_owner = 'host/1/1'",
    "entries without a story that are to be looked at again": "UPDATE entries SET state = 'failed', story_id = NULL, "
    "check_at = seen_at",
    "pending entries of removed feeds": "UPDATE feeds SET removed = true; "
    "UPDATE entries SET state = 'pending', story_id = NULL",
    "stories that no entry has": "DELETE FROM entries",
    "stories whose seq is not that of their last change": "UPDATE changes SET story_id = 'none'",
    "stories whose version is not that of their last change": "UPDATE stories SET version = 2",
    "stories without a cluster": "UPDATE stories SET cluster = 'none'",
    "copies whose origin is a copy itself, or of another cluster": "UPDATE stories SET duplicate_of = id",
    "feeds without a state": "DELETE FROM feed_states",
}


def test_every_invariant_has_a_test() -> None:
    assert HARM.keys() == INVARIANTS.keys()


def harmed(database: str, harm: str) -> None:
    for statement in harm.split("; "):
        run_sql(database, statement)


@pytest.mark.parametrize(("told", "harm"), HARM.items(), ids=HARM.keys())
async def test_check_tells_of(database: str, store: SqlStore, told: str, harm: str) -> None:
    await saved(store, 1)
    harmed(database, harm)
    assert [line.partition(":")[0] for line in await store.upkeep.check()].count(told) == 1


@ON_SQLITE
async def test_check_tells_of_rows_that_point_nowhere(database: str, store: SqlStore) -> None:
    await saved(store, 1)
    harmed(database, "UPDATE aliases SET story_id = 'none'")
    assert await store.upkeep.check() == ["aliases row 1 points to a row of stories that is missing"]


@ON_SQLITE
async def test_check_tells_of_rows_that_a_constraint_forbids(database: str, store: SqlStore) -> None:
    await saved(store, 1)
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE entries SET state = 'failed'")
    assert await store.upkeep.check() == ["CHECK constraint failed in entries"]


@ON_SQLITE
async def test_vacuum_gives_space_back(store: SqlStore, database: str) -> None:
    for number in range(20):
        draft = a_draft(number, raw=bytes(50_000))
        await store.save(await one_pending(store, number), draft, settle, START)
    await store.upkeep.prune(START + HOUR)
    before = (await store.totals(START)).bytes
    await store.upkeep.vacuum()
    assert (await store.totals(START)).bytes < before / 4


async def test_a_database_that_can_be_written_says_so(store: SqlStore) -> None:
    assert await store.upkeep.writable()


@ON_SQLITE
async def test_a_database_that_another_program_holds_says_soon_that_it_cannot_be_written(
    store: SqlStore, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.store.upkeep.READY_WITHIN_S", 0.01)
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(BUSY_TIMEOUT_MS / 2000):
            assert not await store.upkeep.writable()


async def test_a_closed_store_says_so(open_another: OpenStore) -> None:
    store = open_another("host/2/1")
    await store.close()
    assert not await store.upkeep.writable()
    with pytest.raises(StoreError, match="closed"):
        await store.release()
