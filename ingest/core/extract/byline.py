"""The names that a reader sees as those of the authors, on pages that declare none.

1. What is marked as a byline (a class, a link to an author's page) is taken for one, unless it stands among comments,
   teasers, or the furniture of the site. The first counts, and those beside it.
2. Else the first line near the headline that begins as bylines do: `By Ada Brine`.
3. A name is a few words that begin with capitals, not a label (`Author`, `View all posts by`), without what follows it
   (`Updated`, a role, a date).
"""

import re
from collections.abc import Iterable
from itertools import zip_longest

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.core.extract.around import below
from ingest.core.extract.heading import main_heading
from ingest.core.extract.names import BY, people
from ingest.core.extract.page import Page
from ingest.core.extract.place import is_elsewhere
from ingest.core.plain import fold

_MARKED = XPath(
    """//*[self::a or self::span or self::div or self::p or self::li or self::strong or self::address or self::cite
           or self::h3 or self::h4 or self::h5][
           contains(@class, 'uthor') or contains(@class, 'yline') or contains(@rel, 'author')
           or contains(@itemprop, 'author') or contains(@class, 'creator') or contains(@class, 'autor')
           or contains(@href, '/author') or contains(@href, '/autor') or contains(@href, '?author=')]"""
)
_MARKED_AT_MOST = 60
_LONGEST = 200
_TOGETHER = 3
"""Levels within which further names belong to the first."""
_NEAR = 30
"""Pieces of text around the headline."""


def byline(page: Page) -> tuple[str, ...]:
    """The authors as the page shows them; empty where it shows none."""
    headline = main_heading(page)
    return _marked(page.tree) or (_written(headline) if headline is not None else ())


def _marked(tree: HtmlElement) -> tuple[str, ...]:
    found: list[str] = []
    first: HtmlElement | None = None
    for element in _MARKED(tree)[:_MARKED_AT_MOST]:
        if first is not None and not _are_together(first, element):
            break
        if not is_elsewhere(element) and (names := _names(element)):
            found.extend(names)
            first = first if first is not None else element
    return tuple(dict.fromkeys(found))


def _written(headline: HtmlElement) -> tuple[str, ...]:
    lines = list(below(headline, _NEAR))
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        if BY.match(f"{line} {after}") and (names := _first_name([line, after])):
            return names
    return ()


def _names(element: HtmlElement) -> tuple[str, ...]:
    pieces = [text for piece in element.itertext() if (text := fold(piece))]
    fewest = 1 if "author" in (element.get("href") or "") or _CERTAIN & set((element.get("class") or "").split()) else 2
    return _first_name(pieces, fewest) if sum(map(len, pieces)) <= _LONGEST else ()


def _first_name(pieces: Iterable[str], fewest: int = 2) -> tuple[str, ...]:
    for piece in pieces:
        if names := tuple(name for name in people((_bare_name(piece),)) if _is_name(name, fewest)):
            return names
    return ()


def _bare_name(piece: str) -> str:
    return _AFTER.split(_LABEL.sub("", piece), maxsplit=1)[0].strip(" :,•·|–—-")


def _is_name(name: str, fewest: int) -> bool:
    parts = name.split()
    capitals = sum(not part[0].islower() for part in parts)
    is_spelled_as_one = capitals * 2 > len(parts) or len(parts) == 1
    return fewest <= len(parts) <= _WORDS_AT_MOST and is_spelled_as_one and not _NO_PERSON.search(name)


def _are_together(first: HtmlElement, other: HtmlElement) -> bool:
    if (first.tag, first.get("class")) != (other.tag, other.get("class")):
        return False
    above = [ancestor for ancestor, _ in zip(first.iterancestors(), range(_TOGETHER), strict=False)]
    return any(ancestor in above for ancestor, _ in zip(other.iterancestors(), range(_TOGETHER), strict=False))


_WORDS_AT_MOST = 5
_CERTAIN = frozenset({"author", "authors", "author-name", "authorname", "fn", "byline__author"})
"""Classes of elements that hold a name and nothing else, so that it may be a single word."""
_LABEL = re.compile(
    r"^\s*(?:(?:view\ |read\ |see\ )?(?:all\ |more\ )?(?:posts?|articles?|stories)\ (?:by|from)|posted\ by|published\ by"
    r"|authors?|autor(?:in|en|es)?|auteur|text|erstellt\ von|about)\b\s*:?\s*",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER = re.compile(
    r"\s+(?:(?:last\ )?updated|published|posted|reviewed|edited|on|in|am|is|stand|vor|with)\b|\s*[(@•·|]|\s+[-–—]\s+|\s*\d",
    re.IGNORECASE | re.VERBOSE,
)
_NO_PERSON = re.compile(
    r"\d|\b(?:view|all|posts?|read|more|share|follow|subscribe|comments?|said|says|author|by|writer|editor|date|datum"
    r"|home|contact|about|photo|image|minutes?|min|mehr|zum|zur|alle|artikel|profile?|see|written|updated|published|par|von|por|sign|posted|last|quelle|guide|twitter|facebook)\b",
    re.IGNORECASE,
)
