"""What feeds a page names, and where to look when it names none."""

import pytest
from answers import answer

from ingest.core.parse.discovery import discover, guesses

PAGE = "https://site.example.org/news/index.html"


def found(head: str, body: str = "") -> tuple[str, ...]:
    return discover(answer(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>", url=PAGE))


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate", title: str = "") -> str:
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "application/atom+xml; charset=utf-8", "APPLICATION/FEED+JSON"]
)
def test_a_declared_feed_is_found(kind: str) -> None:
    assert found(link("/feed", kind)) == ("https://site.example.org/feed",)


@pytest.mark.parametrize(
    "head",
    [
        link("/oembed", "application/json+oembed"),
        link("/wp-json/wp/v2/pages/7", "application/json"),
        link("/de/", "text/html"),
        link("/feed", rel="stylesheet"),
        link("javascript:feed()"),
        link(""),
    ],
)
def test_other_links_are_no_feeds(head: str) -> None:
    assert found(head) == ()


def test_addresses_are_resolved_against_the_base_of_the_page() -> None:
    assert found('<base href="https://cdn.example.net/x/">' + link("rss")) == ("https://cdn.example.net/x/rss",)


def test_declared_feeds_come_before_linked_ones_and_comments_last() -> None:
    head = link("/comments/feed") + link("/a", title="Kommentare") + link("/main", title="News")
    assert [url.rpartition(".org")[2] for url in found(head, '<a href="/rss.xml">RSS</a>')] == [
        "/main",
        "/rss.xml",
        "/comments/feed",
        "/a",
    ]


def test_each_feed_is_named_once() -> None:
    assert found(link("/feed") * 2, '<a href="/feed">Feed</a>') == ("https://site.example.org/feed",)


@pytest.mark.parametrize("href", ["/feed/", "/rss", "/news.rss", "/rss/world.xml", "/feed_de.xml", "/?feed=rss2"])
def test_an_anchor_that_looks_like_a_feed_is_found(href: str) -> None:
    assert found("", f'<a href="{href}">follow</a>') == (f"https://site.example.org{href}",)


@pytest.mark.parametrize(
    "href", ["/feedback", "/rss-readers-compared", "/about", "mailto:feed@example.org", "/sitemap.xml"]
)
def test_an_anchor_that_does_not_is_not(href: str) -> None:
    assert found("", f'<a href="{href}">follow</a>') == ()


@pytest.mark.parametrize("body", [b"", b"\0", b"plain", b"\xff\xfe\x00"])
def test_what_is_no_page_names_nothing(body: bytes) -> None:
    assert discover(answer(body)) == ()


def test_guesses_begin_in_the_folder_of_the_page() -> None:
    places = guesses("https://site.example.org/blog/index.html")
    assert places[0] == "https://site.example.org/blog/feed"
    assert "https://site.example.org/rss.xml" in places


@pytest.mark.parametrize("url", ["", "no url", "mailto:a@example.org", "http://["])
def test_there_are_no_guesses_for_what_is_no_page(url: str) -> None:
    assert guesses(url) == ()
