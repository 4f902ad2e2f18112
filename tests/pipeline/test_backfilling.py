"""Backfills: what archives list is stored as what feeds list is, within its range, once, whatever happens meanwhile."""

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import START
from newsroom import (
    FEED,
    PAGES,
    article,
    begun,
    day,
    filled,
    newsroom,
    numbers,
    paged,
    stories,
    under_way,
    url,
    with_gap,
)
from world import DAY, HOUR, Answer, World

from ingest.core.backfill import AUTO, left_out
from ingest.errors import ConfigError
from ingest.model import BackfillSpec, Brought, Entry, Found, Moment
from ingest.pipeline import backfill, backfill_due, collect_due, poll_due, survey
from ingest.ports import Shares


async def test_what_a_feed_no_longer_lists_is_stored_with_its_own_date_and_marked(world: World) -> None:
    done = await filled(world, await newsroom(world), since=day(4), until=day(9))
    assert await numbers(world) == [4, 5, 6, 7, 8]
    assert (done.state, done.stored, done.found, done.pending, done.failed) == ("done", 5, 5, 0, {})
    story = (await stories(world))[0]
    assert (story.via, story.sightings[0].via) == ("paged", "paged")
    assert story.published_at
    assert story.published_at < day(9) < START + 20 * DAY <= story.first_seen_at


async def test_each_story_has_its_seq_when_it_is_stored(world: World) -> None:
    await filled(world, await newsroom(world), since=day(4), until=day(9))
    assert sorted(story.seq for story in await stories(world)) == [1, 2, 3, 4, 5]


async def test_nothing_is_stored_or_asked_for_twice(world: World) -> None:
    feed = await newsroom(world)
    await poll_due(world.ports)
    await collect_due(world.ports)
    await filled(world, feed, since=day(4))
    world.web.asked.clear()
    again = await filled(world, feed, since=day(4))
    assert (again.known, again.fetched, again.stored) == (again.found, 0, 0)
    assert await numbers(world) == list(range(4, 16))
    assert not [request for request in world.web.asked if "/news/" in request.url]


async def test_what_an_archive_lists_twice_is_counted_once(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers |= {f"{FEED}?page=2": paged(range(12, 5, -1), f"{FEED}?page=3"), url(11): Answer(status=404)}
    async with asyncio.timeout(30):  # it would wait for ever for what it counts twice
        done = await filled(world, feed)
    assert (done.found, done.known, done.fetched, done.stored) == (15, 0, 14, 14)
    assert done.failed == {"the page answers 404": 1}


async def test_bounds_hold_on_the_date_that_the_article_tells(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers[f"{FEED}?page=2"] = paged(range(10, 0, -1), dates=False)
    done = await filled(world, feed, since=day(4), until=day(9))
    assert await numbers(world) == [4, 5, 6, 7, 8]
    assert (done.outside, done.fetched, done.left, done.undated) == (5, 10, 5, 0)


async def test_an_article_whose_date_nobody_tells_is_left_out_and_not_remembered(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers |= {f"{FEED}?page=2": paged([3], dates=False), url(3): article(3, None)}
    done = await filled(world, feed, since=day(1), until=day(9))
    assert (done.undated, await numbers(world)) == (1, [])
    await filled(world, feed)
    assert 3 in await numbers(world)


async def test_a_page_that_fails_costs_itself_and_can_be_tried_again(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers[url(5)] = Answer(status=404)
    done = await filled(world, feed, since=day(4), until=day(9))
    assert (done.fetched, done.failed) == (4, {"the page answers 404": 1})
    world.web.answers[url(5)] = article(5, day(5))
    taken = await world.store.backfills.take(done.id, world.clock.now(), even_if_done=True)
    assert taken
    run = await world.store.backfills.retry(taken, world.clock.now())
    assert run
    assert (run.failed, run.pending) == ({}, 1)
    again = await backfill(world.ports, run)
    assert again
    assert (again.fetched, again.failed, await numbers(world)) == (5, {}, [4, 5, 6, 7, 8])


async def test_a_limit_is_kept(world: World) -> None:
    done = await filled(world, await newsroom(world), limit=3)
    assert (done.stored, done.pending, len(await stories(world))) == (3, 0, 3)


async def test_a_rate_is_kept(world: World) -> None:
    begin = world.clock.now()
    await filled(world, await newsroom(world), since=day(11), rate=1.0)
    assert world.clock.now() - begin >= (len(world.web.asked) - 1) * dt.timedelta(minutes=1)


async def test_two_backfills_of_one_feed_do_not_run_at_once(world: World) -> None:
    feed = await newsroom(world)
    run = await begun(world, feed)
    with pytest.raises(ConfigError, match=f"backfill {run.id} of the same feed is running"):
        await begun(world, feed)
    await world.store.backfills.end(run, "stopped", world.clock.now())
    await begun(world, feed)
    assert await world.store.backfills.take(run.id, world.clock.now()) is None


async def test_a_backfill_that_is_cancelled_ends_and_forgets_what_waits(world: World) -> None:
    feed = await newsroom(world)
    run = await begun(world, feed)
    working = await under_way(world, run)
    assert await world.store.backfills.cancel(run.id, world.clock.now())
    assert await working is None
    after = await world.store.backfills.get(run.id)
    assert after
    assert (after.state, after.pending) == ("cancelled", 0)
    assert await world.store.upkeep.check() == []


async def test_one_that_was_stopped_goes_on_where_it_was(world: World) -> None:
    feed = await newsroom(world)
    run = await begun(world, feed)
    working = await under_way(world, run)
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    await world.store.release()
    asked = [request.url for request in world.web.asked]
    again = await world.store.backfills.take(run.id, world.clock.now())
    assert again
    done = await backfill(world.ports, again)
    assert done
    assert (done.state, await numbers(world)) == ("done", list(range(1, 16)))
    walked = [request.url for request in world.web.asked if request.url in PAGES]
    assert len(walked) <= len(set(walked)) + 1, asked


async def test_entries_of_feeds_go_before(world: World) -> None:
    feed = await newsroom(world)
    other = await world.feed("other")
    world.web.answers["https://other.example/rss"] = paged([99])
    run = await begun(world, feed, since=day(11))
    await world.poll(other)
    written = await world.store.backfills.write_down(run, run, (), world.clock.now())
    assert written
    assert await world.store.backfills.lease_entries(run, world.clock.now(), 8, Shares(8)) == []
    world.web.answers[url(99)] = article(99, day(9))
    await collect_due(world.ports)
    await backfill(world.ports, run)
    assert await numbers(world) == [11, 12, 13, 14, 15, 99]


async def test_an_entry_that_its_feed_shows_meanwhile_is_the_feeds(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers |= {url(number): Answer(status=503) for number in range(11, 16)}
    run = await begun(world, feed, until=day(20))
    working = await under_way(world, run)
    await poll_due(world.ports)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await world.store.release()
    world.web.answers |= {url(number): article(number, day(number)) for number in range(11, 16)}
    world.clock.advance(3600)
    await collect_due(world.ports)
    assert {11, 12, 13, 14, 15} <= set(await numbers(world))
    assert {story.via for story in await stories(world) if int(story.title.split()[1]) > 10} == {""}


async def test_an_archive_that_fails_costs_itself_alone(world: World) -> None:
    feed = await newsroom(world)
    await poll_due(world.ports)
    await collect_due(world.ports)
    world.web.answers[f"{FEED}?page=2"] = Answer(status=503)
    world.web.answers |= {
        "https://example.com/robots.txt": Answer(b"Sitemap: https://example.com/map.xml"),
        "https://example.com/map.xml": sitemap(range(1, 11)),
    }
    done = await filled(world, feed, via=("paged", "sitemap"), since=day(1))
    assert [(one.via, one.failed) for one in done.walked] == [("paged", True), ("sitemap", False)]
    assert await numbers(world) == list(range(1, 16))


def sitemap(nums: Sequence[int]) -> Answer:
    urls = "".join(f"<url><loc>{url(number)}</loc><lastmod>{day(number):%Y-%m-%d}</lastmod></url>" for number in nums)
    text = f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"
    return Answer(text.encode(), headers={"content-type": "application/xml"})


async def test_the_first_archive_that_brings_the_whole_range_ends_the_walk(world: World) -> None:
    done = await filled(world, await newsroom(world), via=AUTO, every=False, since=day(7))
    assert [one.via for one in done.walked] == ["paged"]
    assert done.covers


async def test_a_live_page_that_is_gone_is_read_from_the_archives_copy(world: World) -> None:
    feed = await newsroom(world)
    gone, copy = url(3), f"https://wayback.example/web/20240121000000id_/{url(3)}"
    world.web.answers |= {gone: Answer(status=410), copy: article(3, day(3))}
    snapshot = f"https://wayback.example/web/20240121000000id_/{FEED}"
    world.web.answers[snapshot] = paged([3])

    class Captures(dict):  # type: ignore[type-arg]  # of the feed, whatever the question for them says
        def get(self, key: str, default: object = None) -> object:
            if "/cdx/search/cdx?" not in key:
                return super().get(key, default)
            rows = [["timestamp", "original", "mimetype", "statuscode", "digest"]]
            rows += [["20240121000000", FEED, "text/xml", "200", "A"]] if "rss" in key else []
            return Answer(json.dumps(rows).encode())

    world.web.answers = Captures(world.web.answers)
    done = await filled(world, feed, via=("wayback",), since=day(2), until=day(5))
    (story,) = await stories(world)
    assert (done.stored, story.url, story.sightings[0].copy_url, story.via) == (1, gone, copy, "wayback")


async def test_files_bring_pages_without_a_feed_and_without_a_request(world: World, tmp_path: Path) -> None:
    for number in (1, 2):
        body = article(number, day(number)).body.replace(
            b"</head>", f"<link rel='canonical' href='{url(number)}'></head>".encode()
        )
        (tmp_path / f"{number}.html").write_bytes(body)
    done = await filled(world, None, via=("urls",), files=(str(tmp_path),))
    assert (await numbers(world), done.feed, world.web.asked) == ([1, 2], "files", [])
    assert await world.store.feeds() == []


async def test_a_gap_is_closed_by_itself_within_its_range(world: World) -> None:
    feed = await with_gap(world)
    await backfill_due(world.ports, AUTO)
    (run,) = await world.store.backfills.list()
    status = await world.status(feed)
    assert (run.state, status.gaps, status.lost_gaps) == ("done", 0, 0)
    assert await numbers(world) == list(range(1, 16))
    await backfill_due(world.ports, AUTO)
    assert len(await world.store.backfills.list()) == 1


async def test_a_gap_that_nothing_can_close_is_told_to_be_one(world: World) -> None:
    feed = await with_gap(world)
    world.web.answers[f"{FEED}?page=2"] = Answer(status=404)
    await backfill_due(world.ports, ("paged",))
    status = await world.status(feed)
    assert (status.gaps, status.lost_gaps) == (0, 1)


async def test_a_survey_stores_nothing(world: World) -> None:
    feed = await newsroom(world)
    spec = BackfillSpec(feed_id=feed.id, via=("paged",), since=day(4), until=day(9), every=True)
    found = await survey(world.ports, spec)
    assert (found.found, found.known, found.outside) == (5, 0, 10)
    assert found.sample == tuple(url(number) for number in range(8, 3, -1))
    assert (await stories(world), await world.store.backfills.list()) == ([], [])


async def test_removing_a_feed_ends_its_backfills(world: World) -> None:
    feed = await newsroom(world)
    run = await begun(world, feed)
    await world.store.remove_feed(feed.id, START)
    after = await world.store.backfills.get(run.id)
    assert after
    assert after.state == "cancelled"


async def test_it_does_not_wait_for_entries_that_nobody_collects(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers["https://other.example/rss"] = paged([99])
    await world.poll(await world.feed("other"))
    done = await filled(world, feed, since=day(11))
    assert done.stored == 5


async def test_dead_hosts_are_no_outage_of_our_own(world: World, tmp_path: Path) -> None:
    await newsroom(world)
    listed = tmp_path / "list.txt"
    listed.write_text("".join(f"https://dead{number}.example/a-story-of-the-year\n" for number in range(9)) + url(3))
    done = await filled(world, None, via=("urls",), files=(str(listed),))
    assert (done.stored, sum(done.failed.values()), world.ports.outlook.down) == (1, 9, False)


async def test_a_pause_beyond_all_patience_leaves_the_archive_to_another_day(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers[f"{FEED}?page=2"] = Answer(status=503, headers={"retry-after": "999999999"})
    begin = world.clock.now()
    done = await filled(world, feed, since=day(4))
    assert (done.state, await numbers(world)) == ("failed", [11, 12, 13, 14, 15])
    assert world.clock.now() - begin < HOUR


async def test_an_archive_that_failed_is_taken_up_where_it_was_broken_off(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers[f"{FEED}?page=2"] = Answer(status=503)
    failed = await filled(world, feed, since=day(4))
    world.web.answers |= PAGES
    world.web.asked.clear()
    run = await world.store.backfills.take(failed.id, world.clock.now())
    assert run
    done = await backfill(world.ports, run)
    assert done
    assert (done.state, await numbers(world)) == ("done", list(range(4, 16)))
    assert FEED not in [request.url for request in world.web.asked]


async def test_what_waits_in_a_stopped_backfill_or_failed_in_one_is_tried_by_the_next(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers |= {url(number): Answer(status=503) for number in range(1, 16)}
    run = await begun(world, feed)
    working = await under_way(world, run)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await world.store.backfills.end(run, "stopped", world.clock.now())
    await world.store.release()
    assert (await filled(world, feed)).stored == 0
    world.web.answers |= {url(number): article(number, day(number)) for number in range(1, 16)}
    done = await filled(world, feed)
    assert (done.stored, await numbers(world)) == (15, list(range(1, 16)))


async def test_an_entry_that_its_feed_shows_while_it_is_read_is_not_forgotten(world: World) -> None:
    feed = await newsroom(world)
    run = await begun(world, feed, until=day(2))
    found = [Found(Entry(guid="13", url=url(13), title="Story 13"))]
    assert await world.store.backfills.write_down(run, run, found, world.clock.now())
    (pending,) = await world.store.backfills.lease_entries(run, world.clock.now(), 8, Shares(8))
    await world.poll(feed)
    outcome = await world.store.backfills.leave_out(pending, "it was published after the range")
    assert outcome.state == "lost"
    await collect_due(world.ports)
    assert 13 in await numbers(world)


async def test_a_story_of_an_archives_page_is_not_looked_for_where_its_page_was(world: World, tmp_path: Path) -> None:
    world.clock.advance(20 * DAY.total_seconds())
    fresh = world.clock.now() - HOUR
    named = f"<link rel='canonical' href='{url(1)}'></head>".encode()
    (tmp_path / "1.html").write_bytes(article(1, fresh).body.replace(b"</head>", named))
    await filled(world, None, via=("urls",), files=(str(tmp_path),))
    (story,) = await stories(world)
    assert (await world.store.life(story.id)).look_at is None


@pytest.mark.parametrize(
    ("published", "why"),
    [
        (day(4), ""),
        (day(3), "before"),
        (day(4) - dt.timedelta(seconds=1), "before"),
        (day(9), "after"),
        (day(9) - dt.timedelta(seconds=1), ""),
    ],
)
def test_a_range_begins_and_ends_to_the_second(published: dt.datetime, why: str) -> None:
    brought = Brought(backfill_id=1, via="paged", since=day(4), until=day(9))
    assert why in left_out(brought, Moment(at=published, day=published.date()))
    assert bool(left_out(brought, Moment(at=published, day=published.date()))) == bool(why)


def test_a_day_without_its_hour_may_lie_within_a_range_that_begins_on_it() -> None:
    brought = Brought(backfill_id=1, via="paged", since=day(4) + 8 * HOUR)
    assert left_out(brought, Moment(at=day(4), day=day(4).date())) == ""


@pytest.mark.parametrize("more", [{"bearer_token": "secret"}, {"url": f"{FEED}?key=secret"}], ids=["token", "query"])
async def test_a_feed_that_is_asked_with_a_secret_is_named_to_no_other(world: World, more: dict[str, str]) -> None:
    feed = await newsroom(world, **more)
    await backfill(world.ports, await begun(world, feed, via=AUTO, every=False, since=day(1)))
    assert not [request for request in world.web.asked if "wayback" in request.url]


async def test_a_backfill_ends_whose_waiting_entries_a_poll_takes_over(world: World) -> None:
    feed = await newsroom(world)
    world.web.answers |= {url(number): Answer(status=503) for number in range(1, 16)}
    working = await under_way(world, await begun(world, feed, until=day(20)))
    await poll_due(world.ports)
    world.web.answers |= {url(number): article(number, day(number)) for number in range(1, 16)}
    world.clock.advance(3600)
    await collect_due(world.ports)
    async with asyncio.timeout(30):
        ended = await working
    assert ended is not None
    assert (ended.pending, (await world.store.backfills.get(ended.id) or ended).state) == (0, ended.state)
