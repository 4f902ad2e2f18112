"""What a backfill leaves out: asked for once, counted once, no failure, and forgotten when the backfill is over."""

from dataclasses import replace

import pytest
from newsroom import FEED, article, begun, day, filled, newsroom, numbers, paged, url
from world import Answer, World

from ingest.edge.store import SqlStore
from ingest.model import Backfill, BackfillState, Cursor, Entry, Feed, Found, PendingEntry, Step
from ingest.pipeline import backfill, collect_due, poll_due
from ingest.ports import Ports, Shares


def asked(world: World, number: int) -> int:
    """How often an article was asked for."""
    return [request.url for request in world.web.asked].count(url(number))


class Repeating:
    """An archive that lists two articles without a date again and again, once the first of them were looked at."""

    def __init__(self, store: SqlStore, feed: Feed) -> None:
        self._store = store
        self._feed = feed

    async def step(self, cursor: Cursor | None) -> Step:
        found = tuple(Found(Entry(url=url(number))) for number in (9, 10))
        turn = int(str(cursor["turn"])) if cursor else 0
        if turn:
            await self._are_left_out()
        return Step(found, {"turn": turn + 1} if turn < 5 else None)

    async def _are_left_out(self) -> None:
        """Wait for it, turn by turn of the loop; how long that takes is up to the test's own timeout."""
        while True:
            (run,) = await self._store.backfills.list()
            if run.left == 2:
                return


def repeating(world: World, feed: Feed) -> Ports:
    return replace(world.ports, archives=lambda kind, search: Repeating(world.store, feed))


async def test_what_was_left_out_is_asked_for_and_counted_once_however_often_it_is_listed(world: World) -> None:
    feed = await newsroom(world)
    done = await backfill(repeating(world, feed), await begun(world, feed, since=day(2), until=day(8)))
    assert done
    assert (done.found, done.known, done.left, done.failed, done.pending) == (2, 0, 2, {}, 0)
    assert [asked(world, number) for number in (9, 10)] == [1, 1]


async def left_out(world: World, state: BackfillState) -> tuple[Feed, Backfill]:
    """A feed, and a backfill that left one article out, in that state."""
    feed = await newsroom(world)
    run = await begun(world, feed, since=day(2), until=day(8))
    await world.store.backfills.write_down(run, run, [Found(Entry(url=url(9), guid="9"))], world.clock.now())
    (pending,) = await leased(world, run)
    assert (await world.store.backfills.leave_out(pending, "it was published too late")).state == "left out"
    ended = run if state == "running" else await world.store.backfills.end(run, state, world.clock.now())
    assert ended
    return feed, ended


async def leased(world: World, run: Backfill) -> list[PendingEntry]:
    return await world.store.backfills.lease_entries(run, world.clock.now(), 9, Shares())


@pytest.mark.parametrize("state", ["running", "stopped", "failed", "done"])
async def test_what_was_left_out_is_nowhere_a_failure(world: World, state: BackfillState) -> None:
    feed, run = await left_out(world, state)
    kept, status = await world.store.backfills.get(run.id), await world.status(feed)
    totals = await world.store.totals(world.clock.now())
    assert kept
    assert (kept.left, kept.failed, kept.pending) == (1, {}, 0)
    assert (status.entries, status.failed, status.pending) == (0, 0, 0)
    assert (totals.entries, totals.failed, totals.pending, totals.failures) == (0, 0, 0, ())
    assert await world.store.entry_outcomes(url(9)) == []
    assert await world.store.upkeep.check() == []


async def test_what_was_left_out_is_not_tried_again_with_what_failed(world: World) -> None:
    _, run = await left_out(world, "running")
    again = await world.store.backfills.retry(run, world.clock.now())
    assert again
    assert (again.pending, await leased(world, again)) == (0, [])


async def test_what_was_left_out_of_one_backfill_is_new_to_another(world: World) -> None:
    feed, _ = await left_out(world, "failed")
    done = await filled(world, feed, since=day(9), until=day(11))
    assert (done.stored, done.known, await numbers(world)) == (2, 0, [9, 10])


async def test_what_was_left_out_is_the_feeds_once_that_shows_it(world: World) -> None:
    await left_out(world, "running")
    world.web.answers[FEED] = paged([9])
    await poll_due(world.ports)
    await collect_due(world.ports)
    assert await numbers(world) == [9]


async def failed_in_its_feed(world: World) -> Feed:
    """A feed that showed article 15, whose page was not there then and is now."""
    feed = await newsroom(world)
    bare = paged([15], f"{FEED}?page=2", dates=False).body.replace(b"<title>Story 15</title>", b"")
    world.web.answers |= {FEED: Answer(bare, headers={"content-type": "application/rss+xml"})}
    world.web.answers[url(15)] = Answer(status=404)
    await poll_due(world.ports)
    await collect_due(world.ports)
    assert await world.store.entry_outcomes(url(15)) == ["example: failed: the page answers 404"]
    world.web.answers[url(15)] = article(15, day(15))
    return feed


async def test_what_its_feed_showed_and_a_backfill_lists_is_bounded_by_no_range(world: World) -> None:
    feed = await failed_in_its_feed(world)
    done = await filled(world, feed, since=day(6), until=day(9))
    assert (done.left, await numbers(world)) == (0, [6, 7, 8, 15])


async def test_what_its_feed_showed_goes_back_to_it_when_a_backfill_is_cancelled(world: World) -> None:
    feed = await failed_in_its_feed(world)
    run = await begun(world, feed)
    found = [Found(Entry(url=url(number), guid=str(number))) for number in (15, 3)]
    await world.store.backfills.write_down(run, run, found, world.clock.now())
    await world.store.backfills.cancel(run.id, world.clock.now())
    assert (await world.status(feed)).pending == 1
    await collect_due(world.ports)
    assert await numbers(world) == [15]
