"""What belongs to the site is no text, by whatever name; what only looks like it is."""

import pytest
from html_pages import BODY, NOW, PARAGRAPHS, TEXT, page

from ingest.core.extract.text import NO_RULES, extract_text

LONG = "Whoever reads this far has found a second story, of which the first one knows nothing at all, not even its end."
COMMENT = f"<p>{LONG} Thank you for the soup, I shall write again.</p>"


def text_of(body: str) -> str:
    return extract_text(page(body=body), "", (), NO_RULES, NOW)[0]


def within(box: str) -> str:
    """The body with a box after its first paragraph."""
    first, *rest = PARAGRAPHS
    return f"<p>{first}</p>{box}" + "".join(f"<p>{paragraph}</p>" for paragraph in rest)


@pytest.mark.parametrize(
    "box",
    [
        '<div class="social-share"><span>Tell a friend of the ice</span></div>',
        '<div class="c-related-stories"><h3>Other ice</h3><p>Where it froze before, and nobody was asked.</p></div>',
        '<section id="newsletter-signup"><p>Our letter comes every morning, before the post does.</p></section>',
        '<div class="author-bio"><p>Ada Brine has written about harbours since she fell into one.</p></div>',
        '<div class="cookie-notice"><p>We keep what you eat, for as long as you eat it.</p></div>',
        '<div class="ad-slot">Buy more soup</div>',
        '<p class="caption">The harbour, seen from the mole</p>',
        '<figure><img src="/ice.jpg"><figcaption>The harbour, seen from the mole</figcaption></figure>',
        '<div style="display: none"><p>Sign in to see what you see already, in another light.</p></div>',
        '<div aria-hidden="true"><p>Sign in to see what you see already, in another light.</p></div>',
        "<aside><p>The ice in figures: eleven, twelve, and once again eleven.</p></aside>",
        "<nav><p>World, harbour, weather, and all the other places that there are.</p></nav>",
        "<form><p>Write to us what you think of the ice, and of us.</p></form>",
        f'<a href="/other"><h3>Another story</h3><p>{LONG}</p></a>',
        '<ul><li><a href="/a">The ferry that stayed</a></li><li><a href="/b">The mail by sledge</a></li></ul>',
        '<p><a href="/a"><b>READ MORE: The ferry that stayed</b></a></p>',
        '<p><strong>Read more: <a href="/a">The ferry that stayed</a></strong></p>',
        '<p>Czytaj też: <a href="/a">The ferry that stayed</a></p>',
        '<div><strong>MORE ON THIS STORY</strong><ul><li><a href="/a">The ferry stayed</a></li></ul></div>',
        "<p>© 2026 The Amble Post</p>",
    ],
)
def test_what_belongs_to_the_site_is_no_text(box: str) -> None:
    assert text_of(within(box)) == TEXT


@pytest.mark.parametrize(
    ("box", "block"),
    [
        (f"<figure><blockquote>{LONG}</blockquote></figure>", LONG),
        ('<p>The <a href="/ice">ice</a> is thick.</p>', "The ice is thick."),
        ('<p>Source: <a href="/ice">The harbour master</a></p>', "Source: The harbour master"),
        ('<p>Ice: <a href="/ice">thick</a></p>', "Ice: thick"),
        ('<p>She said: <a href="/ice">it is thick</a>, and left.</p>', "She said: it is thick, and left."),
        ('<h2><a href="#thaw">When it thaws</a></h2>', "When it thaws"),
        ('<blockquote class="twitter-tweet"><p>I stood on it.</p></blockquote>', "I stood on it."),
        ("<table><tr><th>Day</th><td>cm</td></tr></table>", "Day cm"),
        ("<pre>ice = 11</pre>", "ice = 11"),
    ],
)
def test_what_only_looks_like_it_stays(box: str, block: str) -> None:
    assert text_of(within(box)).split("\n\n")[1] == block


def test_links_with_a_label_each_of_their_own_are_what_the_article_is_about() -> None:
    rows = [f"The thickest ice of the {place}: The mole of Amble" for place in ("north", "south", "west")]
    boxes = "".join(f"<p>{row.replace(': ', ': <a href=/a>')}</a></p>" for row in rows)
    assert text_of(within(boxes)).split("\n\n")[1:4] == rows


@pytest.mark.parametrize("ending", ["<h3>Related</h3>", "<h3>Related</h3><ul><li><a href='/a'>The ferry</a></li></ul>"])
def test_a_heading_that_heads_nothing_at_the_end_is_no_text(ending: str) -> None:
    assert text_of(within("<h2>Ice</h2>") + f"<h2>More</h2>{ending}") == text_of(within("<h2>Ice</h2>"))


@pytest.mark.parametrize("name", ["sidebar-grid__content", "share-enabled", "page hidden", "related-wrapper"])
def test_a_name_does_not_take_the_article_away(name: str) -> None:
    assert text_of(f'<div class="{name}">{BODY}</div>') == TEXT


def test_the_parts_of_an_article_stay_though_each_goes_by_a_deceiving_name() -> None:
    parts = "".join(f'<div class="sidebar-part"><p>{paragraph}</p></div>' for paragraph in PARAGRAPHS)
    assert text_of(parts) == TEXT


def test_readers_comments_are_no_text_though_they_are_longer() -> None:
    assert text_of(f'{BODY}<div class="comments">{COMMENT * 20}</div>') == TEXT


def test_a_second_article_below_is_not_taken_for_the_first() -> None:
    second = f"<article><h1>Thaw</h1>{COMMENT * 9}</article>"
    assert text_of(f"<article><h1>Ice</h1>{BODY}</article>{second}") == TEXT


def test_a_column_of_other_stories_beside_the_article_is_left_out() -> None:
    column = "".join(f"<div>Story {number}, {LONG[:60]}</div>" for number in range(3))
    assert text_of(f"<div><div>{BODY}</div><div>{column}</div></div>") == TEXT


@pytest.mark.parametrize("names", [("part-1", "part-2"), ("body", "body")])
def test_a_text_that_is_parted_into_boxes_stays_together(names: tuple[str, str]) -> None:
    first, second = (f'<div class="{name}">{block}</div>' for name, block in zip(names, (BODY, COMMENT), strict=True))
    assert text_of(f"{first}<div>Advertisement</div>{second}").startswith(f"{TEXT}\n\n{LONG}")


def test_the_headline_and_what_stands_above_it_are_no_text() -> None:
    assert text_of(f"<div>Harbour</div><p>Video: the ice</p><h1>It froze</h1>{BODY}") == TEXT


def test_short_lines_above_the_first_paragraph_are_no_text() -> None:
    assert text_of(f"<div>Reading time: four minutes</div><div>Amble Press Agency</div>{BODY}") == TEXT


def test_a_short_first_sentence_is_text() -> None:
    assert text_of(f"<p>It froze.</p>{BODY}") == f"It froze.\n\n{TEXT}"


def test_what_follows_the_article_is_no_text() -> None:
    assert text_of(f"<div><div>{BODY}</div> and a word of the page</div>") == TEXT


def test_a_paragraph_that_the_page_repeats_comes_once() -> None:
    assert text_of(f"{BODY}<div>{BODY}</div>") == TEXT


def test_a_page_whose_text_is_all_links_is_read_by_trafilatura() -> None:
    body = "".join(f'<p><a href="/{place}">{text}</a></p>' for place, text in enumerate(PARAGRAPHS))
    text, method = extract_text(page(body=body), "", (), NO_RULES, NOW)
    assert (text.split(), method) == (TEXT.split(), "trafilatura")
