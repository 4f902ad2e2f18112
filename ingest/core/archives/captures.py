"""What of an archive of the web is of use: old snapshots of a feed, and pages that may be articles of a range.

A capture says that a page was there, not since when: it bounds publication from above only. So what was first caught
before a range was published before it, and what was first caught behind the range may still be of it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from ingest.core.archives.pages import Listing, reach
from ingest.core.archives.shapes import Shapes, looks_like_article
from ingest.core.archives.spans import Span, day_of_article, span_of_article, span_of_time
from ingest.core.dedupe.url import canonical, untracked
from ingest.core.parse import parse
from ingest.core.parse.cdx import Capture
from ingest.model import Entry, Found, Response


def snapshots_of_use(captures: Sequence[Capture]) -> tuple[Capture, ...]:
    """The captures of a feed that are worth a request, newest first: the last of each hour, and each content once.

    Feeds are caught up to several times a minute, and list at least what they had an hour before.
    """
    hourly = {capture.timestamp[:10]: capture for capture in captures}
    newest_first = sorted(hourly.values(), key=lambda capture: capture.at, reverse=True)
    return tuple({capture.digest or capture.timestamp: capture for capture in newest_first}.values())


def entries_of_use(response: Response, capture: Capture, wanted: Span, base: str) -> Listing:
    """The entries of an old snapshot of a feed that may be of a range.

    Args:
        response: the snapshot; read as if it came from the feed itself, at that time.
        capture: what was asked for.
        wanted: the range.
        base: of the archive, for the copies that it has of the articles.

    Raises:
        ParseError: it is no feed.
    """
    document = parse(replace(response, url=capture.url, final_url=capture.url, fetched_at=capture.at))
    judged = [(_dated(entry, capture), _is_outside(entry, capture.at, wanted)) for entry in document.entries]
    found = tuple(
        Found(
            entry=entry,
            at=None if entry.published else date,
            copy_url=copy_url(base, capture.timestamp, entry.url) if entry.url else "",
        )
        for entry, (date, outside) in zip(document.entries, judged, strict=True)
        if not outside
    )
    return Listing(found, len(judged) - len(found), reach(date for date, _ in judged))


def pages_of_use(captures: Sequence[Capture], shapes: Shapes, wanted: Span, base: str) -> Listing:
    """The captures of a site that look like articles and may be of a range, each page once."""
    first: dict[str, Capture] = {}
    for capture in captures:
        if looks_like_article(capture.url, shapes):
            first.setdefault(canonical(capture.url), capture)
    pages = [(Entry(url=untracked(capture.url)), capture) for capture in first.values()]
    found = tuple(
        Found(entry=entry, at=_dated(entry, capture), copy_url=copy_url(base, capture.timestamp, capture.original))
        for entry, capture in pages
        if not _is_outside(entry, capture.at, wanted)
    )
    return Listing(found, len(pages) - len(found), min((_dated(*page) for page in pages), default=None))


def copy_url(base: str, timestamp: str, url: str) -> str:
    """Where an archive shows a page as it came (`id_`): the copy nearest to a time."""
    return f"{base}/web/{timestamp}id_/{url}"


def _dated(entry: Entry, capture: Capture) -> dt.datetime:
    """The best that is known of when an entry was published."""
    stated = entry.published or day_of_article(entry.url)
    return stated.at if stated else capture.at


def _is_outside(entry: Entry, caught_at: dt.datetime, wanted: Span) -> bool:
    if entry.published:
        return span_of_time(entry.published.at).misses(wanted)
    stated = span_of_article(entry.url) if entry.url else None
    return (stated is not None and stated.misses(wanted)) or span_of_time(caught_at).is_before(wanted)
