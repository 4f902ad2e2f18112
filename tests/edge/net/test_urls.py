"""Which URLs can be asked, and how they go out."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from ingest.edge.net.urls import join_url, parse_url, place
from ingest.errors import FetchError

GOOD = [
    ("https://example.org", "https://example.org"),
    (" https://example.org/a\n", "https://example.org/a"),
    ("https://example.org/a\tb", "https://example.org/ab"),
    ("https://example.org/a#part", "https://example.org/a"),
    ("https://example.org/%7Ea/%2f?q=%41&r=a+b|c", "https://example.org/%7Ea/%2f?q=%41&r=a+b|c"),
    ("https://example.org/a b", "https://example.org/a%20b"),
    ("https://example.org/ä?q=ö", "https://example.org/%C3%A4?q=%C3%B6"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://my_blog.example.org:8443/", "https://my_blog.example.org:8443/"),
    ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
    ("HTTPS://Example.ORG:8443/A?B=c", "https://example.org:8443/A?B=c"),
    ("http://[2001:DB8::A]/", "http://[2001:db8::a]/"),
    ("https://xn--ls8h.example/", "https://xn--ls8h.example/"),
    ("https://xn--a.example/", "https://xn--a.example/"),
]
BAD = [
    "",
    "example.org/feed",
    "//example.org/",
    "ftp://example.org/",
    "javascript:alert(1)",
    "data:text/html,hi",
    "http://",
    "http:///path",
    "http://exa mple.org/",
    "http://exa<mple.org/",
    "http://127%2e0.0.1/",
    "http://[fe80::1%25eth0]/",
    "http://[1:2:3]/",
    "http://example.org:port/",
    "http://user@example.org/",
    "http://user:secret@example.org/",
    "http://user:secret@exam\u2100ple.org/",
    "http://user:secret@example.org:port/",
    "http://example.org@evil.example/",
    "http://example.org\\@evil.example/",
]


@pytest.mark.parametrize(("text", "asked"), GOOD)
def test_a_url_goes_out_as_browsers_send_it(text: str, asked: str) -> None:
    assert str(parse_url(text)) == asked


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_asked_is_refused(text: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse_url(text)
    assert caught.value.kind == "bad-url"
    assert "secret" not in str(caught.value)


@given(st.text())
def test_any_text_is_a_url_or_refused(text: str) -> None:
    with contextlib.suppress(FetchError):
        assert parse_url("http://" + text).scheme == "http"


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("/x", "https://example.org/x"),
        ("x", "https://example.org/a/x"),
        ("?page=2", "https://example.org/a/b?page=2"),
        ("//other.example/x", "https://other.example/x"),
        (" http://other.example/ ", "http://other.example/"),
        ("/ä ö", "https://example.org/%C3%A4%20%C3%B6"),
    ],
)
def test_a_location_is_read_from_where_it_stands(target: str, asked: str) -> None:
    assert str(join_url(parse_url("https://example.org/a/b"), target)) == asked


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/key?token=1", "example.org"),
        ("https://example.org:8443/", "example.org:8443"),
        ("http://[::1]:80/", "[::1]:80"),
    ],
)
def test_messages_show_the_host_alone(url: str, shown: str) -> None:
    assert place(URL(url, encoded=True)) == shown
