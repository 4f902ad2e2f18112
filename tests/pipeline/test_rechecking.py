"""Stories that change, go and come back after they were stored."""

import datetime as dt
from collections.abc import Sequence

import pytest
from world import DAY, HOUR, Answer, World

from ingest.errors import FetchFailure
from ingest.model import Feed, Rechecked, Story, StoryFilter
from ingest.pipeline import collect_due, poll_and_collect, poll_due, recheck_due
from ingest.ports import UNSHARED, Pace

PAGE = "https://example.com/1"
FEED = "https://example.example/rss"
MINUTE = dt.timedelta(minutes=1)
TAGGED = {"etag": '"1"', "last-modified": "Fri, 19 Jan 2024 07:00:00 GMT"}
NOTICE = "This article has been removed by its publisher."

FIRST = "The ferry to the northern islands will sail twice a day from Monday, the harbour master of Saltmere said."
SECOND = "The islanders had asked for a second crossing since the mill closed, and the council paid for the older boat."
THIRD = "Two of the older boats will be kept in reserve for the winter storms, which come early in these latitudes."
LATER = "Correction: the ferry sails once a day, and not twice, as was said here before on the word of the council."
ADVERTISEMENT = "Buy a boat today"


def page(*paragraphs: str, title: str = "A second ferry", **headers: str) -> Answer:
    """An article's page."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body>"
    return Answer(html.encode(), headers={"content-type": "text/html"} | headers)


USUAL = page(FIRST, SECOND, THIRD)
EDITED = page(FIRST, SECOND, THIRD, LATER)


def feed_of(world: World, description: str = "", content: Sequence[str] = (), published: dt.timedelta = HOUR) -> Answer:
    """A feed of one item, published so long ago; what it says of itself."""
    at = f"{world.clock.now() - published:%a, %d %b %Y %H:%M:%S} GMT"
    whole = "".join(f"<p>{paragraph}</p>" for paragraph in content)
    text = (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Example</title>"
        f"<item><guid>1</guid><title>A second ferry</title><link>{PAGE}</link><pubDate>{at}</pubDate>"
        f"<description>{description}</description><content:encoded><![CDATA[{whole}]]></content:encoded></item>"
        "</channel></rss>"
    )
    return Answer(text.encode(), headers={"content-type": "application/rss+xml"})


async def stored(
    world: World, answer: Answer = USUAL, published: dt.timedelta = dt.timedelta(), **more: object
) -> Feed:
    """A story, made from its page."""
    feed = await world.feed(**more)
    world.web.answers |= {FEED: feed_of(world, published=published), PAGE: answer}
    await poll_due(world.ports)
    await collect_due(world.ports)
    world.web.asked.clear()
    return feed


async def looked_at(world: World, after: dt.timedelta, answer: Answer | FetchFailure | None = None) -> Rechecked | None:
    """What a re-check after some time comes to; None if none is due."""
    if answer is not None:
        world.web.answers[PAGE] = answer
    world.clock.advance(after.total_seconds())
    return next(iter(await recheck_due(world.ports)), None)


async def result(world: World, after: dt.timedelta, answer: Answer | FetchFailure | None = None) -> str:
    done = await looked_at(world, after, answer)
    return done.result if done else "not due"


async def story_of(world: World) -> Story:
    (story,) = [one async for one in world.store.stories(StoryFilter())]
    return story


async def test_a_page_is_looked_at_some_minutes_an_hour_and_a_day_after_its_publication(world: World) -> None:
    await stored(world)
    begun = world.clock.now()
    due = []
    while world.clock.now() < begun + 3 * DAY:
        if await looked_at(world, 5 * MINUTE):
            due.append(world.clock.now() - begun)
    assert due == [10 * MINUTE, HOUR, DAY]


async def test_an_article_that_is_first_seen_days_after_its_publication_is_not_looked_at_again(world: World) -> None:
    await stored(world, published=3 * DAY)
    assert await result(world, 30 * DAY) == "not due"


@pytest.mark.parametrize("pace", [Pace(rechecks=())], ids=["none"])
async def test_without_times_no_page_is_looked_at_again(world: World) -> None:
    await stored(world)
    assert await result(world, 30 * DAY) == "not due"


async def test_a_re_check_is_due_once_however_late_it_comes(world: World) -> None:
    await stored(world)
    assert await result(world, 9 * DAY) == "unchanged"
    assert await result(world, 9 * DAY) == "not due"


async def test_a_page_is_asked_conditionally_and_unchanged_costs_nothing_more(world: World) -> None:
    await stored(world, page(FIRST, SECOND, THIRD, **TAGGED))
    assert await result(world, 10 * MINUTE, Answer(status=304)) == "unchanged"
    (request,) = world.web.asked
    assert {"etag": request.etag, "last-modified": request.last_modified} == TAGGED


async def test_a_text_that_really_changed_is_a_new_version_and_the_old_one_stays_readable(world: World) -> None:
    await stored(world)
    assert await result(world, 10 * MINUTE, EDITED) == "changed"
    story = await story_of(world)
    earlier, present = await world.store.versions(story.id)
    assert (story.version, LATER in present.text, LATER in earlier.text) == (2, True, False)


SAME = {
    "an advertisement": page(FIRST, ADVERTISEMENT, SECOND, THIRD),
    "markup": page(f"<b>{FIRST}</b>", SECOND, THIRD),
    "a wall": page("Subscribe to continue reading."),
    "a bot wall": Answer(b"<title>Just a moment...</title><p>Wait.</p>", headers={"content-type": "text/html"}),
}


@pytest.mark.parametrize("answer", SAME.values(), ids=SAME.keys())
async def test_what_is_no_change_of_the_article_is_no_version(world: World, answer: Answer) -> None:
    await stored(world)
    await looked_at(world, 10 * MINUTE, answer)
    story = await story_of(world)
    assert (story.version, story.withdrawn_at, SECOND in story.text) == (1, None, True)


@pytest.mark.parametrize("answer", [Answer(status=410), page(NOTICE)], ids=["410", "a notice"])
async def test_an_article_that_was_removed_is_marked_at_once_and_stays_readable(world: World, answer: Answer) -> None:
    await stored(world)
    assert await result(world, 10 * MINUTE, answer) == "withdrawn"
    story = await story_of(world)
    assert (story.withdrawn_at, story.version, SECOND in story.text) == (world.clock.now(), 1, True)


MISSING = {"404": Answer(status=404), "a page that says so": page("Try the search.", title="Page not found")}


@pytest.mark.parametrize("answer", MISSING.values(), ids=MISSING.keys())
async def test_a_page_that_is_missing_is_withdrawn_when_it_is_missing_again(world: World, answer: Answer) -> None:
    await stored(world)
    assert await result(world, 10 * MINUTE, answer) == "missing"
    assert (await story_of(world)).withdrawn_at is None
    assert await result(world, HOUR) == "withdrawn"


async def test_a_page_that_is_missing_at_the_last_re_check_is_withdrawn(world: World) -> None:
    await stored(world, published=2 * HOUR)
    assert await result(world, DAY, Answer(status=404)) == "withdrawn"


async def test_a_page_that_was_missing_for_a_while_is_not_withdrawn_for_being_missing_once_more(world: World) -> None:
    await stored(world, published=dt.timedelta())
    results = [await result(world, wait, answer) for wait, answer in ((10 * MINUTE, Answer(status=404)), (HOUR, USUAL))]
    assert (results, (await story_of(world)).withdrawn_at) == (["missing", "unchanged"], None)


async def test_a_withdrawn_story_is_looked_at_once_more_a_day_later(world: World) -> None:
    await stored(world)
    await looked_at(world, 10 * MINUTE, Answer(status=410))
    assert [await result(world, wait) for wait in (DAY - MINUTE, MINUTE, 9 * DAY)] == [
        "not due",
        "unchanged",
        "not due",
    ]
    assert (await story_of(world)).seq == 2


async def test_a_withdrawn_story_that_comes_back_is_marked_no_more(world: World) -> None:
    await stored(world)
    await looked_at(world, 10 * MINUTE, Answer(status=410))
    assert await result(world, DAY, USUAL) == "returned"
    story = await story_of(world)
    assert (story.withdrawn_at, story.version, story.seq) == (None, 1, 3)


@pytest.mark.parametrize("answer", [Answer(status=503), "timeout"], ids=["503", "no answer"])
async def test_a_page_that_fails_for_now_is_looked_at_at_the_next_time(world: World, answer: Answer) -> None:
    await stored(world)
    begun = world.clock.now()
    done = await looked_at(world, 10 * MINUTE, answer)
    assert done
    assert (done.result, done.due_at) == ("failed", begun + HOUR)
    assert await result(world, 50 * MINUTE, EDITED) == "changed"


async def test_a_server_that_rests_costs_no_re_check(world: World) -> None:
    await stored(world)
    assert await result(world, 10 * MINUTE, "resting") == "failed"
    assert await result(world, 2 * MINUTE, EDITED) == "changed"


async def test_an_outage_of_our_own_network_costs_no_re_check(world: World) -> None:
    await stored(world)
    hosts = [FEED, *[(await world.feed(f"down{number}")).url for number in range(9)]]
    world.web.answers |= dict.fromkeys(hosts, "timeout")
    world.clock.advance(10 * 60)
    await poll_due(world.ports)
    assert world.ports.outlook.down
    assert await result(world, MINUTE, EDITED) == "not due"
    world.web.answers |= dict.fromkeys(hosts, Answer(status=404))
    world.clock.advance(60)
    await poll_due(world.ports)
    assert await result(world, MINUTE) == "changed"


async def test_a_poll_that_shows_an_entry_edited_has_its_page_looked_at_at_once(world: World) -> None:
    feed = await stored(world, published=3 * DAY)
    world.web.answers |= {FEED: feed_of(world, "The ferry sails but once.", published=3 * DAY), PAGE: EDITED}
    await world.poll(feed)
    assert await result(world, 0 * MINUTE) == "changed"


async def test_a_feed_of_counters_has_no_page_looked_at(world: World) -> None:
    feed = await stored(world, published=3 * DAY)
    for count in (12, 13):
        world.web.answers[FEED] = feed_of(world, f"{count} comments", published=3 * DAY)
        await world.poll(feed)
        world.clock.advance(7200)
    assert len(await recheck_due(world.ports)) == 1  # that there are comments at all


async def test_where_the_feed_itself_holds_the_article_its_edit_is_a_version_without_a_request(world: World) -> None:
    feed = await world.feed(full_text="never")
    world.web.answers[FEED] = feed_of(world, content=(FIRST, SECOND))
    await poll_and_collect(world.ports, poll_due(world.ports))
    world.web.answers[FEED] = feed_of(world, content=(FIRST, SECOND, LATER))
    world.clock.advance(3600)
    await world.poll(feed)
    world.web.asked.clear()
    assert (await result(world, 0 * MINUTE), world.web.asked) == ("changed", [])
    story = await story_of(world)
    assert (story.version, story.source, LATER in story.text) == (2, "feed", True)


async def test_a_command_that_polls_looks_at_what_is_due_and_not_at_what_it_stored(world: World) -> None:
    feed = await stored(world)
    world.clock.advance(3600)
    world.web.answers[PAGE] = EDITED
    _, _, rechecked = await poll_and_collect(world.ports, poll_due(world.ports), [feed.id])
    _, _, again = await poll_and_collect(world.ports, poll_due(world.ports), [feed.id])
    assert ([one.result for one in rechecked], again) == (["changed"], [])


async def test_of_an_article_of_several_pages_none_is_lost_by_one_that_cannot_be_had(world: World) -> None:
    following = "<link rel='next' href='https://example.com/1?page=2'>"
    first = Answer(page(FIRST, SECOND).body.replace(b"</head>", f"{following}</head>".encode()), headers=USUAL.headers)
    world.web.answers["https://example.com/1?page=2"] = page(THIRD)
    await stored(world, first)
    world.web.answers["https://example.com/1?page=2"] = Answer(status=503)
    assert await result(world, 10 * MINUTE) == "failed"
    assert THIRD in (await story_of(world)).text


@pytest.mark.parametrize("answer", [Answer(status=403), "timeout"], ids=["refused", "no answer"])
async def test_a_story_of_the_feeds_own_words_follows_them_where_its_page_still_says_nothing(
    world: World, answer: Answer | FetchFailure
) -> None:
    feed = await world.feed()
    world.web.answers |= {FEED: feed_of(world, FIRST), PAGE: Answer(status=403)}
    await poll_and_collect(world.ports, poll_due(world.ports))
    world.web.answers |= {FEED: feed_of(world, f"{FIRST} {LATER}"), PAGE: answer}
    world.clock.advance(3600)
    await world.poll(feed)
    assert (await result(world, 0 * MINUTE), LATER in (await story_of(world)).text) == ("changed", True)


async def test_an_edit_whose_page_could_not_be_read_is_looked_for_again(world: World) -> None:
    feed = await stored(world, published=3 * DAY)
    world.web.answers |= {FEED: feed_of(world, "The ferry sails but once.", published=3 * DAY), PAGE: "timeout"}
    await world.poll(feed)
    assert await result(world, 0 * MINUTE) == "failed"
    assert await result(world, 59 * MINUTE) == "not due"
    assert await result(world, MINUTE, EDITED) == "changed"


async def test_an_edit_that_never_can_be_seen_is_given_up_after_a_day(world: World) -> None:
    feed = await stored(world, published=3 * DAY)
    world.web.answers |= {FEED: feed_of(world, "The ferry sails but once.", published=3 * DAY), PAGE: "timeout"}
    await world.poll(feed)
    tries = 0
    while (await result(world, HOUR)) == "failed":
        tries += 1
    assert tries == 24


async def test_an_edit_that_is_planned_outlives_a_look_before(world: World) -> None:
    feed = await stored(world)
    for words, after in (("It sails.", 5), ("It sails again.", 5)):
        world.clock.advance(after * 60)
        world.web.answers[FEED] = feed_of(world, words, published=10 * MINUTE)
        await world.poll(feed)
        await recheck_due(world.ports)
    assert await result(world, 50 * MINUTE) == "unchanged"
    assert await result(world, 10 * MINUTE, EDITED) == "changed"


async def test_an_edit_that_another_feed_shows_meanwhile_is_looked_for_too(world: World) -> None:
    await stored(world, published=3 * DAY)
    other, there = await world.feed("other"), "https://other.example/rss"
    world.web.answers[there] = feed_of(world, published=3 * DAY)
    await poll_and_collect(world.ports, poll_due(world.ports))
    (first,) = [one for one in await world.store.feeds() if one.feed.name == "example"]
    world.web.answers[FEED] = feed_of(world, "It sails.", published=3 * DAY)
    await world.poll(first.feed)
    (look,) = await world.store.rechecks.lease(world.clock.now(), 1, None, None, UNSHARED)
    world.web.answers |= {there: feed_of(world, "It sails.", published=3 * DAY), PAGE: EDITED}
    await world.poll(other)
    await world.store.rechecks.leave(look, "no answer", None)
    assert await result(world, 0 * MINUTE) == "changed"


async def test_an_article_that_moved_is_no_more_withdrawn_once_it_is_read_at_its_new_address(world: World) -> None:
    await stored(world)
    assert await result(world, 10 * MINUTE, Answer(status=410)) == "withdrawn"
    moved = "https://example.com/moved"
    feed = feed_of(world)
    world.web.answers |= {FEED: Answer(feed.body.replace(PAGE.encode(), moved.encode()), 200, feed.headers)}
    world.web.answers[moved] = USUAL
    world.clock.advance(3600)
    await poll_and_collect(world.ports, poll_due(world.ports))
    story = await story_of(world)
    assert (story.withdrawn_at, story.url, [one.url for one in story.sightings]) == (None, moved, [moved])


async def test_an_address_that_carries_the_news_of_the_day_is_looked_at_for_each(world: World) -> None:
    await world.feed()
    for day, paragraph in enumerate((FIRST, SECOND)):
        feed = feed_of(world).body.replace(b"<guid>1", f"<guid>{day}".encode())
        title = f"Wrap of day {day}"
        feed = feed.replace(b"A second ferry", title.encode())
        world.web.answers |= {FEED: Answer(feed, headers=feed_of(world).headers), PAGE: page(paragraph, title=title)}
        await poll_and_collect(world.ports, poll_due(world.ports))
        world.clock.advance(DAY.total_seconds())
    stories = [story async for story in world.store.stories(StoryFilter())]
    assert [(story.title, story.version) for story in stories] == [("Wrap of day 0", 1), ("Wrap of day 1", 1)]
    found = await world.store.find_story(PAGE)
    assert found
    assert found.title == "Wrap of day 1"
    assert await world.store.upkeep.check() == []


async def test_a_date_that_a_later_version_tells_decides_who_was_first(world: World) -> None:
    """The page is dated only once it is edited, and then before that of the other publisher."""
    await world.feed()
    await world.feed("other")
    there = "https://elsewhere.org/1"
    undated = feed_of(world).body.split(b"<pubDate>")[0] + feed_of(world).body.split(b"</pubDate>")[1]
    other = feed_of(world, published=2 * HOUR).body.replace(PAGE.encode(), there.encode())
    whole = page(FIRST, SECOND, THIRD)
    headers = feed_of(world).headers
    world.web.answers |= {FEED: Answer(undated, headers=headers), PAGE: whole, there: whole}
    world.web.answers["https://other.example/rss"] = Answer(other, headers=headers)
    await poll_and_collect(world.ports, poll_due(world.ports))
    first = f"<meta property='article:published_time' content='{world.clock.now() - 9 * HOUR:%Y-%m-%dT%H:%M:%SZ}'>"
    dated = Answer(EDITED.body.replace(b"</head>", f"{first}</head>".encode()), headers=EDITED.headers)
    assert await result(world, 10 * MINUTE, dated) == "changed"
    stories = {story.publisher: story async for story in world.store.stories(StoryFilter())}
    assert stories["elsewhere.org"].duplicate_of == stories["example.com"].id
    assert await world.store.upkeep.check() == []
