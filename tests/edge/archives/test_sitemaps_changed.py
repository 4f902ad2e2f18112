"""Sitemaps that change while another process goes on with a walk: nothing is passed over."""

import pytest
from listed_site import SITE, Walked, Web, walk

from ingest.edge.archives import sitemaps
from ingest.edge.archives.sitemaps import Sitemaps
from ingest.model import Cursor

LISTS = tuple(f"{SITE}{name}-list.xml" for name in "abcd")
URLS = tuple(f"{SITE}world/story-number-{number}-of-many" for number in range(10_000, 10_700))


def listing(tag: str, changed: dict[str, int]) -> str:
    """A list, or an index, of what was changed on these days."""
    whole = {"url": "urlset", "sitemap": "sitemapindex"}[tag]
    rows = (
        f"<{tag}><loc>{url}</loc><lastmod>2024-{1 + day // 28:02d}-{1 + day % 28:02d}</lastmod></{tag}>"
        for url, day in changed.items()
    )
    return f"<{whole}>{''.join(rows)}</{whole}>"


def with_lists() -> Web:
    """An index of four lists of one article each, the last of which is the newest."""
    web = Web({f"{SITE}robots.txt": f"Sitemap: {SITE}index.xml"})
    web.answers[f"{SITE}index.xml"] = listing("sitemap", {url: day for day, url in enumerate(LISTS)})
    web.answers |= {url: listing("url", {URLS[day]: day}) for day, url in enumerate(LISTS)}
    return web


def with_articles() -> Web:
    """One list of seven hundred articles."""
    web = Web({f"{SITE}robots.txt": f"Sitemap: {LISTS[0]}"})
    web.answers[LISTS[0]] = listing("url", dict.fromkeys(URLS, 20))
    return web


async def begun(web: Web, steps: int) -> tuple[Walked, Cursor]:
    """The walk so far, and where the next process goes on."""
    whole = await walk(Sitemaps(web.search()))
    cursor = whole.cursors[steps]
    assert cursor
    web.asked.clear()
    return Walked(whole.steps[:steps]), cursor


async def test_a_sitemap_that_changes_while_nobody_walks_is_walked_all_the_same() -> None:
    web = with_lists()
    first, cursor = await begun(web, 3)
    assert first.urls == [URLS[3]]
    web.answers[f"{SITE}index.xml"] = listing("sitemap", {url: (day, 40)[day == 1] for day, url in enumerate(LISTS)})
    rest = await walk(Sitemaps(web.search()), cursor)
    assert rest.urls == [URLS[1], URLS[2], URLS[0]]
    assert (rest.note, web.most_asked, LISTS[3] in web.asked) == ("5 sitemaps read", 1, False)


async def test_an_article_that_changes_while_nobody_walks_is_found_all_the_same() -> None:
    web = with_articles()
    first, cursor = await begun(web, 2)
    assert len(first.urls) == 300
    web.answers[LISTS[0]] = listing("url", dict.fromkeys(URLS, 20) | {URLS[-1]: 40})
    rest = await walk(Sitemaps(web.search()), cursor)
    assert {*first.urls, *rest.urls} == {*URLS}
    assert rest.note == "1 sitemap read"


async def test_a_list_that_is_as_it_was_goes_on_where_it_was() -> None:
    web = with_articles()
    first, cursor = await begun(web, 2)
    rest = await walk(Sitemaps(web.search()), cursor)
    assert first.urls + rest.urls == [*URLS]


async def test_what_lies_outside_of_a_list_that_changes_is_counted_once() -> None:
    web = with_articles()
    old = {f"{SITE}world/story-number-19000-of-many": 1}
    web.answers[LISTS[0]] = listing("url", dict.fromkeys(URLS, 100) | old)
    search = web.search("2024-03-01")
    step = await Sitemaps(search).step((await Sitemaps(search).step(None)).cursor)
    web.answers[LISTS[0]] = listing("url", dict.fromkeys(URLS[1:], 100) | old)
    assert step.outside + (await walk(Sitemaps(search), step.cursor)).outside == 1


async def test_of_sitemaps_that_no_cursor_holds_most_are_not_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_KNOWN", 2)
    web = with_lists()
    first, cursor = await begun(web, 5)
    assert first.urls == [URLS[3], URLS[2]]
    web.answers[f"{SITE}index.xml"] = listing("sitemap", dict(zip(LISTS, (1, 0, 2, 3), strict=True)))
    rest = await walk(Sitemaps(web.search()), cursor)
    assert rest.urls == [URLS[0], URLS[1]]
