"""The heading that is the page's headline, told from headings of the site and of boxes by its likeness to the title."""

from collections.abc import Iterable
from itertools import islice

from lxml.html import HtmlElement

from ingest.core.extract.page import Page
from ingest.core.extract.text import bare
from ingest.core.extract.title import likeness
from ingest.core.plain import fold

_HEADINGS_AT_MOST = 20
_PIECES_CUT = 5


def titles(page: Page) -> tuple[str, ...]:
    """What the page calls itself in its head."""
    return tuple(filter(None, (page.title, page.meta("og:title"))))


def main_heading(page: Page) -> HtmlElement | None:
    """The first-level heading that is most like the page's titles."""
    found = list(islice(page.tree.iter("h1"), _HEADINGS_AT_MOST))
    if len(found) < 2:
        return next(iter(found), None)
    known = titles(page)
    return max(found, key=lambda one: max((likeness(fold(one.text_content()), title) for title in known), default=0))


def without_kicker(heading: HtmlElement, known: Iterable[str]) -> str:
    """The text of a heading; without its first or last elements where the rest is one of these titles."""
    pieces = [text for piece in heading.itertext() if (text := fold(piece))]
    titles = set(map(bare, known))
    cuts = range(1, min(len(pieces), _PIECES_CUT))
    parts = (part for cut in cuts for part in (pieces[cut:], pieces[:-cut]))
    return next((text for part in parts if bare(text := " ".join(part)) in titles), fold(heading.text_content()))
