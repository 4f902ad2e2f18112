"""The authors whom a page shows without declaring them."""

import pytest
from html_pages import BODY, ld, page, response

from ingest.core.extract import extract_page
from ingest.core.extract.byline import byline
from ingest.model import Entry


@pytest.mark.parametrize(
    ("lines", "authors"),
    [
        ("<p class='byline'>By Ada Brine</p>", ("Ada Brine",)),
        ("<div class='post-author'>Author: Ada Brine, 3 May</div>", ("Ada Brine",)),
        ("<p class='byline'>Ada Brine and Tom Reed</p>", ("Ada Brine", "Tom Reed")),
        ("<ul><li class='author'>Ada Brine</li><li class='author'>Tom Reed</li></ul>", ("Ada Brine", "Tom Reed")),
        ("<span class='author-name'>Ada Brine<br>Updated 3 May</span>", ("Ada Brine",)),
        ("<a href='/author/brine'>View all posts by Ada Brine</a>", ("Ada Brine",)),
        ("<a href='/author/brine'>brine</a>", ("brine",)),
        ("<span>By</span> <span>Ada Brine</span>", ("Ada Brine",)),
        ("<span>Von Ada Brine</span>", ("Ada Brine",)),
        (f"<p>{'A standfirst of one long sentence. ' * 5}</p><span>By Ada Brine</span>", ("Ada Brine",)),
        ("<span class='author'>松岡大地</span>", ("松岡大地",)),
    ],
)
def test_a_byline_is_read_beside_the_headline(lines: str, authors: tuple[str, ...]) -> None:
    assert byline(page(body=f"<h1>Ice</h1>{lines}{BODY}")) == authors


@pytest.mark.parametrize(
    "lines",
    [
        "<div class='comment'><span class='author'>Ada Brine</span></div>",
        "<aside><span class='author'>Ada Brine</span></aside>",
        "<div class='related'><a href='/author/brine'>Ada Brine</a></div>",
        "<div class='author'>About the author</div>",
        "<div class='author'>Share</div>",
        "<span class='byline'>3 May 2025</span>",
        "<span>By noon</span>",
        "",
    ],
)
def test_commenters_teasers_and_labels_are_no_authors(lines: str) -> None:
    assert byline(page(body=f"<h1>Ice</h1>{lines}{BODY}")) == ()


@pytest.mark.parametrize(
    ("declared", "authors"), [("Tom Reed", ("Tom Reed",)), ("Amble News", ("Ada Brine",)), ("", ("Ada Brine",))]
)
def test_a_byline_speaks_where_nobody_or_only_the_site_is_declared(declared: str, authors: tuple[str, ...]) -> None:
    head = "<meta property='og:site_name' content='Amble News'>"
    head += ld(f'{{"@type": "NewsArticle", "author": "{declared}"}}')
    article = extract_page(response(head, f"<h1>Ice</h1><p class='byline'>By Ada Brine</p>{BODY}"), Entry())
    assert article.authors == authors
