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
    outage = (await world.store.totals(world.clock.now())).outage
    return await check_feed(world.ports, reference, await world.store.find_feed(reference), outage)


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


async def test_polls_that_failed_are_told_although_the_check_is_answered(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=412)
    for _ in range(2):
        await world.poll(feed)
    world.web.answers[feed.url] = rss([1])
    checked = await check(world, feed.name)
    said = " ".join(checked.lines)
    assert checked.fine
    assert "Each of its last 2 polls failed, since 2024-01-19 08:00 UTC: the server answers 412." in said
    assert "In the feed list it stands as failing." in said


async def test_a_silence_is_told_as_in_the_feed_list(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = rss([*range(0, 96, 6)])
    await world.poll(feed)
    world.clock.advance(20 * 86400)
    await world.poll(feed)
    told = [line for line in (await check(world, feed.name)).lines if "silent" in line]
    assert len(told) == 1
    assert told[0].startswith("In the feed list it stands as quiet: silent for ")
    assert "by its own rhythm the chance of that is " in told[0]


@pytest.mark.parametrize("answer", [rss([1]), "dns"])
async def test_a_gone_feed_is_told_with_its_reason_once(world: World, answer: Answer | FetchFailure) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=410)
    await world.poll(feed)
    world.web.answers[feed.url] = answer
    assert (await said(world, feed.name)).count("410") == 1


async def test_an_outage_of_our_own_network_is_told_by_a_check(world: World) -> None:
    feeds = [await world.feed(f"f{number}") for number in range(9)]
    for feed in feeds:
        await world.poll(feed)
    lines = (await check(world, feeds[0].name)).lines
    assert "In the feed list it stands as waiting." in lines
    assert lines[-1].startswith(
        "Ingest takes our own network to be down since 2024-01-19 08:00:00 UTC, for 0 s: 9 hosts"
    )


@pytest.mark.parametrize("answer", [rss([1]), Answer(status=404)])
async def test_a_disabled_feed_is_told_to_be_so(world: World, answer: Answer) -> None:
    feed = await world.feed()
    await world.store.switch_feed(feed.id, False)
    world.web.answers[feed.url] = answer
    assert "In the feed list it stands as disabled." in (await check(world, feed.name)).lines


@pytest.mark.parametrize(
    ("stated", "is_told"),
    [("soon", True), ("120", False), ("0", False), ("", False), ("Fri, 19 Jan 2024 07:00:00 GMT", False)],
)
async def test_a_pause_that_cannot_be_read_is_told(world: World, stated: str, is_told: bool) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=503, headers={"retry-after": stated})
    assert (f"nothing can be made: its Retry-After says {stated!r}." in await said(world, feed.name)) is is_told


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
