"""Feeds of every format to Documents: golden pairs, the rules of each field, and what can never happen."""

import json
from contextlib import suppress
from pathlib import Path

import feedparser
import pytest
from answers import answer, atom, rss
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.core.parse import parse
from ingest.core.parse.fields import MAX_ENTRIES
from ingest.errors import ParseError
from ingest.model import Document, Entry, Response

GOLDEN = Path(__file__).parents[2] / "golden" / "parse"
FEEDS = sorted(path for path in GOLDEN.iterdir() if not path.name.endswith(".expected.json"))


def only(response: Response) -> Entry:
    (entry,) = parse(response).entries
    return entry


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_a_feed_of_each_format_becomes_the_expected_document(path: Path) -> None:
    expected = path.with_name(f"{path.name}.expected.json").read_text()
    assert parse(answer(path.read_bytes())).model_dump(mode="json", exclude_defaults=True) == json.loads(expected)


# Which format


@pytest.mark.parametrize(
    "content_type", ["", "text/html", "application/json", "application/octet-stream", "text/plain; charset=nonsense"]
)
def test_the_body_decides_and_not_the_content_type(content_type: str) -> None:
    assert parse(answer('<rss version="2.0"><channel><item/></channel></rss>', content_type)).format == "rss20"


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (b"", "but empty"),
        (b" \n\t ", "but empty"),
        (b"<!doctype html><html><body>Hello</body></html>", "but an HTML page, which names no feed"),
        (
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head></html>',
            "but an HTML page (it names a feed at https://example.org/rss)",
        ),
        (b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "but a sitemap"),
        (b"<sitemapindex/>", "but a sitemap index"),
        (b"<opml version='2.0'/>", "but an OPML list of feeds"),
        (b"<?xml version='1.0'?><x:invoice xmlns:x='u'/>", "root is <invoice>"),
        (b'{"type": "FeatureCollection"}', "JSON but no JSON Feed"),
        (b"{not json", "begins like JSON and is none"),
        (b'{"a":' + b"[" * 100_000, "nested too deeply"),
        (b"[1, 2]", "but JSON, though no JSON Feed"),
        (b"%PDF-1.7 ...", "but a PDF file"),
        (b"\x1f\x8b\x08...", "but a gzip file"),
        (b"Service unavailable", "but plain text or binary data"),
        (b"<channel><nothing/></channel>", "begins like a feed but is none"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(body: bytes, looks_like: str) -> None:
    with pytest.raises(ParseError) as refusal:
        parse(answer(body))
    assert looks_like in str(refusal.value)
    assert "\n" not in str(refusal.value)


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "windows-1251", "koi8-r"])
def test_a_feed_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>Лёд</title></channel></rss>'
    assert parse(answer(text.encode(encoding))).title == "Лёд"


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "us-ascii", "punycode", "no-such-thing"])
def test_utf8_is_read_as_utf8_whatever_the_header_says(charset: str) -> None:
    body = '<rss version="2.0"><channel><title>Eisflächen – „Möwe“</title></channel></rss>'
    assert parse(answer(body, f"text/xml; charset={charset}")).title == "Eisflächen – „Möwe“"


def test_the_header_outweighs_the_declaration() -> None:
    body = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Лёд</title></channel></rss>'
    assert parse(answer(body.encode("koi8-r"), "text/xml; charset=koi8-r")).title == "Лёд"


def test_a_broken_byte_costs_one_character() -> None:
    body = '<rss version="2.0"><channel><title>Ледоход на реке#</title></channel></rss>'.encode()
    assert parse(answer(body.replace(b"#", b"\xff"))).title == "Ледоход на реке\ufffd"


# Damage and malice


def test_damage_is_reported_with_its_line() -> None:
    document = parse(answer('\n\n<rss version="2.0">\n<channel>\n<title>A</titel>\n<item/></channel></rss>'))
    assert document.warnings == ("not well-formed at line 5: mismatched tag",)


@pytest.mark.parametrize(
    ("items", "titles"),
    [
        ('[{"title": "A"}, {"title": "B"}, {"tit', ["A", "B"]),
        ('[{"title": "A"}, {"title": "B"},]}', ["A", "B"]),
        ('[{"title": "A"}, {"title": "\\x"}, {"title": "B"}]}', ["A"]),
        ('[{"title": "A"}]} and more', ["A"]),
        ('[{"title": "A"}, ' + "[" * 100_000, ["A"]),
    ],
)
def test_a_damaged_json_feed_gives_what_stands_before_the_damage(items: str, titles: list[str]) -> None:
    document = parse(answer(f'{{"version": "https://jsonfeed.org/version/1.1", "items": {items}'))
    assert [entry.title for entry in document.entries] == titles
    assert document.warnings[0].startswith("not well-formed")


def test_a_line_feed_within_a_text_does_no_harm_to_json() -> None:
    body = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "A\n\tB"}]}'
    assert (only(answer(body)).title, parse(answer(body)).warnings) == ("A B", ())


def test_a_module_that_feedparser_stumbles_over_costs_no_entries() -> None:
    psc = 'xmlns:psc="http://podlove.org/simple-chapters"'
    chapters = '<psc:chapters><psc:chapter start="soon" title="x"/></psc:chapters>'
    assert [entry.title for entry in parse(rss(f"<item><title>A</title>{chapters}</item>", psc)).entries] == ["A"]


def test_undeclared_entities_and_bare_ampersands_are_mended() -> None:
    entry = only(rss("<item><title>Caf&eacute; & Bar &unknown; &#xFFFFFFFF;</title><link>/?a=1&b=2</link></item>"))
    assert (entry.title, entry.url) == ("Café & Bar &unknown;", "https://example.org/?a=1&b=2")


def test_no_entity_reads_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    doctype = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    assert "hidden" not in only(answer(f'{doctype}<rss version="2.0"><item><title>&x;</title></item></rss>')).title


LEVELS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{LEVELS}]>'


def test_a_short_entity_is_honoured_whatever_its_name() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY em-dash.long "&#8212;">]>'
    item = "<item><title>A&em-dash.long;B</title></item>"
    assert only(answer(f'{doctype}<rss version="2.0">{item}</rss>')).title == "A—B"


def test_entities_do_not_grow_and_are_warned_of() -> None:
    document = parse(answer(f'{LAUGHS}<rss version="2.0"><channel><item><title>&a9;</title></item></channel></rss>'))
    assert len(document.entries[0].title) < 100
    assert "references to entities that the document declares were refused: 1" in document.warnings


# Without entries


@pytest.mark.parametrize(
    "body",
    [
        "<rss version='2.0'><channel><title>A</title></channel></rss>",
        "<rss version='2.0'><channel><title>A & B</title></channel></rss>",
        "Warning: no such table\n<rss version='2.0'><channel><title>A</title></channel></rss>",
        f"{LAUGHS}<rss version='2.0'><channel><title>A</title></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' href='/atom'/></feed>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        '{"version": "https://jsonfeed.org/version/1.1"}',
    ],
)
def test_a_feed_that_has_none_is_an_empty_document(body: str) -> None:
    assert parse(answer(body)).entries == ()


NESTED = "<a>" * 300
QUOTING = "<a b='/>'>" * 300
LONG = "all-of.the.items-of-this-paper-of-ours"
CHANNEL = "<rss version='2.0'><channel><title>A</title>"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            f"{LAUGHS}<rss version='2.0'><channel><title>&a9;</title></channel></rss>",
            "it refers to entities of its own",
        ),
        (f"{CHANNEL}{NESTED}", "its elements are nested 302 deep"),
        (f"{CHANNEL}{NESTED}{'</a>' * 300}</channel></rss>", "its elements are nested 302 deep"),
        (f"{CHANNEL}{QUOTING}{'</a>' * 300}</channel></rss>", "its elements are nested 302 deep"),
        (f"{CHANNEL}<descr", "it is not well-formed at line 1"),
        (f"{CHANNEL}<p>Out of <b>memory</p>", "it is not well-formed at line 1: mismatched tag"),
        ("<rss version='2.0'>So many words.</rss>", "it has neither a title nor a link"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [1, 2]}', "what its `items` holds are none"),
        (f"<!DOCTYPE rss [<!ENTITY {LONG} SYSTEM 'x'>]>{CHANNEL}&{LONG};</channel></rss>", "it refers to entities"),
        ('{"version": "https://jsonfeed.org/version/1", "items": null}', "what its `items` holds are none"),
        ('{"version": "https://jsonfeed.org/version/1", "items": {}}', "what its `items` holds are none"),
        ('{"version": "https://jsonfeed.org/version/1", "items": ""}', "what its `items` holds are none"),
        ('{"version": "https://jsonfeed.org/version/1", "items": [1, {"a', "not well-formed"),
    ],
    ids=lambda text: text[:40],
)
def test_a_document_that_may_have_some_is_refused_with_the_reason_that_none_could_be_read(body: str, why: str) -> None:
    with pytest.raises(ParseError, match=f"but no entries could be read: {why}"):
        parse(answer(body))


@pytest.mark.parametrize(
    "aside",
    [
        "<![CDATA[" + "<b>" * 300 + "]]>",
        "<!--" + "<b>" * 300 + "-->",
        "<?php " + "<b>" * 300 + "?>",
        "<br/>" * 300,
        "<br alt='1 > 0'/>" * 300,
        '<br alt="1 > 0"/>' * 300,
    ],
)
def test_what_is_no_element_or_ends_at_once_is_not_nested(aside: str) -> None:
    body = f"{CHANNEL}<description>{aside}</description></channel></rss>"
    assert parse(answer(body)).title == "A"


def test_a_body_that_is_the_name_of_a_file_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_text('<rss version="2.0"><channel><item/></channel></rss>')
    with pytest.raises(ParseError):
        parse(answer(str(path)))


def test_deep_nesting_is_survived() -> None:
    nested = "<div>" * 5_000 + "deep" + "</div>" * 5_000
    assert only(atom(f'<entry><content type="xhtml">{nested}</content></entry>')).content.count("deep") == 1


@pytest.mark.parametrize("closed", ["", "</div>" * 20_000])
def test_a_document_nested_beyond_all_reason_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch, closed: str
) -> None:
    monkeypatch.setattr(feedparser, "parse", None)
    with pytest.raises(ParseError, match=r"is not read: its elements are nested 20,00[0-9] deep"):
        parse(atom(f'<entry><content type="xhtml">{"<div>" * 20_000}{closed}</content></entry>'))


def test_a_long_document_that_is_flat_is_read() -> None:
    assert len(parse(rss("".join(f"<item><title>{n}</title></item>" for n in range(4_000)))).entries) == 4_000


def test_entries_beyond_the_cap_are_left_out_with_a_warning() -> None:
    document = parse(rss("".join(f"<item><title>{n}</title></item>" for n in range(MAX_ENTRIES + 2))))
    assert len(document.entries) == MAX_ENTRIES
    assert document.warnings == (f"only the first {MAX_ENTRIES} of {MAX_ENTRIES + 2} entries were taken",)


def storable(document: Document) -> bool:
    text = document.model_dump_json()
    return "\\u0000" not in text and bool(text.encode())


@given(st.binary(max_size=400))
def test_any_bytes_are_a_feed_or_refused(body: bytes) -> None:
    with suppress(ParseError):
        assert storable(parse(answer(body)))


FRAGMENTS = (
    "<item> </item> <entry> < > & &#xFFFFFFFF; &#0; <![CDATA[ ]]> \" ' \x00 <links/> <authors> <tags> "
    "</image> <svg> <category/> </category> <media:rating/> </media:credit> <language> <author> </name> "
    "<source> </license> \ud800 \ufffe"
).split()


@settings(max_examples=150)
@given(
    st.sampled_from(FEEDS),
    st.lists(st.tuples(st.integers(0, 2500), st.integers(0, 30), st.sampled_from(FRAGMENTS)), max_size=6),
)
def test_a_mutilated_feed_is_read_or_refused(path: Path, cuts: list[tuple[int, int, str]]) -> None:
    body = path.read_bytes()
    for position, length, fragment in cuts:
        body = body[:position] + fragment.encode("utf-8", "surrogatepass") + body[position + length :]
    with suppress(ParseError):
        assert storable(parse(answer(body)))
