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
from collections.abc import Iterator
from datetime import datetime
from xml.sax import SAXParseException

import feedparser

from ingest.core.parse.fields import MAX_ENTRIES, absolute, cut_short, language
from ingest.core.parse.items import Surroundings, authors, entry_of, line, page_link
from ingest.core.parse.mending import Mended, mended, root_of, shortened
from ingest.core.parse.values import Fields, inner, listed, string
from ingest.errors import ParseError
from ingest.model import Document


def recognises(document: str) -> bool:
    """Whether the text has the root of a feed in its beginning; RDF inside a page is about the page."""
    root = root_of(document)
    return root is not None and (
        root["name"].lower() in ("rss", "feed") or "<html" not in document[: root.start()].lower()
    )


def read(document: str, base: str, now: datetime) -> Document:
    """The feed in a text.

    Args:
        document: decoded; damage is mended as far as it goes, with warnings.
        base: the URL that answered.
        now: later dates are not believed.

    Raises:
        ParseError: the text has the root of a feed, and nothing of one in it.
    """
    xml = mended(document)
    text, count = shortened(xml.text, MAX_ENTRIES)
    result = _parsed(text, base)
    format_name = string(result, "version")
    feed = inner(result, "feed")
    items = listed(result, "entries")
    if not format_name and not items:
        raise ParseError(f"{base} begins like a feed but is none: no version that we know, and no entries")
    around = Surroundings(base, now, format_name, authors(feed) if format_name.startswith("atom") else ())
    return Document(
        format=format_name or "rss",
        title=line(feed, "title"),
        site_url=absolute(page_link(feed), base),
        language=language(string(feed, "language")),
        entries=tuple(entry_of(item, around) for item in items),
        warnings=(*xml.warnings, *cut_short(count), *_complaints(result, xml)),
    )


def _parsed(xml: str, base: str) -> Fields:
    try:
        result = feedparser.parse(
            io.BytesIO(xml.encode("utf-8", "ignore")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser promises nothing: KeyError, IndexError, ValueError were seen
        raise ParseError(f"{base} is a feed too damaged to read: {type(error).__name__}: {error}") from error
    return dict(result)


def _complaints(result: Fields, xml: Mended) -> Iterator[str]:
    problem = result.get("bozo_exception")
    if isinstance(problem, SAXParseException):
        number = (problem.getLineNumber() or 1) + xml.lines_before
        yield f"not well-formed at line {number}: {problem.getMessage()}"
    elif problem:
        yield " ".join(f"{type(problem).__name__}: {problem}".split())
