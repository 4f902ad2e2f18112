"""What of a sitemap is of use: its sitemaps that may hold a range of time, its addresses that may be articles of it.

Strategy: newest first. A sitemap whose name tells another time, or that was last changed before the range, is left out
unread. An address is left out by what is said of its publication, or by a last change before the range: nothing is
published after its last change.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from ingest.core.archives.pages import reach
from ingest.core.archives.shapes import Shapes, looks_like_article
from ingest.core.archives.spans import Span, day_of_article, span_of_article, span_of_list, span_of_time
from ingest.core.parse.sitemap import Listed, read_sitemap
from ingest.model import Entry, Found, Response

LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)

_NEWS = re.compile(r"news", re.IGNORECASE)
_HOLDS_LISTS = re.compile(
    r"(?:^|[-_./])(?:categor(?:y|ies)|(?:post[-_])?tags?|authors?|users|taxonom(?:y|ies))"
    r"(?:[-_]sitemap|[-_]?\d*(?=\.xml))[^/]*$",
    re.IGNORECASE,
)
"""Names of sitemaps of lists and people."""
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"(\d{1,9})(?!.*\d)")


class Sitemap(NamedTuple):
    """What of a sitemap is of use."""

    maps: tuple[str, ...]
    pages: tuple[Listed, ...]
    outside: int
    """Articles, as it seems, that lie outside of the range."""
    oldest: dt.datetime | None
    """How far back its articles go, also those outside."""
    order: str
    """A digest of both lists, which tells whether a position in one is still the same."""


def of_use(response: Response, shapes: Shapes, wanted: Span) -> Sitemap:
    """What of the sitemap that a server answered with is of use, newest first.

    Raises:
        ParseError: it is no sitemap.
    """
    read = read_sitemap(response)
    judged = [
        (_dated(page), page, is_outside(page, wanted)) for page in read.pages if looks_like_article(page.url, shapes)
    ]
    inside = [(date or LONG_AGO, page) for date, page, outside in judged if not outside]
    inside.sort(key=itemgetter(0), reverse=True)
    maps, pages = sitemaps_of_use(read.maps, wanted), tuple(page for _, page in inside)
    return Sitemap(
        maps=maps,
        pages=pages,
        outside=len(judged) - len(inside),
        oldest=reach(date for date, _, _ in judged if date),
        order=_digest([*maps, "", *(page.url for page in pages)]),
    )


def sitemaps_of_use(maps: Sequence[Listed], wanted: Span) -> tuple[str, ...]:
    """The addresses of the sitemaps that may list articles of the range: those of news first, then the newest."""
    spans = _named_spans(maps)
    useful = [one for one in maps if not any(_reasons_to_skip(one, spans.get(one.url), wanted))]
    return tuple(one.url for one in sorted(useful, key=partial(_freshness, spans), reverse=True))


def _digest(urls: Sequence[str]) -> str:
    return hashlib.blake2b("\0".join(urls).encode("utf-8", "replace"), digest_size=8).hexdigest()


def is_news(url: str) -> bool:
    """Whether the name of a sitemap says that it is one of news, which lists the last two days."""
    return bool(_NEWS.search(url.rpartition("/")[2]))


def is_outside(page: Listed, wanted: Span) -> bool:
    """Whether an article lies outside of a range by what its sitemap or its address says."""
    if page.published is not None:
        return span_of_time(page.published.at).misses(wanted)
    if page.changed is not None and span_of_time(page.changed).is_before(wanted):
        return True
    stated = span_of_article(page.url)
    return stated is not None and stated.misses(wanted)


def found(page: Listed) -> Found:
    """A listed address as an entry: published where it is said, else dated by its address or its last change."""
    entry = Entry(
        url=page.url,
        site=page.site,
        title=page.title,
        published=page.published,
        language=page.language,
        categories=page.keywords,
        image=page.image or None,
    )
    return Found(entry=entry, at=None if page.published else _dated(page))


def _dated(page: Listed) -> dt.datetime | None:
    """The best that is known of when an article was published."""
    stated = page.published or day_of_article(page.url)
    return stated.at if stated else page.changed


def _named_spans(maps: Sequence[Listed]) -> dict[str, Span]:
    """The times that the names of an index's sitemaps tell, by address.

    They tell none where all tell the same, which is then about something else; nor where others that are named alike
    have numbers that are no dates, for then `sitemap-2001.xml` is the one after `sitemap-2000.xml`.
    """
    spans = {one.url: span_of_list(one.url) for one in maps}
    counted = {_DIGITS.sub("#", url) for url, span in spans.items() if span is None}
    named = {url: span for url, span in spans.items() if span and _DIGITS.sub("#", url) not in counted}
    return named if len(set(named.values())) > 1 else {}


def _reasons_to_skip(one: Listed, named: Span | None, wanted: Span) -> Iterator[bool]:
    yield named is not None and named.misses(wanted)
    yield one.changed is not None and span_of_time(one.changed).is_before(wanted)
    yield bool(_HOLDS_LISTS.search(one.url))


def _freshness(spans: Mapping[str, Span], one: Listed) -> tuple[bool, dt.datetime, int]:
    """What sitemaps are ordered by: news, the time that the name or the last change tells, the number in the name."""
    named = spans.get(one.url)
    until = named.until if named else one.changed
    number = _NUMBER.search(one.url.rpartition("/")[2])
    return is_news(one.url), until or LONG_AGO, int(number[1]) if number else 0
