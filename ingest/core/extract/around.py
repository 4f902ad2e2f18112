"""The texts around the headline, where a reader looks for the date and the author."""

from collections.abc import Iterator
from itertools import islice

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from ingest.core.plain import fold

_PARAGRAPH = 120
"""Characters from which on a piece of text is no line but a paragraph."""
_DECKS = 1
"""Paragraphs that may stand between the headline and its lines; what follows the next one is the article."""
_LEVELS = 4
"""Ancestors of the headline whose children may stand above it; further up is the head of the site."""
_WHOLE = frozenset({"article", "main", "body"})
_HIDDEN = frozenset({"script", "style", "noscript", "template", "svg"})


def below(headline: HtmlElement, at_most: int) -> Iterator[str]:
    """The lines that follow the headline, the nearest first, as far as the article's text."""
    return _lines(_following(headline), at_most)


def above(headline: HtmlElement, at_most: int) -> Iterator[str]:
    """The lines before the headline within its own part of the page, the nearest first."""
    return _lines(_preceding(headline), at_most)


def _lines(texts: Iterator[str], at_most: int) -> Iterator[str]:
    paragraphs = 0
    for text in islice(filter(None, map(fold, texts)), at_most):
        paragraphs += len(text) >= _PARAGRAPH
        if paragraphs > _DECKS:
            return
        yield text


def _following(element: HtmlElement) -> Iterator[str]:
    for ancestor in (element, *element.iterancestors()):
        yield ancestor.tail or ""
        for sibling in ancestor.itersiblings():
            yield from _texts(sibling)
            yield sibling.tail or ""


def _preceding(element: HtmlElement) -> Iterator[str]:
    for ancestor in islice((element, *element.iterancestors()), _LEVELS):
        if ancestor.tag in _WHOLE:
            return
        for sibling in ancestor.itersiblings(preceding=True):
            yield sibling.tail or ""
            yield from reversed(list(_texts(sibling)))
        parent = ancestor.getparent()
        yield (parent.text or "") if parent is not None else ""


def _texts(element: HtmlElement) -> Iterator[str]:
    walk = iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if event == "end":
            yield (inner.tail or "") if inner is not element else ""
        elif inner.tag in _HIDDEN or not isinstance(inner.tag, str):
            walk.skip_subtree()
        else:
            yield inner.text or ""
