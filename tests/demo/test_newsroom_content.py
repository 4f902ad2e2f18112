"""Pages and feeds, as a reader of them sees them."""

import io
import json

import aiohttp
import feedparser
import lxml.html
import pytest

from ingest.demo.newsroom import Newsroom
from ingest.demo.paper import Paper
from ingest.demo.publishers import PUBLISHERS

KEYS = [publisher.key for publisher in PUBLISHERS]


def paper_of(newsroom: Newsroom, key: str) -> Paper:
    return next(paper for paper in newsroom.papers if paper.publisher.key == key)


async def body_of(session: aiohttp.ClientSession, url: str) -> bytes:
    async with session.get(url) as response:
        response.raise_for_status()
        return await response.read()


async def read_feed(session: aiohttp.ClientSession, newsroom: Newsroom, name: str) -> feedparser.FeedParserDict:
    url = next(feed.url for feed in newsroom.feeds if feed.name == name)
    return feedparser.parse(io.BytesIO(await body_of(session, url)))


@pytest.mark.parametrize("key", KEYS)
async def test_pages_hold_their_whole_text(everything_out: Newsroom, session: aiohttp.ClientSession, key: str) -> None:
    for publication in paper_of(everything_out, key).publications:
        if publication.manuscript.trouble is None:
            page = lxml.html.fromstring(await body_of(session, publication.url)).text_content()
            assert [text for text in publication.manuscript.paragraphs if text not in page] == []


@pytest.mark.parametrize("key", KEYS)
async def test_front_pages_link_to_every_article(
    everything_out: Newsroom, session: aiohttp.ClientSession, key: str
) -> None:
    paper = paper_of(everything_out, key)
    links = set(lxml.html.fromstring(await body_of(session, f"{paper.url}/")).xpath("//a/@href"))

    assert {publication.url for publication in paper.publications} <= links


@pytest.mark.parametrize("key", KEYS)
async def test_links_within_a_front_page_lead_somewhere(
    everything_out: Newsroom, session: aiohttp.ClientSession, key: str
) -> None:
    paper = paper_of(everything_out, key)
    front = lxml.html.fromstring(await body_of(session, f"{paper.url}/"))
    for link in front.xpath("//a/@href | //link/@href | //img/@src"):
        if link.startswith("/"):
            await body_of(session, paper.url + link)


@pytest.mark.parametrize("key", KEYS)
async def test_pictures_are_well_formed(everything_out: Newsroom, session: aiohttp.ClientSession, key: str) -> None:
    picture = paper_of(everything_out, key).publications[0].picture

    assert lxml.etree.fromstring(await body_of(session, picture)).tag.endswith("svg")


@pytest.mark.parametrize(
    ("name", "version", "entries"),
    [
        ("saltmere-courier", "rss20", 7),
        ("saltmere-harbour", "rss20", 4),
        ("slow-comet", "atom10", 6),
        ("diario-valdebruma", "rss20", 6),
        ("kontorblatt", "rss091u", 5),
        ("lucarne-bleue", "rss10", 5),
        ("plover-wire", "rss20", 7),
        ("marsa-alyasmin", "atom10", 4),
    ],
)
async def test_feeds_give_all_entries(
    everything_out: Newsroom, session: aiohttp.ClientSession, name: str, version: str, entries: int
) -> None:
    document = await read_feed(session, everything_out, name)

    assert (document.version, len(document.entries)) == (version, entries)


async def test_only_the_sloppy_feed_is_malformed(everything_out: Newsroom, session: aiohttp.ClientSession) -> None:
    names = [feed.name for feed in everything_out.feeds if feed.name != "kirigahama"]

    assert [name for name in names if (await read_feed(session, everything_out, name)).bozo] == ["diario-valdebruma"]


async def test_the_sloppy_feed_has_a_bare_ampersand(everything_out: Newsroom, session: aiohttp.ClientSession) -> None:
    url = next(feed.url for feed in everything_out.feeds if feed.name == "diario-valdebruma")

    assert "<title>Queso & miel" in (await body_of(session, url)).decode()


async def test_the_json_feed_gives_all_entries(everything_out: Newsroom, session: aiohttp.ClientSession) -> None:
    url = next(feed.url for feed in everything_out.feeds if feed.name == "kirigahama")
    items = json.loads(await body_of(session, url))["items"]

    assert [item["url"] for item in items] == [one.url for one in paper_of(everything_out, "kiri").publications]


async def test_the_agencys_feed_holds_the_whole_text(newsroom: Newsroom, session: aiohttp.ClientSession) -> None:
    entry = (await read_feed(session, newsroom, "plover-wire")).entries[-1]

    assert entry.content[0].value == paper_of(newsroom, "plover").publications[-1].html


async def test_a_section_feed_lists_the_same_articles_with_tracking(
    newsroom: Newsroom, session: aiohttp.ClientSession
) -> None:
    main = await read_feed(session, newsroom, "saltmere-courier")
    section = await read_feed(session, newsroom, "saltmere-harbour")
    bare = {entry.link.partition("?")[0] for entry in section.entries}

    assert bare < {entry.link for entry in main.entries}
    assert all("utm_source=rss" in entry.link for entry in section.entries)


async def test_a_tracked_link_leads_to_the_article(newsroom: Newsroom, session: aiohttp.ClientSession) -> None:
    section = await read_feed(session, newsroom, "saltmere-harbour")

    assert b"foghorn" in await body_of(session, section.entries[-1].link)


async def test_a_missing_page_is_still_in_the_feed(everything_out: Newsroom, session: aiohttp.ClientSession) -> None:
    missing = next(one for one in paper_of(everything_out, "diario").publications if one.manuscript.trouble)
    document = await read_feed(session, everything_out, "diario-valdebruma")
    async with session.get(missing.url) as response:
        assert response.status == 404
    assert missing.url in {entry.link for entry in document.entries}


async def test_a_consent_wall_has_nothing_of_the_article(
    everything_out: Newsroom, session: aiohttp.ClientSession
) -> None:
    walled = next(one for one in paper_of(everything_out, "lucarne").publications if one.manuscript.trouble)
    page = (await body_of(session, walled.url)).decode()

    assert walled.summary[:30] not in page


async def test_the_old_site_says_its_encoding_in_the_page_alone(
    newsroom: Newsroom, session: aiohttp.ClientSession
) -> None:
    async with session.get(paper_of(newsroom, "kontor").publications[0].url) as response:
        assert response.headers["Content-Type"] == "text/html"
        assert "charset=windows-1252" in await response.text("windows-1252")
