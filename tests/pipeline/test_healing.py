"""A broken feed that is taken to its new address is shown and charged for what is true from then on."""

import pytest
from world import DAY, Answer, World, page, rss

from ingest.core.health import health_of
from ingest.model import Feed
from ingest.ports import Pace

NEW = "https://new.example/rss"


@pytest.fixture
def pace() -> Pace:
    return Pace(heal=True)


@pytest.fixture
async def healed(world: World) -> Feed:
    """A feed that broke, and was found elsewhere under its title by its last poll."""
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1], title="Example")
    await world.poll(feed)
    world.web.answers[feed.url] = Answer(status=404)
    world.web.answers["https://example.example/"] = page(NEW)
    world.web.answers[NEW] = rss([1], title="Example")
    while not (await world.state(feed)).moved_to:
        world.clock.advance(DAY.total_seconds())
        await world.poll(feed)
    return feed


async def test_it_is_broken_no_more_and_waits_for_its_poll_there(world: World, healed: Feed) -> None:
    status = await world.status(healed)
    assert (health_of(status, world.clock.now(), None), status.state.due_at) == ("waiting", world.clock.now())


async def test_a_failure_there_is_the_first_and_the_new_address_stays(world: World, healed: Feed) -> None:
    world.web.answers[NEW] = Answer(status=500)
    await world.poll(healed)
    state = await world.state(healed)
    assert (state.moved_to, state.failures, state.failing_since) == (NEW, 1, world.clock.now())
