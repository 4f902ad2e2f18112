"""A site with an index of sitemaps for backfills, each of one article, one a day."""

import datetime as dt
from collections.abc import Sequence

from world import DAY, Answer, World

from ingest.model import Backfill, BackfillSpec, Feed
from ingest.pipeline import backfill

SITE = "https://example.com/"
BEGIN = dt.datetime(2024, 1, 17, tzinfo=dt.UTC)
WORDS = "harbour ferry island mill council winter storm boat ridge school".split()


def url(number: int) -> str:
    return f"{SITE}news/story-number-{number}-of-the-year"


def article(number: int) -> Answer:
    """The page of article NUMBER, of which there is one a day."""
    text = " ".join(f"{WORDS[(number + place) % 10]}{number}x{place}" for place in range(120))
    html = (
        f"<html><head><title>Story {number}</title><meta property='article:published_time'"
        f" content='{(BEGIN + number * DAY).isoformat()}'></head>"
        f"<body><article><h1>Story {number}</h1><p>{text}</p></article></body></html>"
    )
    return Answer(html.encode(), headers={"content-type": "text/html"})


def listing(tag: str, urls: Sequence[str], changed: str = "") -> Answer:
    """A sitemap, or an index of some."""
    whole = {"url": "urlset", "sitemap": "sitemapindex"}[tag]
    listed = "".join(f"<{tag}><loc>{one}</loc>{changed}</{tag}>" for one in urls)
    return Answer(
        f"<{whole} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{listed}</{whole}>".encode(),
        headers={"content-type": "application/xml"},
    )


def part(number: int) -> str:
    return f"{SITE}part-{number}.xml"


async def mapped(world: World, parts: int, down: Sequence[int] = ()) -> Feed:
    """A feed whose site has an index of so many sitemaps, the highest number first, each with one article."""
    world.clock.advance(40 * DAY.total_seconds())
    world.web.answers |= {
        "https://example.example/rss": Answer(
            f"<rss version='2.0'><channel><title>Example</title><link>{SITE}</link></channel></rss>".encode(),
            headers={"content-type": "application/rss+xml"},
        ),
        f"{SITE}robots.txt": Answer(f"Sitemap: {SITE}index.xml".encode()),
        f"{SITE}index.xml": listing("sitemap", [part(number) for number in range(1, parts + 1)]),
    }
    for number in range(1, parts + 1):
        day = f"<lastmod>{BEGIN + number * DAY:%Y-%m-%d}</lastmod>"
        world.web.answers |= {part(number): listing("url", [url(number)], day), url(number): article(number)}
    world.web.answers |= {part(number): Answer(status=503) for number in down}
    feed = await world.feed()
    await world.poll(feed)
    world.web.asked.clear()
    return feed


async def filled(world: World, feed: Feed, **spec: object) -> Backfill:
    usual = {"feed_id": feed.id, "via": ("sitemap",), "every": True}
    run = await world.store.backfills.begin(BackfillSpec.model_validate(usual | spec), world.clock.now())
    return await taken_to_its_end(world, run)


async def taken_to_its_end(world: World, run: Backfill | None) -> Backfill:
    assert run
    ended = await backfill(world.ports, run)
    assert ended
    assert await world.store.upkeep.check() == []
    return ended


def asked(world: World, *addresses: str) -> list[int]:
    """How often each address was asked for."""
    return [[request.url for request in world.web.asked].count(one) for one in addresses]


async def gapped(world: World, feed: Feed) -> None:
    """The feed misses what it listed meanwhile."""
    for numbers in ((1,), (4,)):
        items = "".join(
            f"<item><guid>{n}</guid><link>{url(n)}</link>"
            f"<pubDate>{BEGIN + n * DAY:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for n in numbers
        )
        text = f"<rss version='2.0'><channel><title>Example</title><link>{SITE}</link>{items}</channel></rss>"
        world.web.answers["https://example.example/rss"] = Answer(text.encode())
        world.clock.advance(DAY.total_seconds())
        await world.poll(feed)
    assert (await world.status(feed)).gaps == 1
