"""Sitemaps, read: as XML and as text, compressed, damaged, hostile."""

import gzip
import zlib
from contextlib import suppress

import pytest
from answers import answer
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.parse import sitemap
from ingest.core.parse.sitemap import MAX_NAMED, Listed, Sitemap, named_in_robots, read_sitemap
from ingest.errors import ParseError

URL = "https://example.org/sitemap.xml"


def read(body: bytes | str) -> Sitemap:
    return read_sitemap(answer(body, url=URL))


def urls(body: bytes | str) -> list[str]:
    return [page.url for page in read(body).pages]


def test_addresses_are_read_with_their_last_change() -> None:
    (page,) = read(
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>\n https://example.org/a?x=1&amp;y=2 \n</loc><lastmod>2024-01-17T10:00:00+02:00</lastmod>"
        "<priority>0.5</priority></url></urlset>"
    ).pages
    assert page.url == "https://example.org/a?x=1&y=2"
    assert page.changed is not None
    assert page.changed.isoformat() == "2024-01-17T08:00:00+00:00"


@pytest.mark.parametrize("lastmod", ["", "2024", "2024-01", "yesterday", "2999-01-01", "0000-00-00"])
def test_a_last_change_that_tells_no_day_is_none(lastmod: str) -> None:
    (page,) = read(f"<urlset><url><loc>/a</loc><lastmod>{lastmod}</lastmod></url></urlset>").pages
    assert page == Listed("https://example.org/a")


def test_an_index_names_other_sitemaps() -> None:
    index = read(
        "<sitemapindex><sitemap><loc>/a.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>"
    )
    assert [one.url for one in index.maps] == ["https://example.org/a.xml", "https://example.org/b.xml"]
    assert index.pages == ()


def test_a_text_is_read_line_by_line() -> None:
    assert urls("\ufeffhttps://example.org/a\r\n\r\nhttps://example.org/b\n") == [
        "https://example.org/a",
        "https://example.org/b",
    ]


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        ("", "empty"),
        ("Not found", "plain text"),
        ("<!doctype html><html><title>Gone", "an HTML page"),
        ("<rss version='2.0'><channel/></rss>", "XML of another kind"),
        (b"\x1f\x8bno", "gzip"),
        (b"%PDF-1.4", "a PDF file"),
    ],
)
def test_what_is_no_sitemap_is_an_error_that_says_what_it_looks_like(body: bytes | str, looks_like: str) -> None:
    with pytest.raises(ParseError, match=looks_like):
        read(body)


def test_compressed_sitemaps_are_read_also_in_several_parts_or_cut_off() -> None:
    body = "<urlset>" + "".join(f"<url><loc>/{number}</loc></url>" for number in range(2000)) + "</urlset>"
    packed = gzip.compress(body.encode())
    assert len(urls(packed)) == 2000
    assert len(urls(gzip.compress(body[:30000].encode()) + gzip.compress(body[30000:].encode()))) == 2000
    assert 0 < len(urls(packed[: len(packed) // 2])) < 2000


def test_a_compressed_sitemap_is_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_BYTES", 10_000)
    bomb = gzip.compress(b"<urlset><url><loc>/a</loc></url>" + b" " * 1_000_000 + b"<url><loc>/b</loc></url></urlset>")
    assert urls(bomb) == ["https://example.org/a"]


def test_no_more_addresses_are_taken_than_the_protocol_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MAX_ADDRESSES", 10)
    assert len(urls("<urlset>" + "".join(f"<url><loc>/{number}</loc></url>" for number in range(99)))) == 10
    assert len(urls("\n".join(f"https://example.org/{number}" for number in range(99)))) == 10


@pytest.mark.parametrize(
    "body",
    [
        "<urlset><url><loc>/a?x=1&y=2</loc></url></urlset>",
        "<urlset><url><loc>/a?x=1&amp;y=2</loc></url><url><loc>/",
        "<urlset><url><loc><![CDATA[/a?x=1&y=2]]></loc></url></urlset>",
        "<ns0:urlset xmlns:ns0='urn:other'><ns0:url><ns0:loc>/a?x=1&amp;y=2</ns0:loc></ns0:url></ns0:urlset>",
        "<urlset><url><loc>/a?x=1&amp;y=2</loc><x:url xmlns:x='urn:x'><x:b/></x:url></url></urlset>",
        "<!-- made by <urlmaker> --><urlset><url><loc>/a?x=1&amp;y=2</loc></url></urlset>",
    ],
)
def test_damage_and_oddities_leave_the_addresses(body: str) -> None:
    assert urls(body)[:1] == ["https://example.org/a?x=1&y=2"]


def test_entities_and_files_are_never_followed() -> None:
    body = """<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
        <urlset><url><loc>/x&b;&f;y</loc></url><url><loc>/z</loc></url></urlset>"""
    found = urls(body)
    assert "https://example.org/z" in found
    assert all("aaaa" not in url and "root" not in url for url in found)


def test_addresses_of_other_schemes_are_left_out_and_repeated_ones_are_one() -> None:
    assert urls(
        "<urlset><url><loc>javascript:a()</loc></url><url><loc>/a</loc></url><url><loc>/a</loc></url></urlset>"
    ) == ["https://example.org/a"]


def test_robots_txt_names_sitemaps() -> None:
    robots = answer(
        "# Sitemap: https://example.org/no.xml\nUser-agent: *\nDisallow: /x\nSITEMAP : https://example.org/a.xml # one"
        "\n  sitemap:/b.xml\nSitemap:\nSitemap: https://example.org/a.xml\n",
        url="https://example.org/robots.txt",
    )
    assert named_in_robots(robots) == ("https://example.org/a.xml", "https://example.org/b.xml")
    many = "".join(f"Sitemap: /{number}.xml\n" for number in range(500))
    assert len(named_in_robots(answer(many))) == MAX_NAMED


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<urlset><url><loc>{text}".encode()))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    for packed in (body, b"\x1f\x8b" + body, zlib.compress(body, wbits=31)):
        with suppress(ParseError):
            read(packed)
