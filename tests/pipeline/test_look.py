"""What a check of a feed tells, and that it leaves no trace."""

import pytest
from world import Answer, World, page, rss

from ingest.errors import FetchFailure
from ingest.look import Checked, check_feed

ARTICLE = (
    "<html><body><article>"
    + "<p>The ferry was late again, and nobody minded much.</p>" * 40
    + "</article></body></html>"
)
SHORT = "https://example.com/1"


async def check(world: World, reference: str) -> Checked:
    return await check_feed(world.ports, reference, await world.store.find_feed(reference))


async def said(world: World, reference: str) -> str:
    return " ".join((await check(world, reference)).lines)


@pytest.mark.parametrize("answer", [rss([1, 2]), Answer(status=503), Answer(status=410), "timeout"])
async def test_a_check_leaves_no_trace(world: World, answer: Answer | FetchFailure) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = answer
    before = await world.status(feed)
    await check(world, feed.name)
    assert await world.status(feed) == before


async def test_a_check_is_no_failure_of_the_feed(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=500)
    assert "failed too" not in await said(world, feed.name)
    await world.poll(feed)
    assert "Its last poll failed too" in await said(world, feed.name)


async def test_what_the_page_of_an_entry_gives_is_told(world: World) -> None:
    feed = await world.feed()
    world.web.answers |= {feed.url: rss([1, 2]), SHORT: Answer(ARTICLE.encode(), headers={"content-type": "text/html"})}
    told = await said(world, feed.name)
    assert "Of 2 entries the page is to be read, since the feed gives no content." in told
    assert "The first of these pages gives a text of" in told


@pytest.mark.parametrize(
    ("answer", "why"),
    [("robots", f"{SHORT}: robots"), (Answer(status=404), "the page answers 404"), (Answer(b"<p>"), "says nothing")],
)
async def test_a_page_that_gives_nothing_is_told_with_the_reason(
    world: World, answer: Answer | FetchFailure, why: str
) -> None:
    feed = await world.feed()
    world.web.answers |= {feed.url: rss([1]), SHORT: answer}
    told = await said(world, feed.name)
    assert "The first of these pages gives nothing: " in told
    assert f"{why}" in told
    assert "the story is made from the feed alone" in told


async def test_no_page_is_asked_for_where_none_is_needed(world: World) -> None:
    feed = await world.feed(full_text="never")
    world.web.answers[feed.url] = rss([1])
    assert "Of 1 entry the feed alone is to be read, since the feed is set to full_text: never." in await said(
        world, feed.name
    )
    assert [request.url for request in world.web.asked] == [feed.url]


@pytest.mark.parametrize(
    ("answer", "means"),
    [
        (Answer(status=404), "There is nothing at this address; look in a browser"),
        (Answer(status=401), "give the feed `basic_auth` or `bearer_token`"),
        (Answer(status=503), "busy or under repair"),
        ("dns", "No server goes by that name"),
        (Answer(b"<p>Hello</p>"), "What lies there is no feed that can be read"),
    ],
)
async def test_what_fails_at_an_address_that_is_not_in_the_list_is_told_with_what_it_means(
    world: World, answer: Answer | FetchFailure, means: str
) -> None:
    world.web.answers["https://new.example/rss"] = answer
    checked = await check(world, "https://new.example/rss")
    assert (checked.fine, checked.lines[-1]) == (False, "It is not in the feed list.")
    assert means in " ".join(checked.lines)


async def test_the_feed_that_a_page_names_is_told_with_how_to_add_it(world: World) -> None:
    world.web.answers |= {"https://new.example/": page("https://new.example/rss"), "https://new.example/rss": rss([1])}
    lines = (await check(world, "https://new.example/")).lines
    assert lines[0] == "The feed is https://new.example/rss."
    assert lines[-1] == "It is not in the feed list. `ingest feeds add https://new.example/rss` adds it."
    assert [request.url for request in world.web.asked].count("https://new.example/rss") == 1
