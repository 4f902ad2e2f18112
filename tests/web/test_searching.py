"""The search of the web page, over a real database."""

import pytest
from lxml import html
from shown import Browse, a_stored_story, story

from ingest.core.search.query import parse
from ingest.core.search.snippet import snippet
from ingest.edge.store import SqlStore
from ingest.model import Hit
from ingest.web.pages import Pages

NOW = story().first_seen_at


async def test_a_search_shows_the_stories_that_it_finds_and_marks_what_was_found(
    browse: Browse, store: SqlStore
) -> None:
    for number in (1, 2):
        await a_stored_story(store, number)
    async with browse() as browser:
        answer = await browser.get("/", params={"q": '"paragraph of 2"'})
    page = html.document_fromstring(answer.text)
    assert answer.status_code == 200
    assert [title.text_content() for title in page.xpath("//article/h3")] == ["Title 2"]
    assert page.xpath("//mark/text()") == ["paragraph of 2"]
    assert page.xpath("//input[@name='q']/@value") == ['"paragraph of 2"']
    assert not page.xpath("//meta[@http-equiv='refresh']")


async def test_a_search_that_finds_nothing_says_so(browse: Browse) -> None:
    async with browse() as browser:
        answer = await browser.get("/", params={"q": "zeppelin"})
    assert (answer.status_code, "No story matches." in answer.text) == (200, True)


async def test_a_query_that_cannot_be_read_is_told_beside_the_box(browse: Browse) -> None:
    async with browse() as browser:
        answer = await browser.get("/", params={"q": 'rain "heavy'})
    page = html.document_fromstring(answer.text)
    assert answer.status_code == 400
    assert "open quotation mark at character 6" in page.xpath("string(//p[@role='alert'])")
    assert page.xpath("//input[@name='q']/@value") == ['rain "heavy']


@pytest.mark.parametrize("query", ["", " "])
async def test_an_empty_box_leads_to_the_first_page(browse: Browse, store: SqlStore, query: str) -> None:
    await a_stored_story(store)
    async with browse() as browser:
        answer = await browser.get("/", params={"q": query})
    page = html.document_fromstring(answer.text)
    assert page.xpath("//h2/text()")[0] == "Latest stories"
    assert page.xpath("//form[@role='search']/@action") == ["/"]


def test_what_is_shown_of_query_and_story_stays_text(pages: Pages) -> None:
    hostile = story(title="<script>a</script> rain", text="<script>b</script> rain <img src=x>")
    hit = Hit(story=hostile, rank=0, snippet=snippet(hostile.text, parse('"b script" rain')))
    shown = pages.search('"><script>c</script>', [hit], 30, NOW)
    assert "<script" not in shown
    assert "<img" not in shown
    assert html.document_fromstring(shown).xpath("//mark/text()") == ["b</script", "rain"]


async def test_who_asks_for_too_much_is_told_so_whoever_they_are(
    browse: Browse, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store._searchers, "_most", 0)
    async with browse(host="0.0.0.0", token="t" * 32, public_read=True) as browser:
        for path in ("/?q=rain", "/api/v1/stories?q=rain", "/api/v1/stories?lang=en"):
            answer = await browser.get(path, headers={"accept": "application/json"})
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
            assert answer.json()["detail"] == "too many searches are waiting; ask again later"
