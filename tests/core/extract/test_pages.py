"""Pages to articles: golden pairs beside their expected text, and what pages do that say nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.extract import extract_entry, extract_page
from ingest.core.extract.decode import decode
from ingest.core.extract.full_text import needs_page
from ingest.model import Enclosure, Entry, FeedSpec, Moment, Response

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
PARAGRAPHS = [
    (
        "The harbour of Port Amble froze on Thursday for the first time since records began, and by noon half of the "
        "town was walking where the ferries usually turn, some of them with prams and one with a cello."
    ),
    (
        "“Nobody has ever stood here before“, said the harbour master, who praised “a certain calm” among the crews, "
        "and who ordered soup for everybody. The ice was eleven centimetres thick at the outer mole."
    ),
    "What happens next",
    (
        "The weather office expects a thaw by Sunday. Until then the ferries stay in port, the mail goes over the "
        "ridge by sledge, and the school has moved its sports day to the inner basin."
    ),
]
JSON_LD = (
    '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle", '
    '"headline": "Harbour freezes over", "datePublished": "2024-01-19T23:30:00-05:00", '
    '"author": [{"@type": "Person", "name": "Ada Brine"}], "keywords": ["Ice", "Harbour"], '
    '"publisher": {"@type": "Organization", "name": "Amble News"}}</script>'
)


def page(body: str, head: str = "", url: str = "https://amble.example.com/a", kind: str = "text/html") -> Response:
    html = f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    return Response(
        url=url, final_url=url, status=200, headers={"content-type": kind}, body=html.encode(), fetched_at=NOW
    )


def article_body() -> str:
    blocks = [f"<h2>{text}</h2>" if text == "What happens next" else f"<p>{text}</p>" for text in PARAGRAPHS]
    return (
        "<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav>"
        f"<main><article><h1>Harbour freezes over</h1>{''.join(blocks)}</article></main>"
        "<aside><h3>Related</h3><ul><li><a href='/b'>Bridge closed for the day</a></li></ul></aside>"
        "<footer>© Amble News. All rights reserved.</footer>"
    )


TITLE = "<title>Harbour freezes over | Amble News</title>"


@pytest.mark.parametrize(
    "head",
    [
        TITLE + JSON_LD,
        TITLE + "<meta property='og:site_name' content='Amble News'>"
        "<meta property='article:published_time' content='2024-01-19T23:30:00-05:00'>",
    ],
)
def test_an_article_gives_its_text_to_the_byte_its_title_and_the_day_of_its_own_zone(head: str) -> None:
    article = extract_page(page(article_body(), head), Entry())
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.title == "Harbour freezes over"
    assert article.published == Moment(at=dt.datetime(2024, 1, 20, 4, 30, tzinfo=dt.UTC), day=dt.date(2024, 1, 19))
    assert (article.site, article.language, article.problem) == ("Amble News", "en", "")


def test_what_json_ld_declares_is_taken_and_named() -> None:
    article = extract_page(page(article_body(), TITLE + JSON_LD), Entry())
    assert article.authors == ("Ada Brine",)
    assert article.categories == ("Ice", "Harbour")
    assert article.methods["published"] == "json-ld"


def test_the_feed_speaks_where_the_page_is_silent() -> None:
    told = Moment(at=dt.datetime(2024, 1, 18, tzinfo=dt.UTC), day=dt.date(2024, 1, 18))
    article = extract_page(page(article_body(), TITLE), Entry(published=told, categories=("Weather",)))
    assert article.published == told
    assert article.categories == ("Weather",)


def test_no_date_is_made_up() -> None:
    assert extract_page(page(article_body(), TITLE), Entry()).published is None


@pytest.mark.parametrize(
    ("head", "body", "problem"),
    [
        ("<title>Just a moment...</title>", "<p>Checking your browser before accessing the site.</p>", "bot-wall"),
        ("<title>Page not found</title>", "<h1>404</h1><p>This page could not be found.</p>", "soft-404"),
        ("<title>Before you continue</title>", "<p>We value your privacy. Accept all cookies?</p>", "consent"),
        ("", "", "empty"),
    ],
)
def test_pages_that_say_nothing_are_named(head: str, body: str, problem: str) -> None:
    assert extract_page(page(body, head), Entry()).problem == problem


@given(st.binary(max_size=400))
def test_no_bytes_can_raise(body: bytes) -> None:
    answer = page("").model_copy(update={"body": body})
    extract_page(answer, Entry()).text.encode()


def test_the_feeds_own_content_becomes_an_article() -> None:
    entry = Entry(url="https://amble.example.com/a", title="Ice", content="<p>One.</p><p>Two.</p>", authors=("Ada",))
    article = extract_entry(entry)
    assert (article.title, article.text, article.authors) == ("Ice", "One.\n\nTwo.", ("Ada",))


FULL = "".join(f"<p>{text}</p>" for text in PARAGRAPHS * 3)


@pytest.mark.parametrize(
    ("full_text", "entry", "needed"),
    [
        ("always", Entry(url="https://a.example/", content=FULL), True),
        ("never", Entry(url="https://a.example/"), False),
        ("auto", Entry(content="<p>Short.</p>"), False),
        ("auto", Entry(url="https://a.example/", summary="Short."), True),
        ("auto", Entry(url="https://a.example/", content=FULL), False),
        ("auto", Entry(url="https://a.example/", content=FULL + "<p>And then… Read more</p>"), True),
        ("auto", Entry(url="https://a.example/", enclosures=(Enclosure(url="https://a.example/a.mp3"),)), True),
    ],
)
def test_the_page_is_fetched_unless_the_feed_gives_the_whole_article(
    full_text: str, entry: Entry, needed: bool
) -> None:
    feed = FeedSpec.model_validate({"url": "https://a.example/feed", "name": "a", "full_text": full_text})
    decided, why = needs_page(feed, entry)
    assert decided is needed
    assert why


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("né à Oslo".encode(), "text/html; charset=utf-8", "né à Oslo"),
        ("né à Oslo".encode("latin-1"), "text/html; charset=iso-8859-1", "né à Oslo"),
        (b"\xef\xbb\xbf" + "né".encode(), "text/html; charset=iso-8859-1", "né"),
        (b"<meta charset=windows-1251>" + "Осло".encode("cp1251"), "text/html", "<meta charset=windows-1251>Осло"),
        ("“né”".encode("cp1252"), "text/html; charset=latin1", "“né”"),
    ],
)
def test_bytes_are_decoded_by_what_they_declare(body: bytes, kind: str, text: str) -> None:
    assert decode(body, kind)[0] == text
