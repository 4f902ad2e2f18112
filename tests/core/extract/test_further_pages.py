"""The next page of an article is told from the next article, and the pages become one text."""

import pytest
from html_pages import page

from ingest.core.extract.pages import joined, next_page

SITE = "https://amble.example.com"


def following(here: str, head: str = "", body: str = "", number: int = 1) -> str:
    read = page(head, f"<p>The harbour froze.</p>{body}", f"{SITE}{here}")
    return next_page(read, number).removeprefix(SITE)


@pytest.mark.parametrize(
    ("here", "link"),
    [
        ("/ice", "/ice?page=2"),
        ("/ice?id=7", "/ice?id=7&page=2"),
        ("/ice/", "/ice/2/"),
        ("/ice", "/ice/page/2"),
        ("/ice.html", "/ice-2.html"),
        ("/ice.html", "/ice_seite-2.html"),
        ("/ice,7.html", "/ice,7-2.html"),
        ("/ice?page=1", "/ice?page=2"),
        ("/ice/page-1", "/ice/page-2"),
        ("/election-2026.html", "/election-2026-2.html"),
        ("/2026/01/ice", "/2026/01/ice/2"),
    ],
)
def test_a_declared_link_to_the_following_number_is_the_next_page(here: str, link: str) -> None:
    assert following(here, f'<link rel="next" href="{link}">') == link


@pytest.mark.parametrize(
    ("here", "link"),
    [
        ("/ice", "/thaw"),
        ("/ice", "/thaw?page=2"),
        ("/ice", "/ice"),
        ("/ice", "/ice?page=3"),
        ("/ice/3", "/ice/2"),
        ("/ice/1", "/ice/2"),
        ("/posts/7", "/posts/8"),
        ("/ice?page=7", "/ice?page=8"),
        ("/briefing/2024/01/19", "/briefing/2024/01/20"),
        ("/briefing/2024/1/1", "/briefing/2024/1/2"),
        ("/weather-2024-01-19", "/weather-2024-01-20"),
        ("/weather-2024-1-1.html", "/weather-2024-1-2.html"),
        ("/ice-11", "/ice-12-thaw"),
        ("/ice", "https://elsewhere.example.org/ice?page=2"),
        ("/ice?id=7", "/ice?id=8&page=2"),
        ("/ice", "/ice#page-2"),
        ("/ice", "javascript:next()"),
        ("/2026/01/ice", "/2026/02/ice"),
    ],
)
def test_any_other_link_is_not(here: str, link: str) -> None:
    assert following(here, f'<link rel="next" href="{link}">') == ""


@pytest.mark.parametrize(
    ("here", "link", "number"),
    [("/ice/2", "/ice/3", 2), ("/ice?page=9", "/ice?page=10", 9), ("/ice-3.html", "/ice-4.html", 3)],
)
def test_a_further_page_leads_on_by_its_own_number(here: str, link: str, number: int) -> None:
    assert following(here, f'<link rel="next" href="{link}">', number=number) == link


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<a rel="next" href="/ice/2">on</a>', "/ice/2"),
        ('<a href="/ice/2">2</a>', "/ice/2"),
        ('<a href="/ice/2"><span>Next page</span> »</a>', "/ice/2"),
        ('<a href="/ice/2">Nächste Seite</a>', "/ice/2"),
        ('<a href="/ice/2">The second ice</a>', ""),
        ('<a href="/thaw">Next</a>', ""),
    ],
)
def test_a_link_that_readers_see_is_followed_by_the_same_rule(link: str, expected: str) -> None:
    assert following("/ice", body=link) == expected


def test_the_last_page_has_no_next_one() -> None:
    assert following("/ice/2", body='<a href="/ice">1</a> <a href="/ice/2">2</a>', number=2) == ""


def test_the_pages_become_one_text_in_which_a_repeated_paragraph_comes_once() -> None:
    texts = ["A lead.\n\nThe first part.", "A lead.\n\nThe second part.", "A lead.", ""]
    assert joined(texts) == "A lead.\n\nThe first part.\n\nThe second part."


def test_what_a_single_page_repeats_itself_stays() -> None:
    assert joined(["Chorus.\n\nVerse.\n\nChorus."]) == "Chorus.\n\nVerse.\n\nChorus."
