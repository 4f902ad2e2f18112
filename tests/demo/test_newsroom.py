"""What comes out when, and how the newsroom answers over HTTP."""

import aiohttp
import pytest
from hands import PACE_S, Hands

from ingest.demo.newsroom import OPENING, Newsroom, open_newsroom
from ingest.model import FeedSpec


def out(newsroom: Newsroom) -> int:
    return sum(len(paper.publications) for paper in newsroom.papers)


def url_of(newsroom: Newsroom, slug: str) -> str:
    return next(
        publication.url
        for paper in newsroom.papers
        for publication in paper.publications
        if publication.manuscript.slug == slug
    )


def feed(newsroom: Newsroom, name: str) -> FeedSpec:
    return next(feed for feed in newsroom.feeds if feed.name == name)


def test_some_articles_are_there_from_the_start(newsroom: Newsroom) -> None:
    assert out(newsroom) == OPENING


def test_nothing_appears_while_the_clock_stands_still_within_a_pace(newsroom: Newsroom, clock: Hands) -> None:
    clock.advance(PACE_S - 0.1)

    assert out(newsroom) == OPENING


def test_an_article_appears_with_every_pace(newsroom: Newsroom, clock: Hands) -> None:
    clock.advance(3 * PACE_S)

    assert out(newsroom) == OPENING + 3


def test_it_does_not_matter_how_often_somebody_looked(clock: Hands, newsroom: Newsroom) -> None:
    for _ in range(12):
        clock.advance(PACE_S / 4)
        out(newsroom)

    assert out(newsroom) == OPENING + 3


def test_publishing_by_hand_puts_the_next_one_a_full_pace_off(newsroom: Newsroom, clock: Hands) -> None:
    clock.advance(PACE_S - 0.1)
    newsroom.publish_next()
    clock.advance(PACE_S - 0.1)

    assert out(newsroom) == OPENING + 1


def test_nothing_is_repeated_when_all_is_out(everything_out: Newsroom, clock: Hands) -> None:
    before = out(everything_out)
    clock.advance(1000 * PACE_S)

    assert (everything_out.remaining, everything_out.publish_next(), out(everything_out)) == (0, None, before)


def test_nothing_is_dated_in_the_future(everything_out: Newsroom, clock: Hands) -> None:
    dates = [publication.published for paper in everything_out.papers for publication in paper.publications]

    assert max(dates) <= clock.now()


def test_a_revision_replaces_the_text_at_the_same_address(newsroom: Newsroom, clock: Hands) -> None:
    while (published := newsroom.publish_next()) and published.slug != "regatta":
        pass
    before = url_of(newsroom, "regatta")
    clock.advance(PACE_S * newsroom.remaining)
    revised = next(one for one in newsroom.papers[0].publications if one.url == before)

    assert "width of a thumb" in revised.title
    assert revised.modified > revised.published


def test_feeds_have_distinct_names_and_urls(newsroom: Newsroom) -> None:
    assert len({feed.name for feed in newsroom.feeds}) == len({feed.url for feed in newsroom.feeds}) == 9


async def test_the_index_links_to_every_publisher(newsroom: Newsroom, session: aiohttp.ClientSession) -> None:
    async with session.get(newsroom.url) as response:
        page = await response.text()

    assert [paper.url for paper in newsroom.papers if f'href="{paper.url}/"' not in page] == []


async def test_an_unchanged_feed_answers_304_to_its_etag(newsroom: Newsroom, session: aiohttp.ClientSession) -> None:
    url = feed(newsroom, "slow-comet").url
    async with session.get(url) as first:
        etag = first.headers["ETag"]
    async with session.get(url, headers={"If-None-Match": etag}) as again:
        assert (again.status, await again.read()) == (304, b"")


async def test_an_unchanged_feed_answers_304_to_its_date(newsroom: Newsroom, session: aiohttp.ClientSession) -> None:
    url = feed(newsroom, "slow-comet").url
    async with session.get(url) as first:
        modified = first.headers["Last-Modified"]
    async with session.get(url, headers={"If-Modified-Since": modified}) as again:
        assert again.status == 304


async def test_a_feed_with_something_new_answers_200(
    newsroom: Newsroom, session: aiohttp.ClientSession, clock: Hands
) -> None:
    url = feed(newsroom, "slow-comet").url
    async with session.get(url) as first:
        validators = {"If-None-Match": first.headers["ETag"], "If-Modified-Since": first.headers["Last-Modified"]}
    clock.advance(PACE_S * newsroom.remaining)
    async with session.get(url, headers=validators) as again:
        assert again.status == 200


async def test_one_page_falters_the_first_time_only(everything_out: Newsroom, session: aiohttp.ClientSession) -> None:
    url = url_of(everything_out, "moss-memory")
    statuses = []
    for _ in range(2):
        async with session.get(url) as response:
            statuses.append(response.status)

    assert statuses == [500, 200]


async def test_a_moved_feed_says_where_it_is(newsroom: Newsroom, session: aiohttp.ClientSession) -> None:
    async with session.get(feed(newsroom, "lucarne-bleue").url, allow_redirects=False) as response:
        assert (response.status, response.headers["Location"][-10:]) == (301, "/index.rdf")


async def test_leaving_the_newsroom_closes_it(clock: Hands, session: aiohttp.ClientSession) -> None:
    async with open_newsroom(now=clock.now) as newsroom:
        url = newsroom.url

    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(url)
