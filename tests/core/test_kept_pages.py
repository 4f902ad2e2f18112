"""A kept page, read again, and how what changed is counted and said."""

import zlib

import pytest
from fakes import START

from ingest.core.reprocess import differences, plus, read_kept, told
from ingest.model import Difference, Entry, Feed, Hashtag, KeptPage, Reprocessed, SiteRules, Story, Tally

SENTENCE = "The ferry left the quay at dawn, and everybody waved until it was out of sight behind the long pier."
BODY = "".join(f"<p>{SENTENCE.replace('ferry', boat)}</p>" for boat in ("ferry", "barge", "cutter", "dinghy"))
HEAD = "<html lang='en'><head><title>Seen | Example</title></head>"
PAGE = f"{HEAD}<body><article><h1>Seen</h1>{BODY}</article></body></html>"
ENTRY = Entry(guid="1", url="https://example.com/1?utm_source=rss", title="Seen", categories=("Harbour",))


def kept(**more: object) -> KeptPage:
    usual = {
        "story_id": "01J",
        "url": "https://example.com/1",
        "feed": Feed(id=1, name="example", url="https://example.com/rss", tags=("coast",)),
        "entry": ENTRY,
        "fetched_at": START,
        "type": "text/html; charset=utf-8",
        "body": zlib.compress(PAGE.encode()),
    }
    return KeptPage.model_validate(usual | more)


def test_a_kept_page_is_read_with_its_entry_and_its_feed_at_the_address_that_answered() -> None:
    draft = read_kept(kept())
    assert not isinstance(draft, str)
    assert (draft.article.title, draft.article.url) == ("Seen", "https://example.com/1")
    assert {("Harbour", "category"), ("coast", "feed")} <= {(one.tag, one.source) for one in draft.hashtags}


def test_the_page_itself_does_not_travel_back() -> None:
    draft = read_kept(kept())
    assert not isinstance(draft, str)
    assert draft.raw == b""


NOT_READ = {
    "its entry cannot be read": kept(entry=None),
    "the page says nothing (empty)": kept(body=zlib.compress(b"<html>"), url=None, entry=Entry(guid="1")),
}


@pytest.mark.parametrize(("why", "page"), NOT_READ.items())
def test_why_a_page_gives_no_draft_is_said(why: str, page: KeptPage) -> None:
    assert read_kept(page) == why


def story(**changes: object) -> Story:
    plain = Story(
        id="01J",
        seq=1,
        url="https://example.com/1",
        title="Seen",
        text=SENTENCE,
        summary="",
        authors=(),
        site="",
        language="en",
        published_at=START,
        published_date=START.date(),
        modified_at=None,
        first_seen_at=START,
        image=None,
        hashtags=(Hashtag(tag="Seen", source="headline"),),
        version=1,
        cluster="01J",
        duplicate_of=None,
        sightings=(),
        publisher="example.com",
        source="page",
        note="",
        methods={},
    )
    return plain.model_copy(update=changes)


SEEN = {
    "nothing": ({}, []),
    "what a reader sees": ({"title": "Heard", "hashtags": ()}, ["title", "hashtags"]),
    "less than a second": ({"published_at": START.replace(microsecond=7)}, []),
    "what no reader sees": ({"methods": {"title": "heading"}, "note": "odd", "publisher": "other.example"}, []),
    "what no page gives": ({"seq": 9, "version": 2, "cluster": "01K", "duplicate_of": "01K"}, []),
}


@pytest.mark.parametrize(("changes", "fields"), SEEN.values(), ids=SEEN.keys())
def test_a_difference_is_what_a_reader_of_the_story_sees(changes: dict[str, object], fields: list[str]) -> None:
    assert [one.field for one in differences(story(), story(**changes))] == fields


SAID = [
    (Difference(field="title", before="", after="Heard"), "title: none → Heard"),
    (Difference(field="image", before="https://a", after=None), "image: https://a → none"),
    (Difference(field="text", before="one two", after="one"), "text: 2 words → 1; +one, -one two"),
    (
        Difference(field="hashtags", before=[], after=[{"tag": "Rain", "source": "headline"}]),
        "hashtags: +#Rain (headline)",
    ),
    (Difference(field="authors", before=["Ada"], after=["Ada", "Ben"]), "authors: +Ben"),
    (Difference(field="authors", before=["Ada", "Ben"], after=["Ben", "Ada"]), "authors: another order"),
    (
        Difference(field="authors", before=[], after=["Ada", "Ben", "Cy", "Di", "Ed", "Flo"]),
        "authors: +Ada, +Ben, +Cy, +Di and 2 more",
    ),
    (Difference(field="summary", before="x" * 200, after="a\nb"), f"summary: {'x' * 79}… → a b"),
]


@pytest.mark.parametrize(("difference", "line"), SAID)
def test_a_difference_is_said_on_one_line(difference: Difference, line: str) -> None:
    assert told(difference) == line


def test_a_tally_counts_stories_fields_versions_moves_and_reasons() -> None:
    title = Difference(field="title", before="a", after="b")
    results = [
        Reprocessed(story_id="1", differences=(title,), is_version=True, moved=2),
        Reprocessed(story_id="2", differences=(title,), entered=True),
        Reprocessed(story_id="3", moved=1),
        Reprocessed(story_id="4", failed="why not"),
    ]
    tally = Tally()
    for one in results:
        tally = plus(tally, one)
    assert tally == Tally(read=4, changed=2, fields={"title": 2}, versions=1, moved=3, entered=1, failed={"why not": 1})


def test_an_article_of_several_pages_keeps_its_text_since_only_the_first_page_is_kept() -> None:
    whole = f"{SENTENCE}\n\nIt came back in the evening, with everybody on board."
    draft = read_kept(kept(pages=2, text=whole, note="an article of 2 pages"))
    assert not isinstance(draft, str)
    assert (draft.article.text, draft.pages, draft.note) == (whole, 2, "an article of 2 pages")
    assert (draft.article.title, draft.source) == ("Seen", "page")


@pytest.mark.parametrize(("dropped", "is_there"), [((), True), ((".odd",), False)])
def test_the_rules_of_a_site_are_heeded(dropped: tuple[str, ...], is_there: bool) -> None:
    odd = f"<p class='odd'>{SENTENCE.replace('ferry', 'balloon')}</p>"
    page = kept(body=zlib.compress(PAGE.replace("</article>", f"{odd}</article>").encode()))
    draft = read_kept(page, SiteRules(drop=dropped))
    assert not isinstance(draft, str)
    assert ("balloon" in draft.article.text) is is_there
