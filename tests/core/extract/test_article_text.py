"""The text of a page: its blocks, in order, and nothing of the site's own."""

import pytest
from html_pages import BODY, NOW, PARAGRAPHS, TEXT, ld, page, response

from ingest.core.extract import extract_page
from ingest.core.extract.text import NO_RULES, extract_text
from ingest.model import Entry


def text_of(body: str, declared: str = "", heads: tuple[str, ...] = ()) -> str:
    return extract_text(page(body=body), declared, heads, NO_RULES, NOW)[0]


@pytest.mark.parametrize(
    ("block", "paragraphs"),
    [
        ("<h2>What <em>happens</em> next</h2>", ["What happens next"]),
        ("<ul><li>soup,</li><li>more <b>soup</b>.</li></ul>", ["soup,", "more soup."]),
        ("<blockquote><p>First said.</p><p>Then said.</p></blockquote>", ["First said.", "Then said."]),
        ("<p>A   line\n   with <a href='/x'>a link</a>, and a<b>fter</b>.</p>", ["A line with a link, and after."]),
        ("<p>One paragraph here.<br><br>And another here.</p>", ["One paragraph here.", "And another here."]),
        ("<p>One paragraph here.<br> <br/>\n<br>And another.</p>", ["One paragraph here.", "And another."]),
        ("<p>A line of verse<br>and the next</p>", ["A line of verse and the next"]),
        ("<p>“Spelling“ is colour&nbsp;&amp; “honor”; naïve…</p>", ["“Spelling“ is colour & “honor”; naïve…"]),
        ("<p>می‌خواهم 👩‍🔧 repaired it</p>", ["می‌خواهم 👩‍🔧 repaired it"]),
        ("<p>He said: <q>Soup <b>for</b> all</q>, and left.</p>", ["He said: “Soup for all”, and left."]),
        ("<p>He said: <q>“Soup”</q>.</p>", ["He said: “Soup”."]),
        ("<p>„<q>Soup</q>“, he said.</p>", ["„Soup“, he said."]),
        ("<p>Advertisement</p>", []),
        ("<p>Share on Facebook</p>", []),
        ("<script>var x = 'not a text';</script><style>p {}</style>", []),
    ],
)
def test_a_block_becomes_paragraphs(block: str, paragraphs: list[str]) -> None:
    first, *rest = PARAGRAPHS
    html = f"<p>{first}</p>{block}" + "".join(f"<p>{paragraph}</p>" for paragraph in rest)
    assert text_of(html).split("\n\n") == [first, *paragraphs, *rest]


def test_no_line_of_the_head_is_repeated_in_the_text() -> None:
    body = f"<h1>The ice</h1><p>By Ada Brine</p><p>19 January 2024</p>{BODY}"
    assert text_of(body, heads=("The Ice", "Ada Brine")) == TEXT


def test_the_headline_may_come_again_within_the_text() -> None:
    assert text_of(f"{BODY}<p>The ice</p>", heads=("The ice",)) == f"{TEXT}\n\nThe ice"


def test_a_first_sentence_with_a_date_stays() -> None:
    assert text_of(f"<p>It froze on 19 January 2024.</p>{BODY}").startswith("It froze on 19 January 2024.")


@pytest.mark.parametrize("parting", ["\n", "\n\n", "</p><p>"])
def test_a_declared_text_serves_where_the_page_shows_little(parting: str) -> None:
    assert (
        text_of(
            "<p>Read on in our app.</p>",
            declared=f"<p>{parting.join(PARAGRAPHS)}</p>" if "<" in parting else parting.join(PARAGRAPHS),
        )
        == TEXT
    )


def test_a_declared_text_does_not_replace_what_the_page_shows() -> None:
    assert text_of(BODY, declared=f"{PARAGRAPHS[0]} A picture of the harbour.") == TEXT


def test_the_first_post_of_a_live_blog_keeps_its_time_and_headline() -> None:
    posts = "".join(
        f"<section><time>1{n}:40</time><h3>News</h3><p>{text}</p></section>" for n, text in enumerate(PARAGRAPHS)
    )
    head = ld('{"@type": "LiveBlogPosting", "headline": "The ice"}')
    text = extract_page(response(head, f"<h1>The ice</h1>{posts}"), Entry()).text
    assert text.split("\n\n")[:6] == ["10:40", "News", PARAGRAPHS[0], "11:40", "News", PARAGRAPHS[1]]


def test_the_captions_of_a_gallery_are_its_paragraphs() -> None:
    figures = "".join(
        f"<figure><img src='/{n}.jpg'><figcaption>{text}</figcaption></figure>" for n, text in enumerate(PARAGRAPHS)
    )
    head = ld('{"@type": "ImageGallery", "name": "The ice in pictures"}')
    article = extract_page(response(head, f"<h1>The ice in pictures</h1>{figures}"), Entry())
    assert (article.text, article.kind, article.methods["text"]) == (TEXT, "gallery", "captions")


def test_an_article_of_few_words_is_not_made_of_captions() -> None:
    figures = "<figure><figcaption>The mole, seen from the harbour.</figcaption></figure>" * 2
    assert text_of(f"<p>{PARAGRAPHS[0]}</p>{figures}") == PARAGRAPHS[0]


def test_the_method_is_told() -> None:
    assert extract_page(response(), Entry()).methods["text"] == "main-part"
