"""Whether a feed's own content is the whole article."""

import pytest

from ingest.core.extract.full_text import needs_page
from ingest.model import Enclosure, Entry, FeedSpec, FullText

URL = "https://amble.example.com/a"
SENTENCE = "The ferries stay in port and the mail goes over the ridge by sledge today. "
PARAGRAPH = f"<p>{SENTENCE * 8}</p>"
WHOLE = PARAGRAPH * 2
SIGNATURE = "<p>The post <a href='/a'>Ice</a> appeared first on <a href='/'>Amble News</a>.</p>"


def feed(full_text: FullText = "auto") -> FeedSpec:
    return FeedSpec(url="https://amble.example.com/feed", name="amble", full_text=full_text)


@pytest.mark.parametrize(
    "content",
    [
        WHOLE,
        WHOLE + SIGNATURE,
        f"{SENTENCE * 8}<br><br>{SENTENCE * 8}",
        "<p>" + "港の鐘が三十年ぶりに鳴った。" * 25 + "</p><p>" + "漁師は網を置いた。" * 20 + "</p>",
    ],
)
def test_a_feed_that_gives_the_whole_article_is_enough(content: str) -> None:
    assert needs_page(feed(), Entry(url=URL, summary="Ice.", content=content)) == (
        False,
        "the feed's own content is the whole article",
    )


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (Entry(summary=SENTENCE * 30), "the feed gives no content"),
        (Entry(content=f"<p>{SENTENCE}</p>" * 2), "the feed's content is short (30 words)"),
        (Entry(content=f"<p>{SENTENCE * 20}</p>"), "the feed's content is a single paragraph"),
        (Entry(content=WHOLE + "<p>And then…</p>"), "the feed's content breaks off"),
        (Entry(content=WHOLE + "<p>And then [...]</p>"), "the feed's content breaks off"),
        (Entry(content=WHOLE + "<p>And then [&#8230;]</p>" + SIGNATURE), "the feed's content breaks off"),
        (Entry(content=WHOLE + "<a href='/a'>Read more</a>"), "the feed's content breaks off"),
        (Entry(content=WHOLE + "<a href='/a'>Weiterlesen &rarr;</a>"), "the feed's content breaks off"),
        (Entry(content=WHOLE + "<a href='/a'>Continue reading Ice at Amble News</a>"), "the feed's content breaks off"),
        (Entry(content=WHOLE, summary=SENTENCE * 15), "the feed's content is hardly longer than its summary"),
        (Entry(enclosures=(Enclosure(url=f"{URL}.mp3"),)), "the feed gives no content"),
    ],
)
def test_the_page_is_needed_where_the_feed_may_give_less(entry: Entry, why: str) -> None:
    assert needs_page(feed(), entry.model_copy(update={"url": URL})) == (True, why)


def test_a_text_of_points_is_judged_by_its_end_alone() -> None:
    points = "." * 200_000  # to be looked through from each of them would take minutes
    assert needs_page(feed(), Entry(url=URL, content=f"{WHOLE}<p>{points}a</p>"))[0] is False


@pytest.mark.parametrize(("full_text", "needed"), [("always", True), ("never", False)])
def test_a_setting_decides_whatever_the_feed_gives(full_text: FullText, needed: bool) -> None:
    assert needs_page(feed(full_text), Entry(url=URL, content=WHOLE))[0] is needed
    assert needs_page(feed(full_text), Entry(url=URL))[0] is needed


@pytest.mark.parametrize("full_text", ["auto", "always", "never"])
def test_an_entry_without_a_link_never_needs_a_page(full_text: FullText) -> None:
    assert needs_page(feed(full_text), Entry(summary="Ice.")) == (False, "the entry has no link")
