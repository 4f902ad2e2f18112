"""Pages and entries to articles: golden pairs, whose word counts for a field, and what can never happen."""

import json
from pathlib import Path

import pytest
from html_pages import BODY, PARAGRAPHS, TEXT, answer, day, ld, response, told
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.core.extract import extract_entry, extract_page
from ingest.core.extract.page import Page
from ingest.model import Article, Entry

GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "extract").glob("*.html"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.name)
def test_a_page_of_each_style_becomes_the_expected_article(path: Path) -> None:
    expected = path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8")
    article = extract_page(answer(path.read_bytes(), f"https://news.example.org/news/{path.stem}"), Entry())
    assert article.model_dump(mode="json", exclude_defaults=True) == json.loads(expected)


# Whose word counts


def test_the_feed_speaks_where_the_page_is_silent() -> None:
    entry = Entry(title="Ice", authors=("Ada Brine",), summary="It froze.", image="https://amble.example.com/i.jpg")
    article = extract_page(response(), entry)
    assert (article.title, article.authors, article.summary) == ("Ice", ("Ada Brine",), "It froze.")
    assert article.image == "https://amble.example.com/i.jpg"
    assert article.methods["title"] == article.methods["authors"] == "feed"


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("", "2026-02-10"),
        (ld('{"@type": "NewsArticle", "datePublished": "2025-11-01"}'), "2025-11-01"),
        ("<meta property='article:published_time' content='2025-11-01T08:00:00Z'>", "2025-11-01"),
        ("<meta name='date' content='2026-02-09'>", "2026-02-09"),
        ("<meta name='date' content='2020-01-01'>", "2026-02-10"),
        (ld('{"@type": "NewsArticle", "datePublished": "2031-01-01"}'), "2026-02-10"),
    ],
    ids=["silent", "json-ld", "open-graph", "weak but near", "weak and far", "not yet"],
)
def test_a_feeds_date_gives_way_to_a_page_that_declares_another(head: str, published: str) -> None:
    assert day(extract_page(response(head), told("2026-02-10T09:00:00+00:00"))) == published


@pytest.mark.parametrize(
    ("body", "published"),
    [
        (f"<h1>Ice</h1><div>January 19, 2024</div>{BODY}", "2024-01-19"),
        (f"<h1>Ice</h1><div>Updated January 19, 2024</div>{BODY}", ""),
        (f"<h1>Ice</h1>{BODY}<p>Last winter's ice of January 19, 2024</p>", ""),
        (f"<h1>Ice</h1><p>On January 19, 2024 it froze.</p>{BODY}", ""),
    ],
    ids=["a line of its own", "a change", "below the text", "a sentence"],
)
def test_a_date_is_read_from_the_line_above_the_text_and_never_made_up(body: str, published: str) -> None:
    assert day(extract_page(response(body=body), Entry())) == published


def test_a_change_is_told_apart_from_the_publication() -> None:
    stated = '{"@type": "NewsArticle", "datePublished": "2026-01-01", "dateModified": "2026-01-03"}'
    article = extract_page(response(ld(stated)), Entry())
    assert day(article) == "2026-01-01"
    assert article.modified is not None
    assert article.modified.day.isoformat() == "2026-01-03"


@pytest.mark.parametrize(
    ("published", "modified", "believed"),
    [
        ("2026-01-02T08:00:00Z", "2026-01-01T08:00:00Z", ""),
        ("2026-01-02T08:00:00Z", "2026-01-02T07:00:00Z", ""),
        ("2026-01-02T08:00:00Z", "2026-01-02T08:00:00Z", "2026-01-02"),
        ("2026-01-02", "2026-01-02T01:00:00+02:00", "2026-01-02"),
    ],
    ids=["the day before", "an hour before", "at once", "on a day of another zone"],
)
def test_a_change_before_the_publication_is_not_believed(published: str, modified: str, believed: str) -> None:
    stated = f'{{"@type": "NewsArticle", "datePublished": "{published}", "dateModified": "{modified}"}}'
    change = extract_page(response(ld(stated)), Entry()).modified
    assert (change.day.isoformat() if change else "") == believed


def test_a_change_in_the_feed_before_the_publication_is_not_believed() -> None:
    entry = told("2026-02-10T09:00:00+00:00")
    entry = entry.model_copy(update={"content": BODY, "updated": told("2026-02-09T09:00:00+00:00").published})
    assert extract_entry(entry).modified is extract_page(response(), entry).modified is None


@pytest.mark.parametrize(
    ("modified", "published"),
    [("2026-01-22T19:00:00Z", "2026-01-22"), ("2026-02-11", "2026-02-10"), ("", "2026-02-10")],
)
def test_a_feeds_date_after_a_pages_own_change_is_none_of_the_publication(modified: str, published: str) -> None:
    head = f"<meta name='date' content='2026-01-22T18:00:00Z'><meta name='last-modified' content='{modified}'>"
    assert day(extract_page(response(head), told("2026-02-10T09:00:00+00:00"))) == published


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        ('"Ada Brine"', ("Ada Brine",)),
        ('{"name": "By Ada Brine and Tom Reed"}', ("Ada Brine", "Tom Reed")),
        ('[{"name": "Ada Brine"}, {"name": "ada@example.com"}, {"name": "https://x.example/ada"}]', ("Ada Brine",)),
        ('"José Ortega y Gasset"', ("José Ortega y Gasset",)),
        ('"Ana Pérez y Luis Gómez"', ("Ana Pérez", "Luis Gómez")),
        ('"Von der Alm, Gerda"', ("Von der Alm, Gerda",)),
        ('"Di Stefano"', ("Di Stefano",)),
        ('"Ada Brine, Jr."', ("Ada Brine, Jr.",)),
        ('"Ada Brine | Staff reporter"', ("Ada Brine",)),
        ('"Amble staff reporter"', ("Amble staff reporter",)),
        ('"Ada Brine, Tom Reed and Dr. Ana Pérez-Gil in New York"', ("Ada Brine", "Tom Reed", "Dr. Ana Pérez-Gil")),
        ('"Women in Cork"', ("Women in Cork",)),
        ('["admin", "Webmaster", "user1"]', ("user1",)),
        ('[{"name": "Amble News"}, {"name": "Ada Brine"}]', ("Ada Brine",)),
        ('{"name": "Amble News"}', ("Amble News",)),
    ],
)
def test_bylines_become_single_names(stated: str, authors: tuple[str, ...]) -> None:
    described = ld(f'{{"@type": "NewsArticle", "author": {stated}}}')
    site = "<meta property='og:site_name' content='Amble News'>"
    assert extract_page(response(site + described), Entry()).authors == authors


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("<link rel='canonical' href='/news/ice'>", "https://amble.example.com/news/ice"),
        ("<link rel='canonical' href='https://amble.example.com/'>", None),
        ("<link rel='canonical' href='javascript:void(0)'>", None),
        ("<link rel='canonical' href='http://[broken'>", None),
        ("<meta property='og:url' content='https://amble.example.com/b'>", "https://amble.example.com/b"),
        ("<base href='https://www.example.com/x/'><link rel='canonical' href='ice'>", "https://www.example.com/x/ice"),
    ],
)
def test_a_page_names_its_own_address_absolute_and_never_the_home_page(link: str, canonical: str | None) -> None:
    assert extract_page(response(link), Entry()).canonical_url == canonical


@pytest.mark.parametrize(
    ("head", "categories"),
    [
        (ld('{"@type": "NewsArticle", "keywords": "Ice, Harbour"}'), ("Ice", "Harbour", "Winter")),
        (ld('{"@type": "NewsArticle", "keywords": ["Ice, black", "winter"]}'), ("Ice, black", "winter")),
        ("<meta property='article:tag' content='Ice'><meta property='article:tag' content='Mail'>",
         ("Ice", "Mail", "Winter")),
        ("<meta name='news_keywords' content='Ice; Bread &amp;amp; soup'>", ("Ice", "Bread & soup", "Winter")),
        ("<meta name='keywords' content='Ice, Harbour'>", ("Ice", "Harbour", "Winter")),
        ("<meta name='keywords' content='the ice of the harbour of port amble, b'>", ("Winter",)),
        ("<meta property='article:tag' content='Ice'><meta name='keywords' content='news'>", ("Ice", "Winter")),
    ],
)  # fmt: skip
def test_tags_of_the_page_come_before_the_feeds_and_each_once(head: str, categories: tuple[str, ...]) -> None:
    assert extract_page(response(head), Entry(categories=("Winter",))).categories == categories


def test_the_article_of_this_page_is_believed_among_several() -> None:
    other = '{"@type": "NewsArticle", "url": "https://amble.example.com/other", "headline": "Other"}'
    own = '{"@type": "NewsArticle", "url": "https://amble.example.com/news/frozen-harbour", "headline": "Ice"}'
    video = '{"@type": "VideoObject", "name": "A film", "uploadDate": "2019-01-01"}'
    assert extract_page(response(ld(f"[{video}, {other}, {own}]")), Entry()).title == "Ice"


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Ice",}',
        '<!-- {"@type": "NewsArticle", "headline": "Ice"} -->',
        '/*<![CDATA[*/ {"@type": "NewsArticle", "headline": "Ice"} /*]]>*/',
        '{"@type": "NewsArticle", "headline": "\tIce\n"}',
        '{"@type": ["Article", "NewsArticle"], "headline": "Ice"};',
        '{"@graph": [{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Ice"}}]}',
    ],
)
def test_json_ld_is_read_as_publishers_write_it(script: str) -> None:
    assert extract_page(response(ld(script)), Entry()).methods["title"] == "json-ld"


# What can never happen


@pytest.mark.parametrize("reference", ["&#31;", "&#1;", "&#8", "&#11;", "&#12;", "&#0027;", "&#x1F;", "&#xfffe;"])
def test_a_reference_to_a_control_character_costs_no_more_than_itself(reference: str) -> None:
    head = f"<meta name='description' content='It fr{reference}oze.'>"
    article = extract_page(response(head, BODY.replace("froze", f"fr{reference}oze")), Entry())
    assert (article.text, article.summary) == (TEXT, "It froze.")


def test_other_references_are_read_as_browsers_do() -> None:
    body = BODY.replace("froze", "&#102;r&#x6f;ze&#0;&#xd800;&#128;&#x1F9CA;&amp;#31;")
    assert "Port Amble froze\ufffd\ufffd€🧊&#31; on" in extract_page(response(body=body), Entry()).text


def test_nesting_in_what_a_page_declares_costs_no_text() -> None:
    nested = '[{"name":' * 400 + "1" + "}]" * 400
    assert extract_page(response(ld(f'{{"@type": "NewsArticle", "author": {nested}}}')), Entry()).text == TEXT


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<div>" * 300 + BODY, "unreadable: nested too deeply"),
        (
            "<nav>Home News Sport Harbour Weather</nav><p>Frozen.</p>" + "<div>" * 300 + BODY,
            "unreadable: nested too deeply",
        ),
        ("<div>" * 200 + BODY, ""),
        (BODY + "<ul><li>" * 200, ""),
        ("<div>" * 200, "empty"),
    ],
    ids=["around the text", "beside a menu", "not too deep", "below the text", "nothing"],
)
def test_a_page_that_nests_too_deeply_to_be_read_says_so(body: str, problem: str) -> None:
    assert extract_page(response(body=body), Entry()).problem == problem


def test_a_page_that_no_library_can_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(page: Page, text: str, paid: bool) -> str:
        raise AttributeError

    monkeypatch.setattr("ingest.core.extract.verdict", stumble)
    assert extract_page(response(), Entry()).problem == "unreadable: AttributeError"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00" * 1000,
        b"%PDF-1.7 \x93\x8c\x8b",
        b"<!-- only a comment -->",
        b"<?xml version='1.0' encoding='utf-16'?><rss/>",
        b"<html" + b"<" * 5000,
        b"<div>" * 5000 + b"deep",
        b"<html><body>" + b"<table><tr><td>" * 500 + b"deep",
        ld('{"@type": "NewsArticle", "author": ' + "[" * 20_000).encode(),
        ld('{"@type": "NewsArticle", "headline": ' + "9" * 5000 + "}").encode(),
        b"<html><head><title>" + b"Amble | " * 5000 + b"</title></head></html>",
        b"<meta name='author' content='" + b"a, " * 5000 + b"'>",
        b"<html><head>" + b"<meta name='keywords' content='x'>" * 5000,
    ],
)
def test_a_hostile_page_ends_as_an_article_and_not_as_an_exception(body: bytes) -> None:
    assert isinstance(extract_page(answer(body), Entry()), Article)


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise(body: bytes) -> None:
    extract_page(answer(b"<html><body><p>" + body), Entry()).text.encode()


def test_no_field_holds_what_a_database_cannot_take() -> None:
    stated = (
        r'"headline": "I\ud800ce\u0000", "image": "/a\udfffb.jpg", "author": "Ada\u0007 Brine", "keywords": ["\ud83d"]'
    )
    article = extract_page(
        response(ld(f'{{"@type": "NewsArticle", {stated}}}'), f"{BODY}<p>A\x01 line&#3;</p>"), Entry()
    )
    kept = article.model_dump_json()
    assert not set(kept) & {chr(code) for code in (*range(0x20), 0x7F, *range(0xD800, 0xE000))}
    assert article.image == "https://amble.example.com/ab.jpg"
    assert article.title == "Ice"


# Entries


def test_an_entrys_own_content_becomes_an_article() -> None:
    entry = Entry(
        url="https://amble.example.com/a", title="Ice", summary="Short.", content="<p>One.</p><p>Two.</p>",
        authors=("Ada Brine",), categories=("Winter",), language="en-GB", site="Amble Post",
    )  # fmt: skip
    article = extract_entry(entry)
    assert (article.title, article.text, article.summary) == ("Ice", "One.\n\nTwo.", "Short.")
    assert (article.authors, article.categories, article.language) == (("Ada Brine",), ("Winter",), "en")
    assert article.site == "Amble Post"
    assert set(article.methods.values()) == {"feed"}


def test_a_language_that_no_feed_states_is_detected() -> None:
    article = extract_entry(Entry(content=BODY))
    assert (article.language, article.methods["language"]) == ("en", "detection")


def test_an_entry_without_content_gives_its_summary() -> None:
    assert extract_entry(Entry(summary="It froze.")).text == "It froze."


def test_an_entry_with_nothing_to_read_is_named() -> None:
    article = extract_entry(Entry(title="Ice"))
    assert (article.problem, article.methods) == ("empty", {"title": "feed"})


def test_the_signature_of_the_feeds_software_is_no_part_of_the_text() -> None:
    content = f"<p>{PARAGRAPHS[0]}</p><p>The post <a href='/a'>Ice</a> appeared first on <a href='/'>Amble</a>.</p>"
    assert extract_entry(Entry(content=content)).text == PARAGRAPHS[0]


def test_a_page_and_an_entry_with_the_same_paragraphs_have_the_same_text() -> None:
    assert extract_page(response(), Entry()).text == extract_entry(Entry(content=BODY)).text == TEXT
