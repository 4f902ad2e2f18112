"""A saved page tells where it came from, in one of several ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse.saved import address

CANONICAL = '<link rel="canonical" href="https://paper.example/canonical">'
GRAPH = '<meta property="og:url" content="https://paper.example/graph">'
SAVED = "<!-- saved from url=(0030)https://paper.example/saved -->"
BASE = '<base href="https://paper.example/base/page">'


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (CANONICAL, "https://paper.example/canonical"),
        (GRAPH, "https://paper.example/graph"),
        (BASE, "https://paper.example/base/page"),
        (BASE + GRAPH + CANONICAL, "https://paper.example/canonical"),
        (BASE + GRAPH, "https://paper.example/graph"),
        (GRAPH.replace("property", "name"), "https://paper.example/graph"),
        ('<link href="https://paper.example/1" rel="shortlink Canonical">', "https://paper.example/1"),
        (BASE + '<link rel="canonical" href="../1">', "https://paper.example/1"),
        ('<link rel="canonical" href="/1">', ""),
        (
            '<link rel="canonical" href=""><link rel="canonical" href="https://paper.example/2">',
            "https://paper.example/2",
        ),
        ('<link rel="canonical" href="https://paper.example/">' + GRAPH, "https://paper.example/graph"),
        ('<link rel="canonical" href="https://paper.example">', ""),
        ('<link rel="canonical" href="file:///home/a/page.html">' + GRAPH, "https://paper.example/graph"),
        ('<link rel="canonical" href="javascript:alert(1)">', ""),
        ('<link rel="stylesheet" href="https://paper.example/style.css">', ""),
        ("<!-- <link rel='canonical' href='https://paper.example/1'> -->", ""),
        ("", ""),
    ],
)
def test_the_address_of_a_page_is_what_its_publisher_says(head: str, url: str) -> None:
    page = f"<!doctype html><html><head><title>words</title>{head}</head><body><p>words</p></body></html>"
    assert address(page.encode()) == url


@pytest.mark.parametrize(
    ("comment", "url"),
    [
        (SAVED, "https://paper.example/saved"),
        ("<!-- saved from url=(0030)https://paper.example/a%2D%2Db -->", "https://paper.example/a--b"),
        ("<!-- saved from url=(0022)https://paper.example/-->", ""),
        ("<!-- saved from url=(0014)about:internet -->", ""),
        ("<!-- saved from url=(0030)https://paper.example/saved-->", "https://paper.example/saved"),
        (
            "<!--\n Page saved with SingleFile \n url: https://paper.example/single \n saved date: Wed Jan 10 -->",
            "https://paper.example/single",
        ),
    ],
)
def test_the_browser_that_saved_a_page_wrote_down_its_address(comment: str, url: str) -> None:
    assert address(f"<!doctype html>\n{comment}\n<html><body><p>words</p></body></html>".encode()) == url


def test_a_relative_link_is_relative_to_where_the_page_was_saved_from() -> None:
    page = f"<!doctype html>\n{SAVED}\n<html><head><link rel='canonical' href='/1'></head></html>"
    assert address(page.encode()) == "https://paper.example/1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_an_address_is_found_in_any_encoding(encoding: str) -> None:
    assert address(f"<html><head>{CANONICAL}</head><p>schön".encode(encoding)) == "https://paper.example/canonical"


@pytest.mark.parametrize(
    "body",
    [
        b"<!-- saved from url=(" + b"1" * 1_000_000,
        b"<!-- Page saved with SingleFile" + b" " * 1_000_000,
        b"<!--" * 500_000,
        b"<div>" * 300_000,
        b"<link rel=canonical href=" + b"a" * 3_000_000,
    ],
)
def test_a_page_that_was_made_to_be_slow_says_nothing(body: bytes) -> None:
    assert address(body) == ""


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(body: bytes) -> None:
    assert isinstance(address(b"<html><head>" + body), str)
