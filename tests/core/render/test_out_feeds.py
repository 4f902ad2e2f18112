"""Stories as feeds for others: read back by a reader, and held to the rules of each format."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import feedparser
import pytest
from lxml import etree

from ingest.core.render.atom import atom
from ingest.core.render.json_feed import json_feed
from ingest.core.render.out_feed import Channel, Render
from ingest.core.render.rss import rss
from ingest.model import Hashtag, Story

NS = {"a": "http://www.w3.org/2005/Atom"}
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
CHANNEL = Channel(
    store=uuid4().hex,
    selection="tag=a&lang=en",
    home_url="https://ingest.example/",
    self_url="https://ingest.example/api/v1/out?tag=a&lang=en&before_seq=9",
    first_url="https://ingest.example/api/v1/out?tag=a&lang=en",
    next_url="https://ingest.example/api/v1/out?tag=a&lang=en&before_seq=3",
)
NASTY = "</title><script>alert('x')</script> & \"quoted\" ]]> \x00\x08\x1b\ufffe\U0001f600 ]]>"
NASTY_READ = "</title><script>alert('x')</script> & \"quoted\" ]]> \U0001f600 ]]>"
PLAIN = Story.model_validate_json((Path(__file__).parents[2] / "golden/render/story.json").read_bytes())


def a_story(story_id: str, **changes: object) -> Story:
    return PLAIN.model_copy(update={"id": story_id, "modified_at": None, **changes})


STORIES = (
    a_story("A", title=NASTY, text=f"First {NASTY}\n\nSecond.", summary="a < b", authors=("Ada & Ben", "C")),
    a_story("B", title="", text="", url=None, published_at=None, published_date=None, authors=(), hashtags=()),
    a_story("C", modified_at=dt.datetime(2024, 1, 20, 9, tzinfo=dt.UTC), hashtags=(Hashtag(tag="A", source="body"),)),
)
RENDERS: list[Render] = [atom, rss, json_feed]


def read(render: Render, stories: tuple[Story, ...] = STORIES) -> Any:  # feedparser has no types
    parsed = feedparser.parse(render(CHANNEL, stories), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return parsed


@pytest.mark.parametrize("render", [atom, rss])
def test_a_reader_finds_the_stories_in_their_order_whatever_they_hold(render: Render) -> None:
    parsed = read(render)
    assert [entry.id for entry in parsed.entries] == [f"urn:ingest:story:{one}" for one in "ABC"]
    assert [entry.title for entry in parsed.entries][:2] == [NASTY_READ, "Untitled"]
    assert parsed.entries[0].link == STORIES[0].url
    assert [tag.term for tag in parsed.entries[2].tags] == ["A"]
    assert parsed.entries[0].published_parsed[:5] == (2024, 1, 19, 23, 30)
    assert "published" not in parsed.entries[1]


@pytest.mark.parametrize("render", [atom, rss])
def test_pages_lead_to_themselves_the_first_and_the_next(render: Render) -> None:
    links = {link.rel: link.href for link in read(render).feed.links if link.rel in ("self", "first", "next")}
    assert links == {"self": CHANNEL.self_url, "first": CHANNEL.first_url, "next": CHANNEL.next_url}


def test_atom_has_what_rfc_4287_asks_for() -> None:
    feed = etree.fromstring(atom(CHANNEL, STORIES))
    assert feed.tag == f"{{{NS['a']}}}feed"
    for element in (feed, *feed.findall("a:entry", NS)):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"a:{name}", NS)
            assert found.text
        assert RFC_3339.fullmatch(element.findtext("a:updated", "", NS))
        assert len(element.findall("a:content", NS)) == (element is not feed)
        assert len([link for link in element.findall("a:link", NS) if link.get("rel") == "alternate"]) <= 1
    assert feed.findtext("a:author/a:name", "", NS)
    ids = [found.text for found in feed.iterfind("a:entry/a:id", NS)]
    assert len(set(ids)) == len(ids)
    assert feed.findtext("a:id", "", NS).startswith("urn:uuid:")
    assert [name.text for name in feed.iterfind("a:entry[1]/a:author/a:name", NS)] == ["Ada & Ben", "C"]
    assert feed.findtext("a:updated", "", NS) == "2024-01-20T09:00:00Z"


def test_rss_has_what_its_specification_asks_for() -> None:
    channel = etree.fromstring(rss(CHANNEL, STORIES)).find("channel")
    assert channel is not None
    for name in ("title", "link", "description", "lastBuildDate"):
        (found,) = channel.findall(name)
        assert found.text
    for item in channel.findall("item"):
        assert item.findtext("title") or item.findtext("description")
        assert item.find("guid").get("isPermaLink") == "false"
        assert all(RFC_822.fullmatch(date.text) for date in item.findall("pubDate"))
        assert not item.findall("author")
    assert channel.findtext("item/description") == "<p>a &lt; b</p>"
    assert "<script>" not in channel.findtext("item/{http://purl.org/rss/1.0/modules/content/}encoded", "")


def test_json_feed_has_what_its_version_asks_for() -> None:
    feed = json.loads(json_feed(CHANNEL, STORIES))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["feed_url"], feed["next_url"]) == (CHANNEL.self_url, CHANNEL.next_url)
    assert [item["id"] for item in feed["items"]] == [f"urn:ingest:story:{one}" for one in "ABC"]
    for item in feed["items"]:
        assert isinstance(item["content_text"], str)
        assert None not in item.values()
        assert all(RFC_3339.fullmatch(item[name]) for name in ("date_published", "date_modified") if name in item)
    assert feed["items"][0]["authors"] == [{"name": "Ada & Ben"}, {"name": "C"}]
    assert feed["items"][2]["tags"] == ["A"]


@pytest.mark.parametrize("render", RENDERS)
def test_an_empty_feed_is_one_and_the_same_each_time(render: Render) -> None:
    assert render(CHANNEL, ()) == render(CHANNEL, ())
    if render is not json_feed:
        assert read(render, ()).entries == []


def test_pages_of_one_choice_of_stories_are_one_feed_and_others_are_not() -> None:
    def of(**changes: str) -> str:
        fields = {**CHANNEL.__dict__, **changes}
        return Channel(**fields).id

    assert of(self_url="https://other.example/") == CHANNEL.id
    assert len({CHANNEL.id, of(selection=""), of(store=uuid4().hex)}) == 3
