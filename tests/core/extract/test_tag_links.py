"""The tags that a page shows as links."""

import pytest
from html_pages import BODY, page, response

from ingest.core.extract import extract_page
from ingest.core.extract.tag_links import tag_links
from ingest.model import Entry


@pytest.mark.parametrize(
    "links",
    [
        "<div><a href='/tag/ice'>Ice</a> <a href='/tag/mail'>Mail</a></div>",
        "<ul><li><a href='https://example.com/thema/ice'>#Ice</a></li><li><a href='/thema/mail'>Mail</a></li></ul>",
        "<ul class='article-tags'><li><a href='/ice'>Ice</a></li><li><a href='/mail'>Mail</a></li></ul>",
        "<nav class='tags'><a href='/ice'>Ice</a>, <a href='/mail'>Mail,</a><a href='/ice'>Ice</a></nav>",
    ],
)
def test_links_to_pages_of_tags_and_lists_of_tags_are_tags(links: str) -> None:
    assert tag_links(page(body=BODY + links)) == ("Ice", "Mail")


@pytest.mark.parametrize(
    "links",
    [
        "<p>The <a href='/tag/ice'>ice</a> is thick.</p>",
        "<aside><a href='/tag/ice'>Ice</a></aside>",
        "<div class='related'><a href='/tag/ice'>Ice</a></div>",
        "<div class='stage'><a href='/ice'>Ice</a></div>",
        "<div>" + "".join(f"<a href='/tag/{n}'>Tag {n}</a>" for n in range(40)) + "</div>",
        "<a href='/tag/'>Ice</a>",
    ],
    ids=["in the text", "aside", "teasers", "another word", "an index of the site", "no tag"],
)
def test_other_links_are_no_tags(links: str) -> None:
    assert tag_links(page(body=BODY + links)) == ()


def test_links_of_many_steps_are_read_in_no_time() -> None:
    address = "/tag/" + "a/" * 50_000 + "?"
    assert tag_links(page(body=f"{BODY}<div><a href='{address}'>Ice</a></div>")) == ()


@pytest.mark.parametrize(
    ("head", "categories"),
    [
        ("", ("Ice",)),
        ("<meta name='keywords' content='news, sport'>", ("Ice",)),
        ("<meta name='keywords' content='ice, mail'>", ("Ice", "mail")),
        ("<meta property='article:tag' content='Sledge'>", ("Sledge",)),
        ("<meta name='example:tags' content='Sledge'>", ("Sledge",)),
    ],
    ids=["alone", "bait", "keywords that go on", "declared", "a meta of its own"],
)
def test_shown_tags_serve_where_none_are_declared(head: str, categories: tuple[str, ...]) -> None:
    body = f"{BODY}<div><a href='/tag/ice'>Ice</a></div>"
    assert extract_page(response(head, body), Entry()).categories == categories
