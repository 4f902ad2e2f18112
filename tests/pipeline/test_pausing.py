"""When it is our own network that fails, no feed pays for it."""

from world import World, rss

from ingest.core.health import health_of
from ingest.core.outage import WAITING
from ingest.model import Feed
from ingest.pipeline import collect_due, poll_due


async def feeds(world: World, count: int) -> list[Feed]:
    return [await world.feed(f"f{number}") for number in range(count)]


async def failures(world: World) -> list[int]:
    return [status.state.failures for status in await world.store.feeds()]


async def test_no_feed_is_charged(world: World) -> None:
    await feeds(world, 20)
    await poll_due(world.ports)
    assert await failures(world) == [0] * 20


async def healths(world: World) -> set[str]:
    now = world.clock.now()
    outage = (await world.store.totals(now)).outage
    return {health_of(status, now, outage) for status in await world.store.feeds()}


async def test_each_feed_waits_and_has_no_reason_of_its_own(world: World) -> None:
    await feeds(world, 20)
    await poll_due(world.ports)
    assert await healths(world) == {"waiting"}
    assert {status.state.problem for status in await world.store.feeds()} == {""}


async def test_a_poll_within_an_outage_tells_why_it_failed(world: World) -> None:
    watched = await feeds(world, 20)
    await poll_due(world.ports)
    polled = await world.poll(watched[0])
    assert polled.problem == f"{watched[0].url}: dns; {WAITING} and not held against the feed"


async def test_nothing_of_it_stays_with_a_feed_once_it_is_over(world: World) -> None:
    watched = await feeds(world, 20)
    for feed in watched:
        world.web.answers[feed.url] = rss([1])
    await poll_due(world.ports)
    before = world.web.answers.copy()
    world.web.answers.clear()
    for feed in watched:
        await world.poll(feed)
    assert await healths(world) == {"waiting"}
    world.web.answers |= before
    await world.poll(watched[0])
    assert await healths(world) <= {"fine", "quiet"}
    assert {status.state.problem for status in await world.store.feeds()} == {""}


async def test_only_probes_go_out_until_one_is_answered(world: World) -> None:
    watched = await feeds(world, 20)
    await poll_due(world.ports)
    asked = len(world.web.asked)
    for _ in range(5):
        world.clock.advance(90)
        await poll_due(world.ports)
    assert len(world.web.asked) == asked + 5
    for feed in watched:
        world.web.answers[feed.url] = rss([1])
    world.clock.advance(90)
    await poll_due(world.ports)
    world.clock.advance(120)
    await poll_due(world.ports)
    assert all(status.entries for status in await world.store.feeds())


async def test_a_few_dead_hosts_among_many_are_charged(world: World) -> None:
    watched = await feeds(world, 20)
    for feed in watched[:15]:
        world.web.answers[feed.url] = rss([1])
    await poll_due(world.ports)
    assert sorted(await failures(world)) == [0] * 15 + [1] * 5


async def an_outage(world: World) -> None:
    """An entry is pending, and then no host answers any more."""
    (good,) = await feeds(world, 1)
    world.web.answers[good.url] = rss([1])
    await poll_due(world.ports)
    for number in range(1, 20):
        await world.feed(f"f{number}")
    world.web.answers.clear()
    world.clock.advance(3600)
    await poll_due(world.ports)


async def test_pages_are_not_asked_for_within_an_outage_and_lose_no_try(world: World) -> None:
    await an_outage(world)
    asked = len(world.web.asked)
    (outcome,) = await collect_due(world.ports)
    assert (outcome.state, outcome.why, len(world.web.asked)) == ("pending", WAITING, asked)
    assert outcome.due_at
    assert outcome.due_at > world.clock.now()


async def test_they_are_asked_for_as_soon_as_a_probe_is_answered(world: World) -> None:
    await an_outage(world)
    await collect_due(world.ports)
    for status in await world.store.feeds():
        world.web.answers[status.feed.url] = rss([1])
    world.clock.advance(90)
    await poll_due(world.ports)
    assert len(await collect_due(world.ports)) >= 1
    assert world.web.asked[-1].purpose == "page"
