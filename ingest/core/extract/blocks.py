"""From a tree to the blocks that a reader sees: a paragraph, a sub-heading, a list item, a quote, a table's row.

Nothing but white space changes in them, and `<q>` becomes the quotation marks that it is shown in. What
was said at length before is not said again: pages hold their text twice for readers who may and may not see all of it,
and repeat a sentence as a pull quote.
"""

from collections.abc import Iterable, Iterator

from lxml.etree import _Element, iterwalk

from ingest.core.extract.page import PARAGRAPH
from ingest.core.plain import fold, quotation_mark

_INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "br", "td", "th", "ruby", "rb", "nobr",
    "hi", "ref", "lb", "cell", "graphic",
})  # fmt: skip
"""Elements that stand in a line of text; at last those that trafilatura makes of them."""
_SPACES = frozenset({"br", "td", "th", "lb", "cell"})
_INLINE_IN_PARAGRAPH = frozenset({"quote", "code"})
_REPEATED = 60
"""Characters from which on a block is not given twice."""


def blocks_of(tree: _Element) -> Iterator[str]:
    """The blocks of a tree, in their order."""
    run: list[str] = []
    for event, element in iterwalk(tree, events=("start", "end")):
        opens = event == "start"
        if _parts(element):
            yield from _flush(run)
        elif opens and element.tag in _SPACES:
            run.append(PARAGRAPH if _follows_break(element) else " ")
        text = (element.text if opens else element.tail) or ""
        if element.tag == "q":
            run.append(quotation_mark(opens, "".join(run[-1:]), text))
        run.append(text)
    yield from _flush(run)


def each_once(blocks: Iterable[str]) -> Iterator[str]:
    """The blocks without long ones that came before."""
    seen: set[str] = set()
    for block in blocks:
        if block not in seen:
            yield block
        if len(block) >= _REPEATED:
            seen.add(block)


def _parts(element: _Element) -> bool:
    """Whether the element parts what is before, in and after it."""
    if element.tag in _INLINE:
        return False
    parent = element.getparent()
    return not (element.tag in _INLINE_IN_PARAGRAPH and parent is not None and parent.tag == "p")


def _follows_break(element: _Element) -> bool:
    previous = element.getprevious()
    return element.tag == "lb" and previous is not None and previous.tag == "lb" and not (previous.tail or "").strip()


def _flush(run: list[str]) -> Iterator[str]:
    """The blocks in a run of text, which is emptied."""
    text = "".join(run)
    run.clear()
    return filter(None, map(fold, text.split(PARAGRAPH)))
