"""A feed of three pages for backfills: fifteen articles, one a day, each with a page of its own."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from world import DAY, Answer, World

from ingest.model import Backfill, BackfillSpec, Feed, Story, StoryFilter
from ingest.pipeline import backfill, collect_due, poll_due

FEED = "https://example.example/rss"
BEGIN = dt.datetime(2024, 1, 17, tzinfo=dt.UTC)
WORDS = "harbour ferry island mill council winter storm boat ridge school".split()


def article(number: int, published: dt.datetime | None, text: str = "") -> Answer:
    """The page of article NUMBER, with a text of its own."""
    said = text or " ".join(f"{WORDS[(number + place) % 10]}{number}x{place}" for place in range(120))
    declared = f"<meta property='article:published_time' content='{published.isoformat()}'>" if published else ""
    html = (
        f"<html><head><title>Story {number}</title>{declared}</head><body><article><h1>Story {number}</h1><p>{said}</p>"
    )
    return Answer(f"{html}</article></body></html>".encode(), headers={"content-type": "text/html"})


def url(number: int) -> str:
    return f"https://example.com/news/story-number-{number}-of-the-year"


def day(number: int) -> dt.datetime:
    """When article NUMBER was published: one a day."""
    return BEGIN + number * DAY


def paged(numbers: Sequence[int], older: str = "", dates: bool = True) -> Answer:
    """A page of the feed with these articles."""
    items = "".join(
        f"<item><guid>{number}</guid><title>Story {number}</title><link>{url(number)}</link>"
        + (f"<pubDate>{day(number):%a, %d %b %Y %H:%M:%S} GMT</pubDate>" if dates else "")
        + "</item>"
        for number in numbers
    )
    link = f"<atom:link rel='next' href='{older}'/>" if older else ""
    text = (
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Example</title>"
        f"<link>https://example.com/</link>{link}{items}</channel></rss>"
    )
    return Answer(text.encode(), headers={"content-type": "application/rss+xml"})


PAGES = {FEED: paged(range(15, 10, -1), f"{FEED}?page=2"), f"{FEED}?page=2": paged(range(10, 5, -1), f"{FEED}?page=3")}
PAGES |= {f"{FEED}?page=3": paged(range(5, 0, -1))}
"""Fifteen articles on three pages, of a day each."""


async def newsroom(world: World, later: dt.timedelta = 20 * DAY, **more: object) -> Feed:
    """A feed of three pages, whose articles can all be had, some days later; nothing is polled yet."""
    world.clock.advance(later.total_seconds())
    world.web.answers |= PAGES | {url(number): article(number, day(number)) for number in range(1, 16)}
    return await world.feed(**more)


async def begun(world: World, feed: Feed | None, **spec: object) -> Backfill:
    usual = {"feed_id": feed.id if feed else None, "via": ("paged",), "every": True}
    return await world.store.backfills.begin(BackfillSpec.model_validate(usual | spec), world.clock.now())


async def filled(world: World, feed: Feed | None, **spec: object) -> Backfill:
    """A backfill that was taken to its end."""
    ended = await backfill(world.ports, await begun(world, feed, **spec))
    assert ended
    assert await world.store.upkeep.check() == []
    return ended


async def under_way(world: World, run: Backfill) -> "asyncio.Task[Backfill | None]":
    """A backfill that has found something."""
    begun = asyncio.Event()

    def report(result: object) -> None:
        if isinstance(result, Backfill) and result.pending:
            begun.set()

    working = asyncio.create_task(backfill(replace(world.ports, report=report), run))
    await begun.wait()
    return working


async def stories(world: World) -> list[Story]:
    return [story async for story in world.store.stories(StoryFilter())]


async def numbers(world: World) -> list[int]:
    """Of the articles that are stored."""
    return sorted(int(story.title.split()[1]) for story in await stories(world))


async def with_gap(world: World) -> Feed:
    """A feed that listed its first two articles, and thirteen days later the last five."""
    feed = await newsroom(world, 0 * DAY)
    world.web.answers[FEED] = paged([2, 1])
    await poll_due(world.ports)
    world.clock.advance(14 * DAY.total_seconds())
    world.web.answers[FEED] = paged(range(15, 10, -1), f"{FEED}?page=2")
    await world.poll(feed)
    await collect_due(world.ports)
    assert (await world.status(feed)).gaps == 1
    return feed
