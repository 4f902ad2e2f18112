"""Gaps that backfills close: only where it is known that all was had."""

import asyncio
import datetime as dt
import json
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from mapped_site import gapped, mapped, part
from newsroom import FEED, article, day, newsroom, numbers, paged, url, with_gap
from world import DAY, HOUR, Answer, World

from ingest.core.backfill import AUTO
from ingest.errors import FetchFailure
from ingest.model import Backfill, Feed
from ingest.pipeline import backfill, backfill_due, collect_due, poll_due

CAPTURES = ["timestamp", "original", "mimetype", "statuscode", "digest"]


async def told(world: World, feed: Feed) -> tuple[int, int]:
    """How many gaps are open, and how many are not closable."""
    status = await world.status(feed)
    return status.gaps, status.lost_gaps


async def run_of_gap(world: World, *via: str) -> Backfill:
    """The backfill of the only gap, as it ended."""
    await backfill_due(world.ports, via)
    (run,) = await world.store.backfills.list()
    assert await world.store.upkeep.check() == []
    return run


async def test_a_sitemap_that_is_gone_leaves_nothing_to_try_again_and_no_gap_closed(world: World) -> None:
    feed = await mapped(world, 4)
    world.web.answers[part(2)] = Answer(status=404)
    await gapped(world, feed)
    run = await run_of_gap(world, "sitemap")
    (walked,) = run.walked
    assert (run.state, run.covers, walked.failed, walked.gone) == ("done", False, False, 1)
    assert walked.note == f"4 sitemaps read, 1 could not be; {part(2)}: the server answers 404"
    assert await told(world, feed) == (0, 1)


@pytest.mark.parametrize("answer", [Answer(b"<html>Please prove you are human"), Answer(status=403), "too-large"])
async def test_a_sitemap_that_cannot_be_read_is_tried_again(world: World, answer: Answer | FetchFailure) -> None:
    feed = await mapped(world, 4)
    usual, world.web.answers[part(2)] = world.web.answers[part(2)], answer
    await gapped(world, feed)
    failed = await run_of_gap(world, "sitemap")
    assert (failed.state, failed.walked[0].missed, await told(world, feed)) == ("failed", 1, (1, 0))
    world.web.answers[part(2)] = usual
    world.clock.advance(DAY.total_seconds() / 3)
    run = await run_of_gap(world, "sitemap")
    assert (run.state, run.covers, await told(world, feed)) == ("done", True, (0, 0))


def caught(world: World, of_feed: list[str], site: dict[str, Answer]) -> None:
    """The web archive has these captures of the feed, and of its site what each of these keys leads to."""

    class Captures(dict[str, Answer | FetchFailure]):
        def get(self, key: str, default: object = None) -> Answer | FetchFailure:  # type: ignore[override]
            if "/cdx/search/cdx?" not in key:
                return super().get(key, "dns")
            query = {name: values[0] for name, values in parse_qs(urlsplit(key).query).items()}
            if query["url"] == FEED:
                return index([[stamp, FEED, "text/xml", "200", stamp] for stamp in of_feed])
            return site.get(query.get("resumeKey", ""), index([]))

    world.web.answers = Captures(world.web.answers)


def index(rows: list[list[str]], key: str = "") -> Answer:
    return Answer(json.dumps([CAPTURES, *rows, *([[], [key]] if key else [])]).encode())


async def test_what_was_caught_is_stored_and_proves_no_reach(world: World) -> None:
    feed = await with_gap(world)
    stamp = "20240128120000"
    pinned = b"<item><guid>old</guid><title>About</title><pubDate>Sun, 01 Jan 2023 00:00:00 GMT</pubDate></item>"
    listed = paged([10, 1, 0, -1]).body.replace(b"</channel>", pinned + b"</channel>")
    world.web.answers[f"https://wayback.example/web/{stamp}id_/{FEED}"] = Answer(listed)
    caught(world, [stamp], {})
    run = await run_of_gap(world, "wayback")
    assert (run.state, run.covers, run.stored, await told(world, feed)) == ("done", False, 1, (0, 1))


async def test_an_index_of_captures_that_is_refused_on_its_way_is_an_archive_that_broke_off(world: World) -> None:
    feed = await with_gap(world)
    old = ["20230101000000", f"{url(1)}-and-more", "text/html", "200", "A"]
    caught(world, [], {"": index([old], "com,example)/news"), "com,example)/news": Answer(status=403)})
    run = await run_of_gap(world, "wayback")
    assert (run.state, run.walked[0].failed, await told(world, feed)) == ("failed", True, (1, 0))
    assert run.walked[0].note == "https://wayback.example gives no index of captures: it answers 403"


def posts_of(world: World, listed: list[int]) -> None:
    """The site is made with WordPress, whose interface lists these articles within the range that is asked for."""

    class Posts(dict[str, Answer | FetchFailure]):
        def get(self, key: str, default: object = None) -> Answer | FetchFailure:  # type: ignore[override]
            if "/wp-json/wp/v2/posts" not in key:
                return super().get(key, "dns")
            query = {name: values[0].rstrip("Z") for name, values in parse_qs(urlsplit(key).query).items()}
            within = [n for n in listed if query["after"] < f"{day(n):%Y-%m-%dT%H:%M:%S}" < query["before"]]
            posts = [
                {"date_gmt": f"{day(n):%Y-%m-%dT%H:%M:%S}", "link": url(n), "title": {"rendered": f"Story {n}"}}
                for n in sorted(within, reverse=True)
            ]
            headers = {"x-wp-totalpages": "1", "content-type": "application/json"}
            return Answer(json.dumps(posts).encode(), headers=headers)

    home = b"<html><head><link rel='https://api.w.org/' href='https://example.com/wp-json/'></head></html>"
    world.web.answers = Posts(world.web.answers | {"https://example.com/": Answer(home)})


async def test_a_list_that_is_whole_closes_a_gap_that_a_silence_begins(world: World) -> None:
    feed = await newsroom(world, 0 * DAY)
    world.web.answers |= {url(0): article(0, day(0)), FEED: paged([1, 0])}
    await poll_due(world.ports)
    world.clock.advance(14 * DAY.total_seconds())
    world.web.answers[FEED] = paged(range(15, 10, -1))
    await world.poll(feed)
    await collect_due(world.ports)
    posts_of(world, [0, 1, *range(6, 16)])
    run = await run_of_gap(world, *AUTO)
    assert ([one.via for one in run.walked], run.state, run.covers) == (["paged", "wordpress"], "done", True)
    assert await numbers(world) == [0, 1, *range(6, 16)]
    assert await told(world, feed) == (0, 0)


async def test_a_backfill_that_is_cancelled_leaves_its_gap_open(world: World) -> None:
    feed = await with_gap(world)
    world.web.answers |= {url(number): Answer(status=503) for number in range(3, 11)}
    run = await world.store.backfills.begin_for_gap(["paged"], world.clock.now())
    assert run
    waiting = asyncio.Event()

    def report(result: object) -> None:
        if isinstance(result, Backfill) and result.via is None and result.pending:
            waiting.set()

    working = asyncio.create_task(backfill(replace(world.ports, report=report), run))
    await waiting.wait()
    cancelled = await world.store.backfills.cancel(run.id, world.clock.now())
    await working
    assert cancelled
    assert (cancelled.state, cancelled.covers, await told(world, feed)) == ("cancelled", True, (1, 0))


async def test_a_gap_whose_archives_fail_is_tried_for_three_days_and_told_then(world: World) -> None:
    feed = await with_gap(world)
    world.web.answers[f"{FEED}?page=2"] = Answer(status=503)
    begun = world.clock.now()
    tries: list[dt.timedelta] = []
    for _ in range(20):
        world.web.asked.clear()
        await backfill_due(world.ports, ("paged",))
        tries += [world.clock.now() - begun] if world.web.asked else []
        assert await told(world, feed) == ((1, 0) if world.clock.now() - begun < 3 * DAY else (0, 1))
        world.clock.advance(6.1 * HOUR.total_seconds())
    assert 3 * DAY <= tries[-1] < 3.5 * DAY
    assert await told(world, feed) == (0, 1)


async def test_a_gap_whose_backfill_somebody_stopped_is_taken_up_later(world: World) -> None:
    feed = await with_gap(world)
    run = await world.store.backfills.begin_for_gap(["paged"], world.clock.now())
    assert run
    await world.store.backfills.end(run, "stopped", world.clock.now())
    assert (await run_of_gap(world, "paged")).state == "stopped"
    world.clock.advance(6.1 * HOUR.total_seconds())
    assert (await run_of_gap(world, "paged")).state == "done"
    assert await told(world, feed) == (0, 0)


@pytest.mark.parametrize(("gone", "expected"), [(range(4, 11), (0, 1)), (range(7, 11), (0, 0))])
async def test_a_gap_of_which_most_pages_are_gone_is_not_closed(
    world: World, gone: range, expected: tuple[int, int]
) -> None:
    feed = await with_gap(world)
    world.web.answers |= {url(number): Answer(status=404) for number in gone}
    run = await run_of_gap(world, "paged")
    assert (run.state, run.covers, sum(run.failed.values())) == ("done", True, len(gone))
    assert await told(world, feed) == expected


async def test_what_shares_its_second_with_the_oldest_entry_that_is_listed_is_part_of_the_gap(world: World) -> None:
    feed = await with_gap(world)
    world.web.answers[url(10)] = article(10, day(11))
    await run_of_gap(world, "paged")
    assert (10 in await numbers(world), await told(world, feed)) == (True, (0, 0))
