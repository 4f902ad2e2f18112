"""Names that are made for feeds."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.naming import RESERVED, feed_name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/rss.xml", "example-org"),
        ("https://www.example.org/news/world/rss.xml", "example-org-world"),
        ("https://feeds.example.org/feeds/posts/default?alt=rss", "feeds-example-org-posts"),
        ("http://127.0.0.1:8080/a%20b.xml", "127-0-0-1-a-b"),
        ("example.org/blog", "example-org-blog"),
        ("https://[::1]/feed", "feed-1"),
        ("http://[", "http"),
        ("", "feed"),
    ],
)
def test_a_name_is_made_from_the_host_and_the_first_telling_part(url: str, name: str) -> None:
    assert feed_name(url) == name


def test_a_title_gives_a_better_name() -> None:
    assert feed_name("https://example.org/", title="The Courier & Gazette") == "the-courier-gazette"


@pytest.mark.parametrize("title", sorted(RESERVED))
def test_a_word_of_a_command_is_no_name(title: str) -> None:
    assert feed_name("https://example.org/", title=title) == f"feed-{title}"


def test_digits_alone_are_no_name() -> None:
    assert feed_name("https://example.org/", title="1843") == "feed-1843"


def test_a_taken_name_is_numbered() -> None:
    assert feed_name("https://example.org/", taken=["example-org", "example-org-2"]) == "example-org-3"


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_name_is_words_joined_by_hyphens(url: str, title: str) -> None:
    assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", feed_name(url, title=title))
