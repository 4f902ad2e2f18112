"""The Wayback Machine, or an archive of the web with the same two doors: an index of captures (CDX), and the captures.

https://github.com/internetarchive/wayback/blob/master/wayback-cdx-server/README.md

Strategy: first the old snapshots of the feed, which say of each article what the feed said; then the pages of its site
that look like articles, of which nothing is known but when they were caught. The index comes in pages, each with the
key to the next; a circle of keys is seen by Brent's method (each key is compared with one of a page whose number is a
power of two), which needs one key in the cursor.
"""

import datetime as dt
from dataclasses import replace
from typing import Literal, Self
from urllib.parse import quote, urlencode, urlsplit

from ingest.core.archives.captures import copy_url, entries_of_use, pages_of_use, snapshots_of_use
from ingest.core.archives.pages import Listing
from ingest.core.archives.shapes import home_of, shapes_of
from ingest.core.archives.spans import Span
from ingest.core.parse.cdx import Capture, Captures, read_captures, timestamp
from ingest.edge.archives.answers import AbsentError, heard, there, without
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Cursor, Noun, Step
from ingest.ports import Search

WAYBACK = "https://web.archive.org"

FEED_LATER = dt.timedelta(days=7)
"""How long behind the range snapshots of the feed are of use: most feeds list no more than a week. Those from before
the range hold nothing of it."""
PAGE_LATER = dt.timedelta(days=90)
"""How long behind the range a page may be caught for the first time. Small sites are visited every few months; with
each further month more pages are asked for that turn out to be younger than the range."""
ROWS = 3000
"""Captures of one answer: the server's own blocks have as many, and it takes seconds to give one."""
ENTRIES_A_STEP = 300
MOST_PAGES = 2000
"""Answers of the index for one question: six million pages. A site that has more is none of articles."""

FIELDS = "timestamp,original,mimetype,statuscode,digest"


class Place(Noun):
    """Where a walk is."""

    part: Literal["feed", "site"]
    key: str = ""
    """Of the page of the index that is in hand; empty for the first."""
    position: int = 0
    """Within that page: snapshots that are done."""
    offset: int = 0
    """Entries that are done of the snapshot, or of the page, in hand."""
    pages: int = 1
    mark: str = ""
    """A key that may not come again."""
    read: int = 0
    """Snapshots of the feed that were read."""
    listed: int = 0
    """Pages of the site that may be articles of the range."""
    missed: int = 0
    """Snapshots of the feed that could not be had, or not be read."""

    @property
    def cursor(self) -> Cursor:
        """Where a step begins from here."""
        return self.model_dump(mode="json")

    def then(self, **changes: object) -> Self:
        """A place that differs in these."""
        return self.model_copy(update=changes)

    def site(self) -> "Place":
        """Where the walk along the site begins."""
        return Place(part="site", read=self.read, missed=self.missed)


class Wayback:
    """Implements `ports.Archive` for captures of the feed and its site.

    A capture bounds publication from above only. Pages that were first caught before the range are outside of it; those
    first caught up to PAGE_LATER behind it are found, and left to their own dates. So the site is listed from its first
    capture on, and not from the beginning of the range, where old pages would look new.
    """

    def __init__(self, search: Search, base_url: str = WAYBACK) -> None:
        self._search = search
        self._base = base_url.rstrip("/")
        self._shapes = shapes_of(search.samples, search.site_url, search.feed_url)
        self._wanted = Span(search.since, search.until)
        self._home = urlsplit(home_of(search.samples, search.site_url, search.feed_url)).netloc
        self._index: tuple[str, Captures] | None = None
        """The page of the index in hand, by the address that it was asked at."""
        self._kept: tuple[str, Listing] | None = None
        """What was of use of the last snapshot or page, likewise."""

    async def step(self, cursor: Cursor | None) -> Step:
        if self._search.confidential:
            return Step(
                (), None, note="not asked: the feed's address may hold a secret; `--via wayback` asks all the same"
            )
        first = Place(part="feed" if self._search.feed_url else "site")
        place = Place.model_validate(cursor) if cursor else first
        if place.part == "site" and not self._home:
            return self._end(place)
        url = self._question(place)
        try:
            page = await self._captures(url)
        except _NoIndexError as error:
            if cursor is None:
                return Step((), None, note=str(error))
            if place.part == "feed":
                return Step((), place.site().cursor, fault=str(error))
            raise
        except FetchError as error:
            if error.transient and place.part == "feed" and place.key:
                return without(Step((), place.site().cursor), error)
            raise
        if place.part == "feed":
            return await self._along_feed(place, page)
        return await self._along_site(place, page, url)

    async def _along_feed(self, place: Place, page: Captures) -> Step:
        """The next entries of the snapshot in hand."""
        snapshots = snapshots_of_use(page.rows)
        if place.position >= len(snapshots):
            return self._after(place, page, place.site())
        capture = snapshots[place.position]
        done = place.then(position=place.position + 1, offset=0)
        try:
            kept = await self._snapshot(capture)
        except (AbsentError, FetchError, ParseError, WorkError) as error:
            return without(self._go_on(done.then(missed=place.missed + 1), page, len(snapshots)), error)
        end = place.offset + ENTRIES_A_STEP
        read = place.read + (place.offset == 0)
        if end < len(kept.found):
            on = Step((), place.then(offset=end, read=read).cursor)
        else:
            on = self._go_on(done.then(read=read), page, len(snapshots))
        return _with(on, kept, place.offset)

    async def _along_site(self, place: Place, page: Captures, url: str) -> Step:
        """The next pages of the site."""
        if self._kept is None or self._kept[0] != url:
            run = self._search.pool.run
            self._kept = url, await run(pages_of_use, page.rows, self._shapes, self._wanted, self._base)
        kept = self._kept[1]
        end = place.offset + ENTRIES_A_STEP
        listed = place.listed + len(kept.found[place.offset : end])
        if end < len(kept.found):
            on = Step((), place.then(offset=end, listed=listed).cursor)
        else:
            on = self._after(place.then(listed=listed), page, None)
        return _with(on, kept, place.offset)

    def _go_on(self, place: Place, page: Captures, snapshots: int) -> Step:
        """To the next snapshot, or to what follows the page."""
        if place.position < snapshots:
            return Step((), place.cursor)
        return self._after(place, page, place.site())

    def _after(self, place: Place, page: Captures, part: Place | None) -> Step:
        """To the next page of the index, or to another part where there is none."""
        key = page.resume_key
        in_circle = key in (place.key, place.mark)
        if key and not in_circle and place.pages < MOST_PAGES:
            mark = key if place.pages & (place.pages - 1) == 0 else place.mark
            on = place.then(key=key, position=0, offset=0, pages=place.pages + 1, mark=mark)
            return Step((), on.cursor)
        endless = f"{self._base}: the index of captures turns in a circle, or has no end" if key else ""
        return replace(Step((), part.cursor) if part else self._end(place), fault=endless)

    def _end(self, place: Place) -> Step:
        if not (place.read or place.listed or place.missed):
            return Step((), None, note="the archive of the web has neither the feed nor articles of its site")
        missed = f", {place.missed:,} more could not be read" if place.missed else ""
        pages = f"pages of its site that may be articles: {place.listed:,}"
        return Step((), None, note=f"old snapshots of the feed: {place.read:,}{missed}; {pages}")

    async def _captures(self, url: str) -> Captures:
        """A page of the index, remembered while it is in hand."""
        if self._index is None or self._index[0] != url:
            response = heard(await self._search.ask(url))
            if response.status != 200:
                raise _NoIndexError(f"{self._base} gives no index of captures: it answers {response.status}")
            self._index = url, await self._search.pool.run(read_captures, response)
        return self._index[1]

    async def _snapshot(self, capture: Capture) -> Listing:
        """What is of use of an old snapshot, remembered while it is in hand.

        Raises:
            AbsentError: the archive does not have it, or what it caught is no feed, and will be none.
            ParseError: the archive does not show it.
        """
        url = copy_url(self._base, capture.timestamp, capture.original)
        if self._kept is None or self._kept[0] != url:
            response = there(await self._search.ask(url))
            run = self._search.pool.run
            try:
                self._kept = url, await run(entries_of_use, response, capture, self._wanted, self._base)
            except ParseError as error:
                raise AbsentError(str(error)) from error
        return self._kept[1]

    def _question(self, place: Place) -> str:
        """Where the page of the index in hand is asked for."""
        since, until = self._wanted
        if place.part == "feed":
            later = FEED_LATER
            asked = [("url", _public(self._search.feed_url)), ("collapse", "digest")]
            asked += [("from", timestamp(since))] if since else []
        else:
            later = PAGE_LATER
            asked = [("url", f"{self._home}{self._shapes.folder}*"), ("collapse", "urlkey")]
            asked += [("filter", "mimetype:text/html")]
        asked += [("to", timestamp(until + later))] if until else []
        asked += [("output", "json"), ("fl", FIELDS), ("filter", "statuscode:200")]
        asked += [("limit", str(ROWS)), ("showResumeKey", "true")]
        resume = f"&resumeKey={quote(place.key, safe='%+')}" if place.key else ""  # it comes percent-encoded
        return f"{self._base}/cdx/search/cdx?{urlencode(asked, safe=':/*,')}{resume}"


class _NoIndexError(ParseError):
    """What the archive answers is none of its index; says so in one line."""


def _public(url: str) -> str:
    """An address without the name and password of a user, which are nobody else's business."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _with(on: Step, kept: Listing, offset: int) -> Step:
    """A step with the next entries of a list, which is counted once."""
    return replace(
        on,
        found=kept.found[offset : offset + ENTRIES_A_STEP],
        outside=kept.outside if offset == 0 else 0,
        oldest=kept.oldest,
    )
