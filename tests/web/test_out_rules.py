"""The feeds of a varied store, held to the rules of their formats: RFC 4287, RSS 2.0, JSON Feed 1.1, RFC 5005."""

import datetime as dt
import json
import re
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import httpx
import pytest
from lxml import etree
from shown import NOW, Browse, a_stored_story

from ingest.edge.store import SqlStore, steps
from ingest.model import Hashtag, Moment, StoryFilter

API = "https://ingest.example/news/api/v1/out"
TYPES = {"json": "application/feed+json", "atom": "application/atom+xml", "rss": "application/rss+xml"}
NS = {"a": "http://www.w3.org/2005/Atom", "dc": "http://purl.org/dc/elements/1.1/"}
NS |= {"content": "http://purl.org/rss/1.0/modules/content/"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
CONTROLS = "\x01\x08\x0b\x1b\x1f\x7f\x9f\u2028\ufffe\uffff"
EARLY = Moment(at=dt.datetime(987, 6, 5, 4, 3, 2, tzinfo=dt.UTC), day=dt.date(987, 6, 5))
TODAY = Moment(at=dt.datetime(2024, 1, 19, 7, 30, tzinfo=dt.UTC), day=dt.date(2024, 1, 19))
WIRE = "The same report of an agency, word for word."

STORIES: list[dict[str, Any]] = [
    {
        "published": TODAY,
        "language": "en",
        "authors": ("Ada Quill", "Ben & Co <b@example.org>"),
        "summary": "In short.",
    },
    {"title": "", "text": "A text without a title."},
    {"text": "", "summary": "", "image": "https://example.org/a.jpg"},
    {"title": "\U0001f6a2 Ferry \U0001f469\u200d\u2708\ufe0f back", "text": "\U0001f389" * 50, "language": "pt-BR"},
    {"title": "العاصفة تضرب \u202bالميناء\u202c", "text": "عادت \u200fالعبارات.\n\nغدا.", "language": "ar"},
    {"title": f"Con{CONTROLS}trolled", "text": f"One{CONTROLS}.\n\n{CONTROLS}\n\nTwo.", "summary": CONTROLS},
    {"authors": (CONTROLS[:3], " ", "Ida"), "title": CONTROLS[:5], "language": "en"},
    {"title": '<b>a</b> &amp; ]]> "b"', "text": "<script>x</script> ]]> &lt;\r\nnext\ttab", "summary": "<i>&"},
    {"published": EARLY, "title": " two\n lines\u00a0 "},
    {"url": 'https://example.org/a b/\u00fc?q="<>&x=1', "site": "A & B"},
    {"url": "", "title": "Nowhere on the web"},
    {"text": WIRE, "title": "Wire", "url": "https://one.example/wire", "publisher": "one.example"},
    {"text": WIRE, "title": "Wire", "url": "https://two.example/wire", "publisher": "two.example"},
    {"title": "Withdrawn", "published": TODAY},
]


@pytest.fixture
async def count(store: SqlStore) -> int:
    """How many stories are stored; one is withdrawn, one a copy."""
    tags = (Hashtag(tag="Harbour", source="headline"), Hashtag(tag="\u00dcberraschung", source="category"))
    for number, article in enumerate(STORIES, 1):
        story_id = await a_stored_story(store, number, hashtags=tags[: number % 3], **article)
    await store.writer.run(lambda connection: steps.withdraw(connection, story_id, NOW))
    stories = [story async for story in store.stories(StoryFilter())]
    assert sum(story.duplicate_of is not None for story in stories) == 1
    assert sum(story.withdrawn_at is not None for story in stories) == 1
    return len(STORIES)


@pytest.fixture
def client(browse: Browse, count: int) -> httpx.AsyncClient:
    return browse(public_url="https://ingest.example/news")


async def pages(client: httpx.AsyncClient, ending: str, limit: int = 4) -> list[httpx.Response]:
    """All pages, by their links to the next; each is parsed by a reader that complains."""
    answers = []
    url: str | None = f"{API}.{ending}?limit={limit}"
    while url:
        parts = urlsplit(url)
        answers.append(await client.get(f"{parts.path.removeprefix('/news')}?{parts.query}"))
        assert answers[-1].status_code == 200
        assert answers[-1].headers["content-type"] == f"{TYPES[ending]}; charset=utf-8"
        links = links_of(answers[-1])
        assert links["self"] == url
        assert links.get("first", f"{API}.{ending}?limit={limit}") == f"{API}.{ending}?limit={limit}"
        url = links.get("next")
    return answers


def links_of(answer: httpx.Response) -> dict[str, str]:
    if "json" in answer.headers["content-type"]:
        feed = answer.json()
        links = {"self": feed["feed_url"], "home": feed["home_page_url"], "next": feed.get("next_url")}
        return {name: link for name, link in links.items() if link}
    root = etree.fromstring(answer.content)
    links = {link.get("rel", "alternate"): link.get("href", "") for link in root.iterfind("*/a:link", NS)}
    links |= {link.get("rel", "alternate"): link.get("href", "") for link in root.iterfind("a:link", NS)}
    home = root.findtext("channel/link") or links["alternate"]
    return {**links, "home": home}


@pytest.mark.parametrize("ending", TYPES)
async def test_every_story_is_on_one_page_under_an_id_of_its_own(
    client: httpx.AsyncClient, count: int, ending: str
) -> None:
    ids: list[str] = []
    async with client:
        answers = await pages(client, ending)
    for answer in answers:
        if ending == "json":
            ids += [item["id"] for item in answer.json()["items"]]
        else:
            parsed = feedparser.parse(answer.content)
            assert not parsed.bozo, parsed.get("bozo_exception")
            ids += [entry.id for entry in parsed.entries]
        assert links_of(answer)["home"] == "https://ingest.example/news/"
    assert len(ids) == len(set(ids)) == count
    assert len(answers) == -(-count // 4)


async def test_atom_is_as_rfc_4287_has_it(client: httpx.AsyncClient) -> None:
    async with client:
        roots = [etree.fromstring(answer.content) for answer in await pages(client, "atom")]
    assert len({root.findtext("a:id", "", NS) for root in roots}) == 1, "pages of one feed are one feed (RFC 5005)"
    for root in roots:
        assert root.findtext("a:author/a:name", "", NS)
        entries = root.findall("a:entry", NS)
        for element in (root, *entries):
            for name in ("id", "title", "updated"):
                (found,) = element.findall(f"a:{name}", NS)
                assert found.text
                assert found.text.strip()
            assert RFC_3339.fullmatch(element.findtext("a:updated", "", NS))
            assert len(element.findall("a:link[@rel='alternate']", NS)) <= 1
            assert all(link.get("href") for link in element.findall("a:link", NS))
        assert root.findtext("a:updated", "", NS) >= max(entry.findtext("a:updated", "", NS) for entry in entries)
        for entry in entries:
            assert len(entry.findall("a:content", NS)) == 1
            assert all(RFC_3339.fullmatch(date.text or "") for date in entry.findall("a:published", NS))
            assert all((name.text or "").strip() for name in entry.findall("a:author/a:name", NS))
            assert all((said.text or "").strip() for said in entry.findall("a:summary", NS))
            assert all(term.get("term") for term in entry.findall("a:category", NS))
    said = {entry.get(LANG) for root in roots for entry in root.iterfind("a:entry", NS)}
    assert said == {None, "en", "pt-BR", "ar"}


async def test_rss_is_as_its_specification_has_it(client: httpx.AsyncClient) -> None:
    async with client:
        roots = [etree.fromstring(answer.content) for answer in await pages(client, "rss")]
    for root in roots:
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        (channel,) = root
        for name in ("title", "link", "description", "lastBuildDate"):
            (found,) = channel.findall(name)
            assert found.text
        assert all(link.get("type") == TYPES["rss"] for link in channel.findall("a:link", NS))
        for item in channel.findall("item"):
            assert (item.findtext("title") or "").strip()
            assert all(len(item.findall(name)) <= 1 for name in ("title", "link", "description", "guid", "pubDate"))
            assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]  # found above
            assert all((element.text or "").strip() for element in item), "no element is empty"
        for date in channel.iter("pubDate", "lastBuildDate"):
            assert RFC_822.fullmatch(date.text or "")
            assert parsedate_to_datetime(date.text or "").tzinfo


async def test_json_feed_is_as_version_1_1_has_it(client: httpx.AsyncClient) -> None:
    async with client:
        feeds = [json.loads(answer.content) for answer in await pages(client, "json")]
    for feed in feeds:
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert isinstance(item["content_text"], str)
            for name in ("date_published", "date_modified"):
                assert name not in item or RFC_3339.fullmatch(item[name])
            assert all(author["name"].strip() for author in item.get("authors", []))
            assert all(isinstance(tag, str) and tag for tag in item.get("tags", []))
            assert all(item[name] for name in item if name != "content_text"), "what is unknown is left out"


@pytest.mark.parametrize("ending", ["atom", "rss"])
async def test_what_xml_refuses_is_left_out_and_nothing_else(client: httpx.AsyncClient, ending: str) -> None:
    async with client:
        (answer,) = await pages(client, ending, limit=200)
    titles = [title.text for title in etree.fromstring(answer.content).iter("{*}title")]
    assert "Con \x7f\x9f trolled" in titles
    assert titles.count("Untitled") == 2
    assert "العاصفة تضرب \u202bالميناء\u202c" in titles
