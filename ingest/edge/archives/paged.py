"""Feeds that go on: paged and archived feeds (RFC 5005), and JSON Feed's `next_url`.

Each document names the one with older entries. The walk ends where none is named, where a page as a whole lies before
the range, where pages repeat, and where page after page is empty. A feed that says that it is complete has nothing
behind it, nor has the first of its archives; that a page is the last one proves nothing, since many feeds name few.
"""

from ingest.core.archives.circles import Trail, onward
from ingest.core.archives.pages import digest, is_past, listing
from ingest.core.parse import parse
from ingest.edge.archives.answers import is_there
from ingest.model import Cursor, Document, Noun, Step
from ingest.ports import Search

AT_ONCE = 300
"""Entries of one step; an archive may be one document of thousands."""
BARREN = 50
"""Empty pages in succession that end a walk: an archive by weeks whose publisher paused for a year."""

REPEATS = "the feed's pages repeat, or never end"


class _Place(Noun):
    """Where a step begins."""

    url: str
    skip: int = 0
    """Entries of this document that earlier steps brought."""
    trail: Trail = Trail()
    barren: int = 0
    """Empty pages just before."""


class Paged:
    """The feed's own pages, one after another."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._last: tuple[str, Document] | None = None
        """What was read last, by its address: a long document takes several steps."""

    async def step(self, cursor: Cursor | None) -> Step:
        """The entries of one document, or of the next part of a long one."""
        if not self._search.feed_url:
            return Step((), None, note="there is no feed whose older pages could be asked for")
        place = _Place.model_validate(cursor) if cursor else _Place(url=self._search.feed_url)
        document = await self._document(place.url)
        if document is None:
            what = f"the page with older entries, {place.url}, is not there" if cursor else "the feed is not there"
            return Step((), None, note="" if cursor else what, gone=what if cursor else "")
        if not cursor and not _goes_on(document):
            return Step((), None, note="the feed names no page with older entries")
        return self._listed(place, document, "" if cursor else _goes_on(document))

    async def _document(self, url: str) -> Document | None:
        """The document at an address; None where there is none."""
        if self._last and self._last[0] == url:
            return self._last[1]
        response = await self._search.ask(url)
        if not is_there(response):
            return None
        document = await self._search.pool.run(parse, response)
        self._last = (url, document)
        return document

    def _listed(self, place: _Place, document: Document, note: str) -> Step:
        """A part of a document, and where the next step begins."""
        end = place.skip + AT_ONCE
        page = listing(document.entries[place.skip : end], self._search, front=place.url == self._search.feed_url)
        if end < len(document.entries):
            then = place.model_copy(update={"skip": end})
            return Step(page.found, then.model_dump(mode="json"), page.outside, page.oldest, note)
        if document.complete or not document.older_url or is_past(document.entries, self._search):
            whole = document.complete or (document.archived and not document.older_url)
            return Step(page.found, None, page.outside, page.oldest, note, whole=whole)
        barren = 0 if document.entries else place.barren + 1
        if barren > BARREN:
            return Step((), None, note="one page of the feed after another is empty")
        trail = onward(place.trail, digest(document.entries) or place.url)
        if trail is None:
            return Step((), None, note=REPEATS)
        then = _Place(url=document.older_url, trail=trail, barren=barren)
        return Step(page.found, then.model_dump(mode="json"), page.outside, page.oldest, note)


def _goes_on(document: Document) -> str:
    """What a feed says of older entries; empty where it says nothing."""
    if document.complete:
        return "the feed says that it lists everything"
    return "the feed names pages with older entries" if document.older_url else ""
