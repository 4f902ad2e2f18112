"""Sitemaps: what a site lists for search engines.

Strategy: a walk in depth, newest first, by a stack of sitemaps: the one in hand on top, below it the indexes that led
there, at the bottom those that robots.txt names. Each is kept with how much of it is done, so that the stack is the
cursor, with the digests of what was asked for: indexes lead to the same sitemaps. One step asks for one sitemap at
most; what was read is remembered while it is on the stack. Another process reads it again, and begins with it anew
where it has changed, since the newest first of today are not those of yesterday: that costs no request.
"""

import hashlib
from dataclasses import replace

from ingest.core.archives.shapes import home_of, shapes_of
from ingest.core.archives.sitemap import Sitemap, found, is_news, of_use, sitemaps_of_use
from ingest.core.archives.spans import Span
from ingest.core.dedupe.url import canonical
from ingest.core.parse.sitemap import Listed, named_in_robots
from ingest.edge.archives.answers import AbsentError, heard, there, without
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Cursor, Noun, Step
from ingest.ports import Search

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


class Frame(Noun):
    """A sitemap, and how much of it is done."""

    url: str
    position: int = 0
    order: str = ""
    """What tells the list that this is a position in."""
    depth: int = 0


class Walk(Noun):
    """Where a walk is."""

    frames: tuple[Frame, ...]
    """The one in hand last."""
    read: int = 0
    missed: int = 0
    """Sitemaps that could not be had, or not be read."""
    known: tuple[str, ...] = ()
    """Digests of those that were asked for."""

    @property
    def top(self) -> Frame:
        """The sitemap in hand."""
        return self.frames[-1]

    def on(self, *frames: Frame, read: bool = False, missed: bool = False) -> "Walk":
        """With these instead of the sitemap in hand, which was read, or missed, just now."""
        counts = {"read": self.read + read, "missed": self.missed + missed}
        return self.model_copy(update=counts | {"frames": (*self.frames[:-1], *frames)})

    def knowing(self, url: str) -> "Walk":
        """With a sitemap that is asked for."""
        is_new = _digest(url) not in self.known and len(self.known) < MOST_KNOWN
        return self.model_copy(update={"known": (*self.known, _digest(url))}) if is_new else self

    def from_there(self, read: Sitemap, is_index: bool) -> Frame:
        """The sitemap in hand where it goes on: from its beginning where its list is another by now.

        What was done may have moved to its top, and what was not, from below to above its position. An index keeps its
        position where not all that was asked for is known: most would be asked for again.
        """
        is_lost = self.top.order != read.order and not (is_index and len(self.known) >= MOST_KNOWN)
        return self.top.model_copy(update={"order": read.order} | ({"position": 0} if is_lost else {}))


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
        self._remembered: dict[str, Sitemap] = {}

    async def step(self, cursor: Cursor | None) -> Step:
        if cursor is None:
            return await self._begin()
        walk = Walk.model_validate(cursor)
        walk, top = walk.knowing(walk.top.url), walk.top
        try:
            read = self._remembered.get(top.url) or await self._read(top.url)
        except (AbsentError, FetchError, ParseError, WorkError) as error:
            return without(_next(walk.on(missed=True)), error)
        self._forget(walk)
        leads_on = bool(read.maps) and top.depth < DEEPEST
        return _down(walk, read) if leads_on else _along(walk, read)

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

    async def _read(self, url: str, guessed: bool = False) -> Sitemap:
        """A sitemap that is remembered from now on."""
        response = there(await self._search.ask(url, guessed=guessed))
        read = await self._search.pool.run(of_use, response, self._shapes, self._wanted)
        self._remembered[url] = read
        return read

    def _forget(self, walk: Walk) -> None:
        """What is not on the stack is not needed any more."""
        kept = {frame.url for frame in walk.frames}
        self._remembered = {url: read for url, read in self._remembered.items() if url in kept}


def _down(walk: Walk, index: Sitemap) -> Step:
    """On to the next sitemap of an index that was not asked for; without one, back to what is below."""
    top, begins = walk.from_there(index, is_index=True), walk.top.position == 0
    end = top.position + MAPS_A_STEP
    frames: tuple[Frame, ...] = (top.model_copy(update={"position": end}),) if end < len(index.maps) else ()
    known = {*walk.known, *(_digest(frame.url) for frame in walk.frames)}
    for position, url in enumerate(index.maps[top.position : end], top.position):
        if _digest(url) not in known:
            frames = (top.model_copy(update={"position": position + 1}), Frame(url=url, depth=top.depth + 1))
            break
    return replace(_next(walk.on(*frames, read=begins)), oldest=index.oldest)


def _along(walk: Walk, read: Sitemap) -> Step:
    """The next addresses of a list."""
    top, begins = walk.from_there(read, is_index=False), walk.top.position == 0
    end = top.position + PAGES_A_STEP
    frames = (top.model_copy(update={"position": end}),) if end < len(read.pages) else ()
    return replace(
        _next(walk.on(*frames, read=begins)),
        found=tuple(map(found, read.pages[top.position : end])),
        outside=read.outside if begins else 0,
        oldest=read.oldest,
    )


def _next(walk: Walk) -> Step:
    """A step that found nothing yet, or the end with what came of it."""
    asked = walk.read + walk.missed
    if walk.frames and asked < MOST_ASKED:
        return Step((), walk.model_dump(mode="json"))
    missed = f", {walk.missed} could not be" if walk.missed else ""
    endless = f"its sitemaps have no end, or more than {MOST_ASKED:,}" if walk.frames else ""
    return Step((), None, note=f"{_counted(walk.read)} read{missed}", fault=endless)


def _digest(url: str) -> str:
    """What tells a sitemap by its address; of thousands, the same for two in one walk of a million."""
    return hashlib.blake2b(canonical(url).encode("utf-8", "replace"), digest_size=5).hexdigest()


def _stacked(urls: tuple[str, ...]) -> Cursor | None:
    frames = tuple(Frame(url=url) for url in reversed(urls))
    return Walk(frames=frames).model_dump(mode="json") if frames else None


def _counted(number: int) -> str:
    return "1 sitemap" if number == 1 else f"{number:,} sitemaps"
