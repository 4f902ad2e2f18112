"""Retention as the settings have it: what is to stay for ever stays."""

import datetime as dt

import pytest
from fakes import START
from world import World

from ingest.model import Entry, FeedSpec, FeedState, Retention, StoryFilter
from ingest.pipeline import collect_due, prune
from ingest.ports import Conclusion

DAY = dt.timedelta(days=1)


async def with_a_story(world: World) -> None:
    """A story that was first seen at the clock's beginning, and its only change."""
    store = world.ports.store
    feed = await store.add_feed(FeedSpec(url="https://a.example/rss", name="a", full_text="never"), START)
    await store.claim_feeds(START, 1)
    entry = Entry(guid="1", title="Harbour reopens", content="<p>The first ferry left early.</p>")
    after = FeedState(feed_id=feed.id, due_at=START + 99 * DAY)
    await store.write_down(feed.id, [entry], lambda _: Conclusion(after), START)
    await collect_due(world.ports)


KEPT = [
    (Retention(raw_pages=DAY), 1),
    (Retention(raw_pages=DAY, stories=30 * DAY), 1),
    (Retention(raw_pages=DAY, stories=5 * DAY), 0),
]


@pytest.mark.parametrize(("keep", "left"), KEPT)
async def test_stories_stay_as_long_as_is_wanted(world: World, keep: Retention, left: int) -> None:
    await with_a_story(world)
    world.clock.advance(10 * DAY.total_seconds())
    await prune(world.ports, keep)
    assert len([story async for story in world.ports.store.stories(StoryFilter())]) == left


@pytest.mark.parametrize(("keep", "left"), [(None, ["created", "deleted"]), (5 * DAY, ["deleted"])])
async def test_changes_stay_as_long_as_is_wanted(world: World, keep: dt.timedelta | None, left: list[str]) -> None:
    await with_a_story(world)
    (story,) = [story async for story in world.ports.store.stories(StoryFilter())]
    world.clock.advance(10 * DAY.total_seconds())
    await prune(world.ports, Retention(raw_pages=DAY, changes=keep, stories=DAY))
    assert [one.kind for one in (await world.ports.store.life(story.id)).changes] == left
