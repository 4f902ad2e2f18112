"""The text of an article: the blocks of the page that trafilatura takes for its main part, each a paragraph.

1. The fast mode reads every page; the full mode, which also asks other extractors, only those where it found little.
2. The text is built from the tree that trafilatura gives, not from its flattened string, so that a paragraph, a
   sub-heading, a list item or a quote is one block, and nothing but white space changes in it.
3. Where the page declares a text in JSON-LD and far less was found, the declared text serves.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile

from lxml.etree import LxmlError, _Element, iterwalk
from trafilatura import bare_extraction

from ingest.core.extract.dateline import is_dateline
from ingest.core.extract.length import words
from ingest.core.extract.page import PARAGRAPH, Page
from ingest.core.plain import fold, plain, plain_line

SHORT = 1200
"""Characters below which the full mode is tried: on 340 pages of seven sources it mended 7 of the 8 that the fast
mode had misread, at a second extraction for one page in eight."""
LONGER = 1.5
"""How many times longer the full mode's text must be to replace the fast mode's."""
MUCH_LONGER = 2.0
"""How many times longer a declared text must be: it may hold captions, teasers or everything twice."""

TROUBLE = (
    LxmlError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What trafilatura raises on trees that it did not expect (deep nesting, elements without text, odd attributes)."""

_INLINE = frozenset({"hi", "ref", "del", "graphic", "lb"})
_INLINE_IN_PARAGRAPH = frozenset({"quote", "code"})
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


def extract_text(page: Page, declared: str, heads: Iterable[str], now: dt.datetime) -> tuple[str, str]:
    """The text, its paragraphs parted by one empty line, and the method that gave it; both empty if there is none.

    Args:
        declared: the text that the page states in JSON-LD, if it does.
        heads: what stands above the text and is no part of it: headlines, names of authors.
        now: as for dates; a line above the text that is a date is no part of it either.
    """
    blocks, method = _main_blocks(page), "trafilatura"
    stated = list(_stated_blocks(declared))
    if words(" ".join(stated)) > MUCH_LONGER * words(" ".join(blocks)):
        blocks, method = stated, "json-ld"
    text = "\n\n".join(without_furniture(without_head(blocks, heads, now)))
    return text, method if text else ""


def blocks_of(body: _Element) -> Iterator[str]:
    """The blocks of a tree as trafilatura makes it, in their order."""
    run: list[str] = []
    for event, element in iterwalk(body, events=("start", "end")):
        opens = event == "start"
        if _parts(element):
            yield from _flush(run)
        elif element.tag in ("lb", "cell") and opens:
            run.append(PARAGRAPH if _follows_break(element) else " ")
        run.append((element.text if opens else element.tail) or "")
    yield from _flush(run)


def without_head(blocks: Iterable[str], heads: Iterable[str], now: dt.datetime) -> Iterator[str]:
    """The blocks from the first on that is neither headline, byline nor date."""
    known = {form for head in heads for form in (bare(head), f"by{bare(head)}")}
    return dropwhile(lambda block: bare(block) in known or is_dateline(block, now), blocks)


def without_furniture(blocks: Iterable[str]) -> Iterator[str]:
    """The blocks without those that belong to the site."""
    return (block for block in blocks if len(block) > _FURNITURE_LENGTH or not _FURNITURE.fullmatch(block))


def bare(text: str) -> str:
    """What is compared of a line: its letters and digits without case."""
    return re.sub(r"\W+", "", text.casefold())


def _main_blocks(page: Page) -> list[str]:
    fast = _attempt(page, fast=True)
    if _length(fast) >= SHORT:
        return fast
    full = _attempt(page, fast=False)
    return full if _length(full) > LONGER * _length(fast) else fast


def _attempt(page: Page, fast: bool) -> list[str]:
    try:
        document = bare_extraction(page.tree, url=page.url, fast=fast, include_comments=False, with_metadata=False)
    except TROUBLE:
        return []
    body = getattr(document, "body", None)
    return [] if body is None else list(blocks_of(body))


def _stated_blocks(declared: str) -> Iterator[str]:
    text = plain(declared) if _MARKUP.search(declared) else declared
    return filter(None, map(plain_line, text.splitlines()))


def _parts(element: _Element) -> bool:
    """Whether the element parts what is before, in and after it."""
    if element.tag in _INLINE or element.tag == "cell":
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


def _length(blocks: list[str]) -> int:
    return sum(map(len, blocks))


_FURNITURE_LENGTH = 60
_FURNITURE = re.compile(
    r"""\W*(?:
      advertisement | advert | ad | sponsored(\ content)? | story\ continues\ below(\ advertisement)?
    | article\ continues\ (below|after)\ (this\ )?(ad|advert|advertisement) | continue\ reading(\ the\ main\ story)?
    | scroll\ to\ continue(\ with\ content)? | skip\ advertisement
    | anzeige | werbung | publicité | publicidad | publicidade | pubblicità | advertentie | reclame | reklam[ay]?
    | реклама | 広告 | 广告 | 廣告 | 광고 | إعلان
    | share(\ (this|article|on|via|story)(\ .{1,20})?)? | share\ this\ (article|story|post) | teilen | partager
    | compartir | compartilhar | condividi | delen | поделиться | paylaş | シェア | شارك
    | (click\ to\ )?(print|e-?mail|copy\ link|facebook|twitter|whatsapp|linkedin|reddit|telegram|pinterest)
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
