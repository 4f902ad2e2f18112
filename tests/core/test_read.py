"""One page or one entry to a draft: whose word is kept, and which addresses are believed."""

import datetime as dt
from dataclasses import replace

import pytest

from ingest.core.dedupe.identity import entry_keys
from ingest.core.extract.full_text import needs_page
from ingest.core.read import has_substance, page_problem, read_entry, read_page
from ingest.core.search.tokens import indexed
from ingest.model import Answer, Entry, Feed, Response

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
FEED = Feed(id=7, name="amble", url="https://amble.example.com/feed")
URL = "https://amble.example.com/news/ice"
SENTENCE = "The ferries stay in port and the mail goes over the ridge by sledge today. "
BODY = f"<p>{SENTENCE * 5}</p><p>{SENTENCE * 5}</p>"
ENTRY = Entry(url=URL, title="Harbour freezes over", summary="It froze.", site="Amble Post")
CONSENT = "<p>Before you continue</p><p>We use cookies.</p>"


def page(body: str = BODY, head: str = "", url: str = URL, **known: object) -> Response:
    html = f"<!doctype html><html><head>{head}</head><body><main><article>{body}</article></main></body></html>"
    answered = Response(URL, url, 200, NOW, headers={"content-type": "text/html"}, body=html.encode())
    return replace(answered, **known)  # type: ignore[arg-type]  # the tests know its fields


@pytest.mark.parametrize(
    ("known", "problem"),
    [
        ({}, None),
        ({"status": 404}, (False, "the page answers 404")),
        ({"status": 503}, (True, "the page answers 503")),
        ({"headers": {"content-type": "Application/PDF; x=y"}}, (False, "the page is application/pdf, not text")),
        ({"headers": {}}, None),
        ({"url": "https://amble.example.com/"}, (False, "the page's address leads to the home page")),
    ],
)
def test_an_answer_is_a_page_or_says_why_not(known: dict[str, object], problem: tuple[bool, str] | None) -> None:
    assert page_problem(page(**known)) == problem


def test_a_page_is_known_by_what_led_to_it_and_what_answered_but_by_no_hop_between() -> None:
    hops = ((301, "https://amble.example.com/hop"), (302, "https://amble.example.com/ice-2?utm_source=x"))
    canonical = '<link rel="canonical" href="/canonical">'
    draft = read_page(page(head=canonical, url="https://amble.example.com/ice-2", redirects=hops), FEED, ENTRY)
    assert draft.url_key == "https://amble.example.com/ice-2"
    assert draft.alias_keys == (URL,)
    assert draft.canonical_key == "https://amble.example.com/canonical"


def test_a_draft_is_shown_at_the_address_that_answered_without_what_follows_the_reader() -> None:
    tracked = f"{URL}?b=2&utm_source=rss&a=1#top"
    entry = ENTRY.model_copy(update={"url": tracked})
    drafts = (read_page(page(url=tracked), FEED, entry), read_entry(FEED, entry, ""))
    assert [draft.article.url for draft in drafts] == [f"{URL}?b=2&a=1"] * 2


@pytest.mark.parametrize("link", ["https://elsewhere.example.org/ice", "https://amble.example.com/", URL])
def test_a_canonical_link_to_elsewhere_home_or_itself_is_no_key(link: str) -> None:
    assert read_page(page(head=f'<link rel="canonical" href="{link}">'), FEED, ENTRY).canonical_key is None


def test_a_draft_brings_what_a_search_goes_through() -> None:
    draft = read_page(page(), FEED, ENTRY)
    assert draft.tokens == indexed(draft.article.title, draft.article.text, draft.article.summary)
    assert draft.tokens
    assert draft.tokens.text


def test_what_the_server_said_of_the_page_is_kept_and_what_it_said_to_us_is_not() -> None:
    said = {"etag": '"1"', "set-cookie": "session=secret", "link": "x" * 2_000, "content-type": "text/html"}
    draft = read_page(page(url="https://amble.example.com/ice-2", headers=said), FEED, ENTRY)
    assert draft.answer == Answer(url="https://amble.example.com/ice-2", status=200, at=NOW, headers={"etag": '"1"'})


def test_a_page_that_says_nothing_leaves_the_word_to_the_feed() -> None:
    draft = read_page(page(CONSENT, url="https://consent.example.com/"), FEED, ENTRY)
    assert (draft.source, draft.article.text, draft.note) == ("feed", "It froze.", "the page says nothing (consent)")
    assert (draft.url_key, draft.alias_keys, draft.canonical_key) == (URL, (), None)


def test_the_stub_of_a_paywall_is_kept_where_it_says_more_than_the_feed() -> None:
    paid = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    draft = read_page(page(f"<p>{SENTENCE * 2}</p>", paid), FEED, ENTRY)
    assert (draft.source, draft.article.text, draft.note) == (
        "page",
        (SENTENCE * 2).strip(),
        "the page is a paywall's stub",
    )


def test_the_language_of_the_settings_goes_before_all_others() -> None:
    feed = FEED.model_copy(update={"language": "pt-BR"})
    drafts = (read_page(page(), feed, ENTRY), read_entry(feed, ENTRY.model_copy(update={"content": BODY}), ""))
    assert [(draft.article.language, draft.article.methods["language"]) for draft in drafts] == [("pt", "settings")] * 2


def test_an_entry_without_a_link_has_one_key_whoever_asks() -> None:
    entry = Entry(title="Ice", summary="It froze.")
    assert read_entry(FEED, entry, "").url_key == entry_keys(entry, FEED.id).url_key


@pytest.mark.parametrize("body", [BODY, CONSENT])
def test_the_name_that_only_the_feed_knows_leaves_the_title_and_names_the_site(body: str) -> None:
    entry = ENTRY.model_copy(update={"title": "Harbour freezes over - Amble Post"})
    draft = read_page(page(body, head="<title>Harbour freezes over | The Amble Post</title>"), FEED, entry)
    assert (draft.article.title, draft.article.site) == ("Harbour freezes over", "Amble Post")
    assert draft.article.methods["site"] == "feed"
    assert [tag.tag for tag in draft.hashtags if tag.source == "headline"] == ["Harbour", "freezes"]


def test_the_name_that_the_page_gives_goes_before_the_feeds() -> None:
    draft = read_page(page(head='<meta property="og:site_name" content="The Amble Post">'), FEED, ENTRY)
    assert draft.article.site == "The Amble Post"


def test_a_site_without_a_name_is_its_host() -> None:
    nameless = ENTRY.model_copy(update={"site": ""})
    drafts = (read_page(page(), FEED, nameless), read_entry(FEED, nameless, ""))
    assert [(draft.article.site, draft.article.methods["site"]) for draft in drafts] == [
        ("amble.example.com", "host")
    ] * 2


@pytest.mark.parametrize(
    ("entry", "kept"),
    [
        (Entry(summary="It froze."), True),
        (Entry(title="Ice", url=URL), True),
        (Entry(title="Ice"), False),
        (Entry(url=URL), False),
    ],
)
def test_a_draft_has_substance_with_a_text_or_a_headline_that_leads_somewhere(entry: Entry, kept: bool) -> None:
    assert has_substance(read_entry(FEED, entry, "")) is kept


def test_entries_that_share_a_page_are_known_by_their_ids_and_shown_at_their_fragments() -> None:
    entries = [
        Entry(guid=str(day), url=f"{URL}#day-{day}", summary=f"Ice on day {day}.", shares_page=True) for day in (1, 2)
    ]
    drafts = [read_entry(FEED, entry, "") for entry in entries]
    assert [draft.url_key for draft in drafts] == ["feed:7:1", "feed:7:2"]
    assert [draft.article.url for draft in drafts] == [entry.url for entry in entries]


def test_the_page_that_entries_share_is_not_fetched_for_each() -> None:
    assert not needs_page(FEED, ENTRY.model_copy(update={"shares_page": True}))[0]


def test_key_phrases_of_the_text_are_hashtags_only_where_that_is_asked() -> None:
    entry = ENTRY.model_copy(
        update={"content": "<p>" + "It was Ada Quill who said that it was to be so. " * 9 + "</p>"}
    )
    drafts = [
        *(read_entry(FEED, entry, "", asked) for asked in (False, True)),
        *(read_page(page(entry.content), FEED, ENTRY, body_tags=asked) for asked in (False, True)),
    ]
    assert ["body" in {tag.source for tag in draft.hashtags} for draft in drafts] == [False, True, False, True]
