"""An outage of our own network is told: in the log, and to other processes."""

from collections.abc import Callable
from typing import Any

from structlog.testing import capture_logs
from world import World, rss

from ingest.edge.store import SqlStore
from ingest.errors import FetchError
from ingest.model import Outage
from ingest.pipeline import poll_due

OpenStore = Callable[..., SqlStore]

DEAD = FetchError("dns", "no such name")


async def asked(world: World, error: FetchError | None, hosts: range) -> None:
    """Hosts that answer, or fail, one a second."""
    for number in hosts:
        world.clock.advance(1)
        await world.ports.outlook.saw(f"https://h{number}.example/", error)


async def seen(world: World) -> Outage | None:
    return (await world.store.totals(world.clock.now())).outage


async def test_other_processes_see_it_as_long_as_it_lasts(world: World, open_another: OpenStore) -> None:
    other = open_another("host/2/1.00")
    began = world.clock.now()
    feeds = [await world.feed(f"f{number}") for number in range(20)]
    await poll_due(world.ports)
    during = (await other.totals(world.clock.now())).outage
    for feed in feeds:
        world.web.answers[feed.url] = rss([1])
    world.clock.advance(90)
    await poll_due(world.ports)
    after = (await other.totals(world.clock.now())).outage
    assert (during, after) == (Outage(since=began, seen_at=began, hosts=20), None)


async def test_each_probe_that_fails_is_told(world: World) -> None:
    await asked(world, DEAD, range(8))
    world.clock.advance(600)
    await asked(world, DEAD, range(8, 9))
    outage = await seen(world)
    assert outage
    assert (outage.hosts, outage.seen_at) == (9, world.clock.now())


async def test_it_began_with_the_first_failure_after_the_last_answer(world: World) -> None:
    with capture_logs() as logs:
        await asked(world, DEAD, range(1))
        await asked(world, None, range(1, 8))
        began = world.clock.now()
        await asked(world, DEAD, range(1, 8))
    outage = await seen(world)
    assert outage
    assert (outage.since - began).total_seconds() == 1
    assert events(logs) == [("network.down", outage.since.isoformat())]


async def test_a_second_outage_begins_anew(world: World) -> None:
    with capture_logs() as logs:
        for _ in range(2):
            await asked(world, DEAD, range(6))
            await asked(world, None, range(1))
    (down, up), (again, _) = [events(logs)[start : start + 2] for start in (0, 2)]
    assert (down[0], up[0], again[0]) == ("network.down", "network.up", "network.down")
    assert down[1] == up[1] < again[1]


async def test_a_failure_within_the_evidence_is_taken_back_even_if_an_answer_came_after_it(world: World) -> None:
    feeds = [await world.feed(f"f{number}") for number in range(10)]
    world.web.answers[feeds[4].url] = rss([1])
    for feed in feeds:
        world.clock.advance(1)
        await world.poll(feed)
    assert [status.state.failures for status in await world.store.feeds()] == [0] * 10


def events(logs: list[Any]) -> list[tuple[str, str]]:
    """The name of each event, and since when; Any: as structlog has them."""
    return [(line["event"], line["since"]) for line in logs if line["event"].startswith("network.")]
