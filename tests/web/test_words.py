"""How the page says things."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shown import NOW, feed

from ingest.web import words


@pytest.mark.parametrize(("seconds", "said"), [(-10, "just now"), (4, "just now"), (5, "5 s ago"), (300, "5 min ago")])
def test_the_past_is_said_from_now(seconds, said):
    assert words.ago(NOW - dt.timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(("seconds", "said"), [(-10, "due now"), (0, "due now"), (300, "next in 5 min")])
def test_a_turn_is_said_from_now(seconds, said):
    assert words.due(NOW + dt.timedelta(seconds=seconds), NOW) == said


def test_an_exact_time_is_in_utc():
    east = dt.timezone(dt.timedelta(hours=3))
    assert words.exact(dt.datetime(2024, 1, 19, 1, 2, 3, tzinfo=east)) == "2024-01-18 22:02:03 UTC"


FINE, FAILING, NEW, OFF = feed(), feed(problem="no answer", failures=1), feed(polled_at=None), feed(enabled=False)


@pytest.mark.parametrize(
    ("feeds", "said"),
    [
        ([], "No feeds yet"),
        ([OFF], "No feed is enabled"),
        ([FINE, OFF], "The one feed is fine"),
        ([FINE, FINE], "All 2 feeds are fine"),
        ([FINE, NEW], "1 of 2 feeds not polled yet"),
        ([FAILING], "1 of 1 feed is failing"),
        ([FINE, FAILING, FAILING, NEW, OFF], "2 of 4 feeds are failing"),
    ],
)
def test_all_feeds_are_told_in_one_sentence(feeds, said):
    assert words.verdict(words.by_health(feeds, NOW, None)) == said


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/", "example.org"),
        ("http://example.org/a?b=1", "example.org/a?b=1"),
        ("https://reader:s3cret@example.org/rss", "example.org/rss"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_an_address_is_shown_bare(url, shown):
    assert words.bare(url) == shown


@given(st.text(max_size=30) | st.text(alphabet="htps:/@[]. \n", max_size=30))
def test_only_http_addresses_are_links(url):
    assert re.match(r"https?://[^/@]", words.link(url) or "http://x")


@pytest.mark.parametrize(
    ("text", "length", "beginning"),
    [
        ("A short line.", 40, "A short line."),
        ("Two\n\nparagraphs", 40, "Two paragraphs"),
        ("The ferry, which was late, left", 20, "The ferry, which…"),
        ("The ferry, which was late, left", 11, "The ferry…"),
        ("x" * 50, 10, "xxxxxxxxx…"),
        ("旧市街の港が三年ぶりに再開した", 8, "旧市街の港が三…"),
        ("", 10, ""),
    ],
)
def test_the_first_words_are_cut_between_words(text, length, beginning):
    assert words.first_words(text, length) == beginning


@given(st.text(max_size=300), st.integers(min_value=2, max_value=60))
def test_first_words_keep_to_one_line_of_their_length(text, length):
    beginning = words.first_words(text, length)
    assert len(beginning) <= length
    assert len(beginning.splitlines()) <= 1
