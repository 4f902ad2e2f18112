"""Feed lists as OPML: read from what other programs write, and back from what we write."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse.opml import read_opml, write_opml
from ingest.errors import ParseError
from ingest.model import FeedSpec

NOW = dt.datetime(2024, 1, 19, tzinfo=dt.UTC)


def opml(body: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="2.0"><body>{body}</body></opml>'.encode()


def outline(url: str, text: str = "", more: str = "") -> str:
    return f'<outline type="rss" text="{text}" xmlUrl="{url}" {more}/>'


def test_folders_are_tags_the_outermost_first() -> None:
    inside = f'<outline text="World"><outline title="Asia">{outline("https://a.example.org/")}</outline></outline>'
    (feed,) = read_opml(opml(inside))
    assert feed.tags == ("World", "Asia")


def test_a_feed_in_two_folders_is_one_with_both_tags() -> None:
    feed = outline("https://a.example.org/rss", "A")
    (spec,) = read_opml(opml(f'<outline text="X">{feed}</outline><outline text="Y">{feed}</outline>'))
    assert spec.tags == ("X", "Y")


def test_categories_are_tags_by_their_last_part() -> None:
    (feed,) = read_opml(opml(outline("https://a.example.org/", more='category="/News/World,Port"')))
    assert feed.tags == ("World", "Port")


def test_names_are_made_from_titles_and_are_unique() -> None:
    feeds = read_opml(opml("".join(outline(f"https://{host}.example.org/", "The Courier!") for host in "abc")))
    assert [feed.name for feed in feeds] == ["the-courier", "the-courier-2", "the-courier-3"]


def test_a_feed_without_a_title_is_named_by_its_address() -> None:
    (feed,) = read_opml(opml(outline("https://www.example.org/rss.xml")))
    assert feed.name == "example-org"


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL"])
def test_the_case_of_attributes_does_not_matter(name: str) -> None:
    assert len(read_opml(opml(f'<outline text="A" {name}="https://a.example.org/"/>'))) == 1


def test_outlines_without_a_usable_address_are_left_out() -> None:
    assert read_opml(opml('<outline text="A"/><outline xmlUrl="ftp://a.example.org/"/><outline xmlUrl="/a"/>')) == []


def test_damage_costs_no_feeds() -> None:
    body = opml(outline("https://a.example.org/?a=1&b=2", "Salt & Pepper") + outline("https://b.example.org/"))
    urls = [feed.url for feed in read_opml(body[: -len("</body></opml>")])]
    assert urls == ["https://a.example.org/?a=1&b=2", "https://b.example.org/"]


@pytest.mark.parametrize("body", [b"", b"{}", b"<rss/>", b"<html><body>opml</body></html>", b"\xff\x00"])
def test_what_is_no_opml_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError, match="no OPML"):
        read_opml(body)


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
specs = st.builds(
    FeedSpec,
    url=st.integers(0, 10**6).map(lambda number: f"https://example.org/{number}?a=1&b=2"),
    name=st.integers(0, 10**6).map(lambda number: f"feed-{number}"),
    tags=st.lists(words, max_size=3, unique=True).map(tuple),
    language=st.sampled_from([None, "de", "pt-BR"]),
)


@given(st.lists(specs, max_size=6, unique_by=(lambda spec: spec.url, lambda spec: spec.name)))
def test_what_was_written_is_read_again(feeds: list[FeedSpec]) -> None:
    read = {feed.url: feed for feed in read_opml(write_opml(feeds, NOW).encode())}
    assert {url: (feed.name, set(feed.tags), feed.language) for url, feed in read.items()} == {
        feed.url: (feed.name, set(feed.tags), feed.language) for feed in feeds
    }


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_refused(body: bytes) -> None:
    with suppress(ParseError):
        read_opml(body)
    assert read_opml(opml("") + body) == []
