"""Sitemaps: what a site lists for search engines.

Strategy: a walk in depth, newest first, by a stack of sitemaps: the one in hand on top, below it the indexes that led
there, at the bottom those that robots.txt names. Each is kept with how much of it is done, so that the stack is the
cursor, with the digests of what was asked for: indexes lead to the same sitemaps. One step asks for one sitemap at
most; what was read is remembered while it is on the stack.
"""

import hashlib
from dataclasses import replace
from typing import NamedTuple

from pydantic import JsonValue

from ingest.core.archives.listing import Listing, found, is_news, listing, sitemaps_of_use
from ingest.core.archives.shapes import home_of, shapes_of
from ingest.core.archives.spans import Span
from ingest.core.dedupe.url import canonical
from ingest.core.parse.sitemap import Listed, named_in_robots
from ingest.edge.archives.answers import AbsentError, heard, there
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Cursor, Step
from ingest.ports import PartError, Search

PLACES = ("sitemap-news.xml", "sitemap.xml", "sitemap_index.xml", "wp-sitemap.xml")
"""Where sitemaps lie that no robots.txt names; of all but the first, one is enough."""
PAGES_A_STEP = 300
MAPS_A_STEP = 300
"""Sitemaps of an index that are looked at to find one that was not walked yet."""
DEEPEST = 4
"""Indexes within each other; the protocol allows one, and sites have two."""
MOST_ASKED = 20_000
"""Sitemaps of one walk: a daily one for half a century. More are made by machines without end."""
MOST_KNOWN = 3000
"""Of them that are known again: 40 KB of a cursor, which each step writes. What comes later may be asked for by each
index that leads there; the entries are known all the same."""


class Frame(NamedTuple):
    """A sitemap, and how much of it is done."""

    url: str
    position: int = 0
    depth: int = 0


class Walk(NamedTuple):
    """Where a walk is."""

    frames: tuple[Frame, ...]
    """The one in hand last."""
    read: int = 0
    missed: int = 0
    """Sitemaps that could not be had, or not be read."""
    known: tuple[str, ...] = ()
    """Digests of those that were asked for."""

    @property
    def cursor(self) -> Cursor:
        frames: list[JsonValue] = [list(frame) for frame in self.frames]
        return {"frames": frames, "read": self.read, "missed": self.missed, "known": list(self.known)}

    def knowing(self, url: str) -> "Walk":
        """With a sitemap that is asked for."""
        is_new = _digest(url) not in self.known and len(self.known) < MOST_KNOWN
        return self._replace(known=(*self.known, _digest(url))) if is_new else self

    def past(self) -> Step:
        """The step that misses the sitemap in hand."""
        return _next(self._replace(frames=self.frames[:-1], missed=self.missed + 1))


class Sitemaps:
    """Implements `ports.Archive` for the sitemaps of the feed's site.

    What a `lastmod` says bounds publication from above only: a site that states today for all its pages has all of
    them found, and sorted by their own dates later.
    """

    def __init__(self, search: Search) -> None:
        self._search = search
        self._home = home_of(search.samples, search.site_url, search.feed_url)
        self._shapes = shapes_of(search.samples, search.site_url, search.feed_url)
        self._wanted = Span(search.since, search.until)
        self._remembered: dict[str, Listing] = {}

    async def step(self, cursor: Cursor | None) -> Step:
        if cursor is None:
            return await self._begin()
        top = _walk(cursor).frames[-1]
        walk = _walk(cursor).knowing(top.url)
        try:
            read = self._remembered.get(top.url) or await self._read(top.url)
        except AbsentError as error:
            return replace(walk.past(), gone=str(error))
        except (FetchError, ParseError, WorkError) as error:
            if isinstance(error, FetchError) and error.transient:
                raise PartError(error, walk.past()) from error
            return replace(walk.past(), fault=str(error))
        self._forget(walk)
        walk = walk._replace(read=walk.read + (top.position == 0))
        leads_on = read.maps and top.depth < DEEPEST
        return self._down(walk, read) if leads_on else self._along(walk, read)

    async def _begin(self) -> Step:
        """What robots.txt names, else what lies at the usual places."""
        if not self._home:
            return Step((), None, note="there is no site whose sitemaps could be sought")
        robots = heard(await self._search.ask(f"{self._home}robots.txt"))
        named = named_in_robots(robots) if robots.status == 200 else ()
        if named:
            urls = sitemaps_of_use([Listed(url) for url in named], self._wanted)
            note = f"robots.txt names {_counted(len(named))}" + ("" if urls else ", none of which may hold the range")
        else:
            urls = await self._guessed()
            note = f"{_counted(len(urls))} found at a usual place" if urls else "no sitemap is named or found"
        return Step((), _stacked(urls), note=note)

    async def _guessed(self) -> tuple[str, ...]:
        urls: list[str] = []
        for place in PLACES:
            url = f"{self._home}{place}"
            try:
                await self._read(url, guessed=True)
            except (AbsentError, FetchError, ParseError, WorkError) as error:
                if isinstance(error, FetchError) and error.transient and error.status in (None, 429, 503):
                    raise
                continue
            urls.append(url)
            if not is_news(url):
                break
        return tuple(urls)

    async def _read(self, url: str, guessed: bool = False) -> Listing:
        """A sitemap that is remembered from now on."""
        response = there(await self._search.ask(url, guessed=guessed))
        read = await self._search.pool.run(listing, response, self._shapes, self._wanted)
        self._remembered[url] = read
        return read

    def _forget(self, walk: Walk) -> None:
        """What is not on the stack is not needed any more."""
        kept = {frame.url for frame in walk.frames}
        self._remembered = {url: read for url, read in self._remembered.items() if url in kept}

    def _down(self, walk: Walk, index: Listing) -> Step:
        """On to the next sitemap of an index that was not asked for; without one, back to what is below."""
        below, top = walk.frames[:-1], walk.frames[-1]
        end = top.position + MAPS_A_STEP
        frames = (*below, top._replace(position=end)) if end < len(index.maps) else below
        known = {*walk.known, *(_digest(frame.url) for frame in walk.frames)}
        for position, url in enumerate(index.maps[top.position : end], top.position):
            if _digest(url) not in known:
                frames = (*below, top._replace(position=position + 1), Frame(url, depth=top.depth + 1))
                break
        return replace(_next(walk._replace(frames=frames)), oldest=index.oldest)

    def _along(self, walk: Walk, read: Listing) -> Step:
        """The next addresses of a list."""
        below, top = walk.frames[:-1], walk.frames[-1]
        end = top.position + PAGES_A_STEP
        frames = (*below, top._replace(position=end)) if end < len(read.pages) else below
        return replace(
            _next(walk._replace(frames=frames)),
            found=tuple(map(found, read.pages[top.position : end])),
            outside=read.outside if top.position == 0 else 0,
            oldest=read.oldest,
        )


def _next(walk: Walk) -> Step:
    """A step that found nothing yet, or the end with what came of it."""
    asked = walk.read + walk.missed
    if walk.frames and asked < MOST_ASKED:
        return Step((), walk.cursor)
    missed = f", {walk.missed} could not be" if walk.missed else ""
    endless = f"its sitemaps have no end, or more than {MOST_ASKED:,}" if walk.frames else ""
    return Step((), None, note=f"{_counted(walk.read)} read{missed}", fault=endless)


def _digest(url: str) -> str:
    """What tells a sitemap by its address; of thousands, the same for two in one walk of a million."""
    return hashlib.blake2b(canonical(url).encode("utf-8", "replace"), digest_size=5).hexdigest()


def _stacked(urls: tuple[str, ...]) -> Cursor | None:
    return Walk(tuple(Frame(url) for url in reversed(urls))).cursor if urls else None


def _counted(number: int) -> str:
    return "1 sitemap" if number == 1 else f"{number:,} sitemaps"


def _walk(cursor: Cursor) -> Walk:
    frames, known = cursor["frames"], cursor.get("known", [])
    assert isinstance(frames, list)
    assert isinstance(known, list)
    counts = _number(cursor["read"]), _number(cursor["missed"])
    return Walk(tuple(_frame(frame) for frame in frames), *counts, tuple(map(str, known)))


def _frame(value: JsonValue) -> Frame:
    assert isinstance(value, list)
    url, position, depth = value
    return Frame(str(url), _number(position), _number(depth))


def _number(value: JsonValue) -> int:
    assert isinstance(value, int)
    return value
