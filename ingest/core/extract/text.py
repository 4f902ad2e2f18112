"""The text of an article: the blocks of the page's main part, each a paragraph.

1. The main part is found by the mass of its paragraphs (`main_part`), what is no text of it is dropped (`prune`), and
   the rest becomes blocks (`blocks`): a paragraph, a sub-heading, a list item or a quote is one block, and nothing but
   white space changes in it.
2. Where that finds little, a gallery has the captions of its pictures, and for others trafilatura is asked too, which
   knows many odd pages.
3. Where the page declares a text in JSON-LD and far less was found, the declared text serves.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy

from lxml.etree import LxmlError
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from ingest.core.extract.blocks import blocks_of, each_once
from ingest.core.extract.captions import captions
from ingest.core.extract.dateline import is_dateline
from ingest.core.extract.kind import is_live, kind_of
from ingest.core.extract.length import words
from ingest.core.extract.main_part import drop_above_headline, main_part, masses
from ingest.core.extract.page import Page
from ingest.core.extract.prune import prune, prune_links
from ingest.core.extract.sites import ruled
from ingest.core.plain import plain, plain_line
from ingest.model import SiteRules

NO_RULES = SiteRules()
SHORT = 500
"""Characters below which trafilatura is asked."""
LONGER = 1.5
"""How many times longer its text must be."""
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

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")


def extract_text(
    page: Page, declared: str, heads: Iterable[str], rules: SiteRules, now: dt.datetime
) -> tuple[str, str]:
    """The text, its paragraphs parted by one empty line, and the method that gave it; both empty if there is none.

    Args:
        declared: the text that the page states in JSON-LD, if it does.
        heads: what stands above the text and is no part of it: headlines, names of authors.
        rules: what is known of the pages of this site.
        now: as for dates; a line above the text that is a date is no part of it either.
    """
    blocks, method = _found_blocks(page, rules)
    stated = list(_stated_blocks(declared))
    if stated and words(" ".join(stated)) > MUCH_LONGER * words(" ".join(blocks)):
        blocks, method = stated, "json-ld"
    within = without_head(blocks, heads, now, has_lines=is_live(page))
    text = "\n\n".join(without_labels(each_once(within)))
    return text, method if text else ""


def without_head(blocks: Iterable[str], heads: Iterable[str], now: dt.datetime, has_lines: bool) -> Iterator[str]:
    """The blocks from the first on that is neither headline, byline nor date, nor another line of a few words.

    Args:
        has_lines: whether the text may begin with such lines: the time and the headline of a live blog's first post.
    """
    known = {form for head in heads for form in (bare(head), f"by{bare(head)}")}
    given = list(blocks)
    firsts = (place for place, block in enumerate(given[:_HEAD]) if len(block) >= _PARAGRAPH)
    above = 0 if has_lines else next(firsts, 0)
    for place, block in enumerate(given):
        if not (bare(block) in known or is_dateline(block, now) or (place < above and _is_short(block))):
            return iter(given[place:])
    return iter(())


def without_labels(blocks: Iterable[str]) -> Iterator[str]:
    """The blocks without those that belong to the site."""
    return (block for block in blocks if len(block) > _LONGEST_LABEL or not _LABEL.fullmatch(block))


def bare(text: str) -> str:
    """What is compared of a line: its letters and digits without case."""
    return re.sub(r"\W+", "", text.casefold())


def _is_short(block: str) -> bool:
    return len(block) < _LINE and not block.endswith(_SENTENCE_ENDS)


def _found_blocks(page: Page, rules: SiteRules) -> tuple[list[str], str]:
    """The blocks of the page, and what gave them."""
    tree, is_kept, told = ruled(page.tree, rules)
    blocks, method = list(blocks_of(_main_part(tree, is_kept))), "main-part"
    if _length(blocks) < SHORT:
        is_gallery = kind_of(page, " ".join(blocks)) == "gallery"
        if is_gallery and (found := captions(tree)):
            return [*blocks, *found], f"captions{told}"
        others = _trafilaturas(tree, page.url)
        if _length(others) > LONGER * _length(blocks):
            blocks, method = others, "trafilatura"
    return blocks, method + told


def _main_part(tree: HtmlElement, is_kept: bool) -> HtmlElement:
    """A copy of what holds the article (all of a body that rules keep), without what is none of its text."""
    body = tree.find(".//body")
    body = deepcopy(tree if body is None else body)
    prune(body)
    mass = masses(body)
    part = body if is_kept else main_part(body, mass)
    part.tail = None  # what follows the part
    drop_above_headline(part, mass)
    prune_links(part, mass)
    return part


def _trafilaturas(tree: HtmlElement, url: str) -> list[str]:
    try:
        document = bare_extraction(tree, url=url, fast=True, include_comments=False, with_metadata=False)
    except TROUBLE:
        return []
    body = getattr(document, "body", None)
    return [] if body is None else list(blocks_of(body))


def _stated_blocks(declared: str) -> Iterator[str]:
    text = plain(declared) if _MARKUP.search(declared) else declared
    return filter(None, map(plain_line, text.splitlines()))


def _length(blocks: list[str]) -> int:
    return sum(map(len, blocks))


_HEAD = 8
"""Blocks among which the first paragraph is looked for."""
_PARAGRAPH = 100
"""Characters of a block that is a paragraph."""
_LINE = 60
"""Characters of a line above the text: a byline, a source, how long it takes to read."""
_SENTENCE_ENDS = (".", "!", "?", "…", ":", '"', "”", "“", "»", "。", "！", "？", "」", "؟", "।")
_LONGEST_LABEL = 60
_LABEL = re.compile(
    r"""\W*(?:
      advertisement | advert | ad | sponsored(\ content)? | story\ continues\ below(\ advertisement)?
    | article\ continues\ (below|after)\ (this\ )?(ad|advert|advertisement) | continue\ reading(\ the\ main\ story)?
    | scroll\ to\ continue(\ with\ content)? | skip\ advertisement
    | anzeige | werbung | publicité | publicidad | publicidade | pubblicità | advertentie | reclame | reklam[ay]?
    | реклама | 広告 | 广告 | 廣告 | 광고 | إعلان
    | share(\ (this|article|on|via|story)(\ .{1,20})?)? | share\ this\ (article|story|post) | teilen | partager
    | compartir | compartilhar | condividi | delen | поделиться | paylaş | シェア | شارك
    | (©|copyright\b|\(c\)).*
    | (click\ to\ )?(print|e-?mail|copy\ link|facebook|twitter|whatsapp|linkedin|reddit|telegram|pinterest)
    )\W*""",
    re.IGNORECASE | re.VERBOSE,
)
