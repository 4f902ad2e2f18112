"""Contract of the Store: leases of pending entries, and what becomes of each."""

import datetime as dt
from collections import Counter

import pytest
from fakes import START, FakeClock
from given import OpenStore, a_draft, a_feed, an_entry, leased, one_pending, published, settle, written_down

from ingest.edge.store import SqlStore
from ingest.edge.store.leases import LEASE
from ingest.model import Outcome, PendingEntry

HOUR = dt.timedelta(hours=1)


def titles(pending: list[PendingEntry]) -> list[str]:
    return [one.entry.title for one in pending]


async def test_an_entry_is_leased_once(store: SqlStore) -> None:
    await written_down(store, await a_feed(store), [an_entry()])
    assert (titles(await leased(store)), await leased(store)) == (["Title 1"], [])


async def test_the_most_recent_entry_of_a_feed_goes_first(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(
        store, feed, [an_entry(1, published=published(9)), an_entry(2, published=published(1)), an_entry(3)]
    )
    assert titles(await leased(store)) == ["Title 3", "Title 2", "Title 1"]


async def test_entries_without_a_date_keep_the_order_of_the_feed(store: SqlStore) -> None:
    await written_down(store, await a_feed(store), [an_entry(2), an_entry(3), an_entry(1)])
    assert titles(await leased(store)) == ["Title 2", "Title 3", "Title 1"]


async def test_feeds_take_turns(store: SqlStore) -> None:
    busy, quiet, slow = await a_feed(store, "busy"), await a_feed(store, "quiet"), await a_feed(store, "slow")
    await written_down(store, busy, [an_entry(n, title=f"busy {n}", published=published(n)) for n in range(1, 9)])
    await written_down(store, quiet, [an_entry(n, title=f"quiet {n}", published=published(100 + n)) for n in (1, 2)])
    await written_down(store, slow, [an_entry(title="slow 1", published=published(500))])
    got = await leased(store, limit=6)
    assert titles(got) == ["busy 1", "quiet 1", "slow 1", "busy 2", "quiet 2", "busy 3"]


async def test_what_the_other_feeds_do_not_need_goes_to_the_feed_that_has_more(store: SqlStore) -> None:
    for name, count in (("busy", 20), ("quiet", 2), ("slow", 1)):
        await written_down(store, await a_feed(store, name), [an_entry(n) for n in range(count)])
    got = await leased(store, limit=12)
    assert Counter(one.feed.name for one in got) == {"busy": 9, "quiet": 2, "slow": 1}
    assert [one.entry.guid for one in got if one.feed.name == "busy"] == [f"id-{n}" for n in range(9)]


async def test_only_the_entries_of_the_named_feeds_are_leased(store: SqlStore) -> None:
    a, b = await a_feed(store, "a"), await a_feed(store, "b")
    await written_down(store, a, [an_entry(1)])
    await written_down(store, b, [an_entry(2)])
    assert titles(await store.lease_entries(START, 10, feeds=[b.id])) == ["Title 2"]


async def test_entries_of_a_disabled_feed_are_leased_too(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry()])
    await store.switch_feed(feed.id, enabled=False)
    assert titles(await leased(store)) == ["Title 1"]


async def test_a_lease_is_over_when_its_time_is_up(open_another: OpenStore, clock: FakeClock) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    await one_pending(here)
    clock.advance(LEASE.total_seconds() - 1)
    before = await leased(there, clock.now())
    clock.advance(1)
    assert (before, titles(await leased(there, clock.now()))) == ([], ["Title 1"])


async def test_a_lease_that_is_renewed_goes_on(open_another: OpenStore, clock: FakeClock) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    pending = await one_pending(here)
    clock.advance(LEASE.total_seconds() - 1)
    await here.renew_entries([pending.id], clock.now())
    clock.advance(LEASE.total_seconds() - 1)
    assert await leased(there, clock.now()) == []


async def test_what_is_not_in_work_any_more_becomes_free_for_the_same_process_too(
    store: SqlStore, clock: FakeClock
) -> None:
    pending = await one_pending(store)
    clock.advance(LEASE.total_seconds() - 1)
    await store.renew_entries([pending.id + 1], clock.now())
    clock.advance(1)
    assert titles(await leased(store, clock.now())) == ["Title 1"]


async def test_renewing_takes_nothing_back_from_others(open_another: OpenStore, clock: FakeClock) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    pending = await one_pending(here)
    clock.advance(LEASE.total_seconds())
    await leased(there, clock.now())
    await here.renew_entries([pending.id], clock.now())
    assert (await here.give_up(pending, "gone")).state == "lost"


async def test_what_is_released_is_free_at_once(open_another: OpenStore) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    await one_pending(here)
    await here.claim_feeds(START, 1, even_if_not_due=True)
    await here.release()
    claims = await there.claim_feeds(START, 1, even_if_not_due=True)
    assert (titles(await leased(there)), [feed.name for feed, _ in claims]) == (["Title 1"], ["example"])


@pytest.mark.parametrize(("alive", "free"), [(False, True), (True, False), (None, False)])
async def test_what_a_dead_process_held_is_free_at_once(
    open_another: OpenStore, alive: bool | None, free: bool
) -> None:
    here = open_another("here/1/1")
    there = open_another("there/1/1", alive=lambda owner: alive if owner == "here/1/1" else None)
    await one_pending(here)
    await here.claim_feeds(START, 1, even_if_not_due=True)
    claims = await there.claim_feeds(START, 1, even_if_not_due=True)
    assert (bool(await leased(there)), bool(claims)) == (free, free)


async def test_what_others_hold_is_counted(open_another: OpenStore) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    await one_pending(here)
    assert (await here.held_elsewhere(START), await there.held_elsewhere(START)) == (0, 1)


async def test_what_others_hold_is_counted_by_feed(open_another: OpenStore) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    feed = (await one_pending(here)).feed
    assert await there.held_elsewhere(START, [feed.id]) == 1
    assert await there.held_elsewhere(START, [feed.id + 1]) == 0


async def test_what_the_dead_hold_or_held_too_long_does_not_count(open_another: OpenStore, clock: FakeClock) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    coroner = open_another("coroner/1/1", alive=lambda owner: False)
    await one_pending(here)
    assert await coroner.held_elsewhere(clock.now()) == 0
    clock.advance(LEASE.total_seconds())
    assert await there.held_elsewhere(clock.now()) == 0


async def test_a_postponed_entry_comes_again_when_it_is_due(store: SqlStore) -> None:
    pending = await one_pending(store)
    outcome = await store.postpone(pending, START + HOUR, "the server answers 503")
    early, (again,) = await leased(store), await leased(store, START + HOUR)
    assert (outcome.state, outcome.due_at, early, again.attempts) == ("pending", START + HOUR, [], 1)


async def test_a_failed_entry_never_comes_again(store: SqlStore) -> None:
    pending = await one_pending(store)
    outcome = await store.give_up(pending, "the server answers 404")
    assert (outcome.state, outcome.why) == ("failed", "the server answers 404")
    assert await leased(store, START + 1000 * HOUR) == []


async def test_a_sighting_of_a_known_story_is_no_change(store: SqlStore) -> None:
    created = await store.save(await one_pending(store, 1), a_draft(1), settle, START)
    assert created.story_id is not None
    outcome = await store.sight(await one_pending(store, 2), created.story_id, "its address is known", START)
    story = await store.story(created.story_id)
    assert story is not None
    assert (outcome.settled, [s.entry_id for s in story.sightings], story.seq) == ("same", ["id-1", "id-2"], 1)


WAYS = ["save", "sight", "postpone", "give_up"]


async def finish(store: SqlStore, way: str, pending: PendingEntry, story_id: str) -> Outcome:
    if way == "save":
        return await store.save(pending, a_draft(2), settle, START)
    if way == "sight":
        return await store.sight(pending, story_id, "known", START)
    if way == "postpone":
        return await store.postpone(pending, START + HOUR, "later")
    return await store.give_up(pending, "never")


@pytest.mark.parametrize("way", WAYS)
async def test_an_entry_that_another_process_took_over_is_lost(
    open_another: OpenStore, clock: FakeClock, way: str
) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    story_id = (await here.save(await one_pending(here, 1), a_draft(1), settle, START)).story_id or ""
    pending = await one_pending(here, 2)
    clock.advance(LEASE.total_seconds())
    (theirs,) = await leased(there, clock.now())
    outcome = await finish(here, way, pending, story_id)
    assert (outcome.state, (await there.give_up(theirs, "mine")).state) == ("lost", "failed")


@pytest.mark.parametrize("first", WAYS)
async def test_an_entry_is_finished_once(store: SqlStore, first: str) -> None:
    story_id = (await store.save(await one_pending(store, 1), a_draft(1), settle, START)).story_id or ""
    pending = await one_pending(store, 2)
    assert (await finish(store, first, pending, story_id)).state != "lost"
    assert [(await finish(store, second, pending, story_id)).state for second in WAYS] == ["lost"] * len(WAYS)


async def test_an_entry_of_a_feed_that_was_removed_is_lost(store: SqlStore) -> None:
    pending = await one_pending(store)
    await store.remove_feed(pending.feed.id, START)
    assert (await store.save(pending, a_draft(), settle, START)).state == "lost"


async def test_the_outcomes_at_an_address_are_told(store: SqlStore) -> None:
    a, b, c = await a_feed(store, "a"), await a_feed(store, "b"), await a_feed(store, "c")
    for feed in (a, b, c):
        await written_down(store, feed, [an_entry()], START + feed.id * HOUR)
    one, two, _ = sorted(await leased(store, START + 9 * HOUR), key=lambda pending: pending.feed.id)
    await store.give_up(one, "the server answers 404")
    await store.postpone(two, START + 10 * HOUR, "the server answers 503")
    assert await store.entry_outcomes("https://example.com/news/1") == [
        "a: failed: the server answers 404",
        "b: pending, tried 1 times, next at 2024-01-19T18:00:00Z: the server answers 503",
        "c: pending, tried 0 times, next at 2024-01-19T11:00:00Z",
    ]
