"""Where a page's article lies: the element that holds the mass of its paragraphs, by the page's headline if it can be.

1. Mass is text outside of links, in runs long enough to be of a paragraph: menus, teasers and buttons have none.
2. An article element that holds the headline is believed, so that a second article below it is not; failing that, the
   first article element of some mass.
3. From there the way leads inwards as long as one child holds nearly all of the mass; a text that a page parts into
   several boxes stays together.
"""

import re
from collections import Counter
from functools import reduce

from lxml.html import HtmlElement

from ingest.core.extract.drop import drop

_LONG = 30
"""Characters of a run of text from which on it counts."""
_NEARLY_ALL = 0.7
"""The share of mass of a child that the way leads into: beside it may lie a column of teasers, no half of the text."""
_SOME = 0.25
"""The share of a page's mass from which on an article element may be its article."""
_LITTLE = 0.05
"""The share of mass that may lie in paragraphs beside the child that the way leads into."""

Masses = Counter[HtmlElement]
"""Element → characters of the paragraphs within it."""

_NUMBER = re.compile(r"\d+")
_WHOLE = frozenset({"p", "table", "blockquote", "ul", "ol", "pre"})
"""Elements that are text themselves; no article lies within one."""


def masses(body: HtmlElement) -> Masses:
    """The mass of a tree's elements."""
    found: Masses = Counter()
    for run in body.xpath(f".//text()[string-length() >= {_LONG}][string-length(normalize-space()) >= {_LONG}]"):
        holder = run.getparent().getparent() if run.is_tail else run.getparent()
        line = [holder, *holder.iterancestors()]
        if not any(element.tag == "a" for element in line):
            found.update(dict.fromkeys(line, len(run)))
    return found


def main_part(body: HtmlElement, mass: Masses) -> HtmlElement:
    """The element that holds the article."""
    element = _scope(body, mass)
    while (child := _heaviest(element, mass)) is not None and _leads_on(child, element, mass):
        element = child
    return element


def drop_above_headline(part: HtmlElement, mass: Masses) -> None:
    """Drop the headline and what lies above it, unless that is a good share of the text."""
    headline = next(part.iter("h1"), None)
    if headline is None or headline is part:
        return
    line = [headline, *headline.iterancestors()]
    within = line[: line.index(part)]
    above = [other for element in within for other in element.itersiblings(preceding=True)]
    if sum(mass[other] for other in above) <= _LITTLE * mass[part]:
        drop((*reversed(above), headline))


def _scope(body: HtmlElement, mass: Masses) -> HtmlElement:
    """Where the way inwards begins."""
    least = max(1.0, _SOME * mass[body])
    scopes = [element for element in body.iter("article", "main") if mass[element] >= least]
    if headed := [element for element in scopes if element.find(".//h1") is not None]:
        return reduce(lambda outer, inner: inner if outer in inner.iterancestors() else outer, headed)
    articles = [element for element in scopes if element.tag == "article"]
    return next(iter(articles or scopes), body)


def _heaviest(element: HtmlElement, mass: Masses) -> HtmlElement | None:
    return max((child for child in element if child.tag not in _WHOLE), key=lambda child: mass[child], default=None)


def _leads_on(child: HtmlElement, element: HtmlElement, mass: Masses) -> bool:
    if mass[child] == 0 or mass[child] < _NEARLY_ALL * mass[element]:
        return False
    others = [other for other in element if other is not child]
    beside = sum(mass[other] for other in others if _is_text(other) or _is_alike(other, child))
    return beside < _LITTLE * mass[element]


def _is_alike(element: HtmlElement, other: HtmlElement) -> bool:
    """Whether two boxes are of one kind by their names, numbers apart: the halves of a text that an ad parts."""
    names = [_NUMBER.sub("", box.get("class") or "") for box in (element, other)]
    return element.tag == other.tag and names[0] != "" and names[0] == names[1]


def _is_text(element: HtmlElement) -> bool:
    return element.tag in _WHOLE or any(len((run or "").strip()) >= _LONG for run in (element.text, element.tail))
