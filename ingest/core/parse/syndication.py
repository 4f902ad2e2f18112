"""RSS, RDF and Atom, read by feedparser.

Four rules, each against a trap of feedparser 6:

1. It is given a BytesIO of UTF-8 XML that we decoded and mended ourselves: a str or bytes may be taken for the name of
   a file or a URL, and its own decoding believes headers that lie.
2. It is given no base URL, and resolves by `xml:base` only: with a base it makes addresses of ids such as `42`,
   which would change with the address of the feed. We resolve what it leaves.
3. It cleans no HTML and resolves no links in it: both cost more than all the rest, and our text is plain anyway.
4. Its dictionaries answer for one key with the value of another, and an element of an unlucky name can put any type
   anywhere: they are read as plain mappings, and every value by its type.
"""

import io
from datetime import datetime
from typing import NamedTuple
from xml.sax import SAXParseException

import feedparser

from ingest.core.parse.asked import hints
from ingest.core.parse.fields import MAX_ENTRIES, absolute, cut_short, language
from ingest.core.parse.items import Surroundings, authors, entry_of, line, links, page_link
from ingest.core.parse.mending import Mended, depth, mended, recovered, root_of, shortened
from ingest.core.parse.values import Fields, inner, listed, string
from ingest.core.plain import fold
from ingest.errors import ParseError
from ingest.model import Document

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>"
"""feedparser adds one on a line of its own where there is none, which puts its complaints a line too low."""

HISTORY = "http://purl.org/syndication/history/1.0"
"""The namespace of RFC 5005."""

DEEPEST = 256
"""Elements within each other; libxml2 follows no more, and feeds need twenty."""
DEEPEST_READ = 10_000
"""Deeper documents are made to cost us time, and are not read at all; what somebody's editor nests is far from it."""


class _Reading(NamedTuple):
    """What feedparser made of a text, and its complaint."""

    fields: Fields
    """Empty where it failed."""
    problem: Exception | None


def recognises(document: str) -> bool:
    """Whether the text has the root of a feed in its beginning; RDF inside a page is about the page."""
    root = root_of(document)
    if root is None:
        return False
    name = root["name"].lower()
    return name in ("rss", "feed") or (name in ("rdf", "channel") and "<html" not in document[: root.start()].lower())


def read(document: str, base: str, now: datetime) -> Document:
    """The feed in a text.

    Args:
        document: decoded; damage is mended as far as it goes, with warnings.
        base: the URL that answered.
        now: later dates are not believed.

    Raises:
        ParseError: the text has the root of a feed, and no entries, though it is not sure that it has none; or its
            elements are nested beyond all reason.
    """
    xml = mended(document)
    text, count = shortened(xml.text, MAX_ENTRIES)
    if text.count("<") > DEEPEST_READ and (levels := depth(text)) > DEEPEST_READ:  # the count alone costs nothing
        raise ParseError(f"{base} begins like a feed, but is not read: {_nested(levels)}")
    result, problem = _best_reading(text, base)
    format_name = string(result, "version")
    feed = inner(result, "feed")
    items = listed(result, "entries")
    if not format_name and not items:
        raise ParseError(f"{base} begins like a feed but is none: no version that we know, and no entries")
    if not items and (why := _why_empty(xml, problem, feed)):
        raise ParseError(f"{base} begins like a feed, but no entries could be read: {why}")
    title = line(feed, "title")
    around = Surroundings(base, now, format_name, title, authors(feed) if format_name.startswith("atom") else ())
    return Document(
        format=format_name or "rss",
        title=title,
        site_url=absolute(page_link(feed), base),
        language=language(string(feed, "language")),
        entries=tuple(entry_of(item, around) for item in items),
        warnings=(*xml.warnings, *cut_short(count), *([_complaint(problem, xml)] if problem else [])),
        hubs=links(feed, "hub", base),
        self_url=next(iter(links(feed, "self", base)), ""),
        older_url=next(iter((*links(feed, "prev-archive", base), *links(feed, "next", base))), ""),
        complete=_bears(result, "complete"),
        archived=_bears(result, "archive"),
        hints=hints(feed, text),
    )


def _bears(result: Fields, history: str) -> bool:
    """Whether the feed bears `fh:complete` or `fh:archive` (RFC 5005, sections 2 and 4), by whatever prefix."""
    prefixes = (prefix for prefix, uri in inner(result, "namespaces").items() if uri == HISTORY)
    return any(f"{prefix.lower()}_{history}" in inner(result, "feed") for prefix in prefixes)


def _best_reading(xml: str, base: str) -> tuple[Fields, Exception | None]:
    """The fuller of two readings of a damaged text, its own and that of the text as recovered; and the damage."""
    own = _reading(xml)
    if own.problem is None:
        return own.fields, None
    best = max(_reading(recovered(xml)), own, key=_yield_of)
    if not best.fields:
        problem = f"{type(best.problem).__name__}: {best.problem}"
        raise ParseError(f"{base} is a feed too damaged to read: {problem}") from best.problem
    return best.fields, own.problem


def _reading(xml: str) -> _Reading:
    try:
        result = feedparser.parse(
            io.BytesIO((DECLARATION + xml).encode("utf-8", "ignore")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # noqa: BLE001  feedparser promises nothing: KeyError, TypeError, ValueError were seen
        return _Reading({}, error)
    return _Reading(dict(result), result.get("bozo_exception"))


def _yield_of(reading: _Reading) -> tuple[bool, int]:
    """Whether it was read at all, and how many of its entries say something."""
    items = listed(reading.fields, "entries")
    return bool(reading.fields), sum(bool(string(item, "title") or page_link(item)) for item in items)


def _why_empty(xml: Mended, problem: Exception | None, feed: Fields) -> str:
    """Why a document shows no entries that may have some; empty where it is a feed that has none."""
    if xml.refused:
        return "it refers to entities of its own, which are refused unless they stand for a few characters"
    if (levels := depth(xml.text)) > DEEPEST:
        return _nested(levels)
    if problem:
        return f"it is {_complaint(problem, xml)}"
    return "" if line(feed, "title") or listed(feed, "links") else "it has neither a title nor a link"


def _nested(levels: int) -> str:
    return f"its elements are nested {levels:,} deep, as those of no feed are"


def _complaint(problem: Exception, xml: Mended) -> str:
    if isinstance(problem, SAXParseException):
        number = (problem.getLineNumber() or 1) + xml.lines_before
        return f"not well-formed at line {number}: {problem.getMessage()}"
    return fold(f"{type(problem).__name__}: {problem}")
