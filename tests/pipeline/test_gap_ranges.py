"""What range a backfill that is to close a gap has."""

from fakes import START
from newsroom import FEED, article, day, newsroom, numbers, paged, url, with_gap
from world import DAY, Answer, World

from ingest.core.backfill import AUTO
from ingest.model import Backfill, Feed
from ingest.pipeline import backfill_due, collect_due, poll_due


async def test_a_story_of_the_second_of_the_oldest_that_is_still_listed_is_brought(world: World) -> None:
    feed = await with_gap(world)
    batch = f"{day(10):%a, %d %b %Y %H:%M:%S}".encode(), f"{day(11):%a, %d %b %Y %H:%M:%S}".encode()
    older = world.web.answers[f"{FEED}?page=2"]
    assert isinstance(older, Answer)
    world.web.answers[f"{FEED}?page=2"] = Answer(older.body.replace(*batch), headers=older.headers)
    world.web.answers[url(10)] = article(10, day(11))
    await backfill_due(world.ports, AUTO)
    assert (await world.status(feed)).gaps == 0
    assert await numbers(world) == list(range(1, 16))


async def gap_after_stale_days(world: World, days: int) -> tuple[Feed, Backfill]:
    """A feed that was given for days as it once was, then as it is; and the backfill that closes its gap."""
    feed = await newsroom(world, 0 * DAY)
    world.web.answers[FEED] = paged([2, 1])
    await poll_due(world.ports)
    world.clock.advance(days * DAY.total_seconds())
    await world.poll(feed)
    world.clock.advance((14 - days) * DAY.total_seconds())
    world.web.answers[FEED] = paged(range(15, 10, -1), f"{FEED}?page=2")
    await world.poll(feed)
    await collect_due(world.ports)
    await backfill_due(world.ports, AUTO)
    (run,) = await world.store.backfills.list()
    return feed, run


async def test_a_feed_that_was_given_as_it_once_was_is_brought_from_what_it_listed_last(world: World) -> None:
    feed, run = await gap_after_stale_days(world, 5)
    assert run.spec.since == day(2)
    assert (await world.status(feed)).gaps == 0
    assert await numbers(world) == list(range(1, 16))


async def test_a_feed_that_listed_nothing_for_long_is_brought_from_a_week_before_the_last_poll(world: World) -> None:
    _, run = await gap_after_stale_days(world, 10)
    assert run.spec.since == START + 3 * DAY
