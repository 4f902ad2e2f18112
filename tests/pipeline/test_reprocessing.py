"""Kept pages on their way through reading again."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import ParamSpec, TypeVar

import pytest
from world import Answer, World, rss

from ingest.core.reprocess import read_kept
from ingest.errors import WorkError
from ingest.model import KeptPage, Reprocessed, Reprocessing, Story, StoryFilter
from ingest.pipeline import collect_due, poll_due, reprocess, try_out
from ingest.pipeline.reprocessing import HANDS

P = ParamSpec("P")
T = TypeVar("T")

STORIES = HANDS + 4
TRULY = "A ferry left the quay at dawn, and {number} people waved until it was out of sight behind the long pier."


def page(number: int, date: str = "") -> Answer:
    text = "".join(f"<p>{TRULY.format(number=number * 10 + line)}</p>" for line in range(4))
    head = f"<title>Title {number}</title>{date}"
    body = f"<html lang='en'><head>{head}</head><body><article><h1>Title {number}</h1>{text}</article></body></html>"
    return Answer(body.encode(), headers={"content-type": "text/html"})


@pytest.fixture
async def stories(world: World) -> list[Story]:
    """Stored, each with its page."""
    feed = await world.feed()
    numbers = range(1, STORIES + 1)
    world.web.answers[feed.url] = rss(numbers)
    for number in numbers:
        world.web.answers[f"https://example.com/{number}"] = page(number)
    await poll_due(world.ports)
    await collect_due(world.ports)
    world.clock.advance(3600)
    return await stored(world)


@pytest.mark.parametrize("asked", [False, True])
async def test_key_phrases_are_hashtags_of_stories_that_are_read_again_only_where_that_is_asked(
    world: World, asked: bool
) -> None:
    feed = await world.feed()
    text = "It was Ada Quill who said that it was to be so, and so it was. " * 9
    world.web.answers[feed.url] = rss([1])
    world.web.answers["https://example.com/1"] = Answer(f"<article><h1>Title 1</h1><p>{text}</p></article>".encode())
    await poll_due(world.ports)
    await collect_due(replace(world.ports, body_tags=not asked))
    await reprocess(replace(world.ports, body_tags=asked), await begun(world), lambda _: None)
    (story,) = await stored(world)
    assert ("body" in {tag.source for tag in story.hashtags}) is asked


async def stored(world: World) -> list[Story]:
    return sorted([story async for story in world.store.stories(StoryFilter())], key=lambda story: story.id)


async def begun(world: World) -> Reprocessing:
    return await world.store.reprocessings.begin(StoryFilter(), "as today", world.clock.now())


@dataclass
class Hands:
    """Reads here, page by page as it is let. Implements `ports.Pool`."""

    at_once: int = 0
    most: int = 0
    asked: list[str] = field(default_factory=list)
    stop_at: int = 0
    fail_at: int = 0

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        kept, *_ = args
        assert isinstance(kept, KeptPage)
        self.asked.append(kept.story_id)
        number = len(self.asked)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            for _ in range(number % 5):  # the first are not always the first to be ready
                await asyncio.sleep(0)
            if number == self.stop_at:
                await asyncio.Event().wait()
            if number == self.fail_at:
                raise WorkError("took too long")
            return work(*args, **kwargs)
        finally:
            self.at_once -= 1

    async def close(self) -> None:
        """Nothing is open."""


async def test_pages_that_read_as_before_leave_all_as_it_was(world: World, stories: list[Story]) -> None:
    ended = await reprocess(world.ports, await begun(world), lambda _: None)
    assert (ended.tally.read, ended.tally.changed, ended.tally.failed) == (STORIES, 0, {})
    assert await stored(world) == stories


async def test_nothing_is_asked_of_any_server(world: World, stories: list[Story]) -> None:
    asked = len(world.web.asked)
    await reprocess(world.ports, await begun(world), lambda _: None)
    assert (len(world.web.asked), len(stories)) == (asked, STORIES)


async def test_results_come_in_the_order_of_ids_whichever_page_is_ready_first(
    world: World, stories: list[Story]
) -> None:
    seen: list[Reprocessed] = []
    hands = Hands()
    await reprocess(replace(world.ports, pool=hands), await begun(world), seen.append)
    assert [one.story_id for one in seen] == [story.id for story in stories]
    assert 1 < hands.most <= HANDS


async def test_a_page_that_cannot_be_read_is_told_and_the_others_are_read(world: World, stories: list[Story]) -> None:
    ports = replace(world.ports, pool=Hands(fail_at=3))
    ended = await reprocess(ports, await begun(world), lambda _: None)
    assert (ended.tally.read, ended.tally.failed) == (len(stories), {"reading the page took too long": 1})


async def test_a_run_that_was_cancelled_goes_on_behind_its_last_result(world: World, stories: list[Story]) -> None:
    seen: list[Reprocessed] = []
    run, enough = await begun(world), asyncio.Event()

    def see(one: Reprocessed) -> None:
        seen.append(one)
        if len(seen) == 9:
            enough.set()

    working = asyncio.ensure_future(reprocess(replace(world.ports, pool=Hands(stop_at=10)), run, see))
    await enough.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    ended = await reprocess(world.ports, await begun(world), seen.append)
    assert [one.story_id for one in seen] == [story.id for story in stories]
    assert (ended.id, ended.tally.read) == (run.id, len(stories))


async def test_two_processes_in_one_run_write_each_story_once(world: World, stories: list[Story]) -> None:
    seen: list[Reprocessed] = []
    run = await begun(world)
    await asyncio.gather(*(reprocess(world.ports, run, seen.append) for _ in range(2)))
    assert sorted(one.story_id for one in seen) == [story.id for story in stories]


async def test_a_dry_run_tells_the_same_and_leaves_no_run_behind(world: World, stories: list[Story]) -> None:
    dry = Reprocessing(id=0, where=StoryFilter(), started_at=world.clock.now())
    assert (await try_out(world.ports, dry, lambda _: None)).tally.read == len(stories)
    assert (await begun(world)).position == ""


DATED = "<meta property='article:published_time' content='2024-01-19T07:00:00Z'>"


async def test_a_page_is_read_as_of_the_time_when_it_was_fetched(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1])
    world.web.answers["https://example.com/1"] = page(1, DATED)
    await poll_due(world.ports)
    await collect_due(world.ports)
    fetched_at = world.clock.now()
    world.clock.advance(30 * 86400)
    run = await begun(world)
    (kept,) = await world.store.reprocessings.pages(run, "", 9)
    before_it_was_written = kept.model_copy(update={"fetched_at": fetched_at - dt.timedelta(days=30)})
    now, then = read_kept(kept), read_kept(before_it_was_written)
    assert kept.fetched_at == fetched_at
    assert not isinstance(now, str)
    assert not isinstance(then, str)
    assert now.article.published != then.article.published
