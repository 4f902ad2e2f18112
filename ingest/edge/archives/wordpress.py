"""Sites made with WordPress: their interface for programs where it is open, else `?paged=N` on the feed's own address.

The interface lists the posts of the whole site, so that it is asked only for a feed that does so too; the pages of a
feed list what the feed does. Whether a feed has such pages is tried: its second one must go back in time. Servers that
answer every number with page one are known by that, and by pages that repeat.
"""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Literal
from urllib.parse import urldefrag, urlencode, urljoin

from ingest.core.archives.circles import Trail, onward
from ingest.core.archives.pages import dated, digest, is_past, listing, oldest, reach
from ingest.core.parse import parse
from ingest.core.parse.fields import NAME_MAX
from ingest.core.parse.wordpress import api_root, lists_all, pages_in_all, posts, says_no_more
from ingest.edge.archives.answers import is_there, without
from ingest.errors import FetchError, ParseError
from ingest.model import Cursor, Document, Entry, Noun, Response, Step
from ingest.ports import Search

PER_PAGE = 100
"""The most that WordPress gives at once."""
FEWER = 20
"""Where so many are too much for the server or for us; a divisor, so that no post is left out."""
TOO_MUCH = frozenset({500, 502, 504})
"""What a server answers that runs out of memory or time."""
MARGIN = dt.timedelta(days=1)
"""Around the range as it is asked for: older versions take the times for those of the site's own zone."""
FIELDS = "date,date_gmt,modified,modified_gmt,guid,link,title,excerpt,content,_links,_embedded"
REPEATS = "the pages repeat, or never end"


class _Place(Noun):
    """Where a step begins."""

    mode: Literal["posts", "feed"]
    url: str
    """The root of the interface, or the feed."""
    guessed: bool = False
    """Whether nobody named it."""
    page: int = 1
    size: int = PER_PAGE
    """Posts of one page."""
    site: str = ""
    """What the publication is called."""
    trail: Trail = Trail()

    @property
    def next(self) -> Cursor:
        """The page behind it."""
        return self.model_copy(update={"page": self.page + 1}).model_dump(mode="json")


def _without(place: _Place, error: FetchError) -> Step:
    """The step past a page that cannot be had for now.

    Raises:
        FetchError: that error, of the first page, which shows whether there are any, and of one that never can be had.
    """
    if error.transient and place.page > 1:
        return without(Step((), place.next), error)
    raise error


class WordPress:
    """The posts of a site, or the pages of its feed."""

    def __init__(self, search: Search) -> None:
        self._search = search

    async def step(self, cursor: Cursor | None) -> Step:
        """The entries of one page."""
        if cursor is None:
            return await self._first()
        place = _Place.model_validate(cursor)
        if place.mode == "posts":
            note = f"the posts at {place.url} are no longer there, from page {place.page} on"
            gone = Step((), None, gone=note)
            return await self._posts(place) or gone
        try:
            entries = await self._page_of_feed(place)  # what is there and cannot be read is not its end
        except FetchError as error:
            return _without(place, error)
        return Step((), None) if entries is None else self._listed(place, entries)

    async def _first(self) -> Step:
        """The first page of the interface, if it is open; else the first two of the feed."""
        response, feed = await self._feed()
        where = response.final_url if response else self._search.feed_url
        title = feed.title[:NAME_MAX] if feed else ""
        async for root, guessed in self._roots(response):
            if not where or lists_all(where, root):
                step = await self._opened(_Place(mode="posts", url=root, guessed=guessed, site=title))
                if step:
                    return step
        return await self._first_of_feed(where, feed.entries if feed else ())

    async def _feed(self) -> tuple[Response | None, Document | None]:
        """What the feed answers, and what it lists; each None where it does not."""
        if not self._search.feed_url:
            return None, None
        try:
            response = await self._search.ask(self._search.feed_url)
            if not is_there(response):
                return None, None
            return response, await self._search.pool.run(parse, response)
        except FetchError as error:
            if error.transient:
                raise
            return None, None
        except ParseError:
            return response, None

    # The interface

    async def _roots(self, feed: Response | None) -> AsyncIterator[tuple[str, bool]]:
        """Where the interface may lie, and whether that is guessed: where the feed or the page of the site says, or
        at its usual places."""
        for answer in (feed, await self._site_page()):
            if answer and (named := await self._search.pool.run(api_root, answer)):
                yield named, False
                return
        page = self._search.site_url or urljoin(self._search.feed_url, "/")
        home = urldefrag(page).url.partition("?")[0].rstrip("/")
        if home:
            yield f"{home}/wp-json/", True
            yield f"{home}/?rest_route=/", True

    async def _site_page(self) -> Response | None:
        if not self._search.site_url:
            return None
        try:
            response = await self._search.ask(self._search.site_url)
        except FetchError as error:
            if error.transient:
                raise
            return None
        return response if response.status == 200 else None

    async def _opened(self, place: _Place) -> Step | None:
        """The first step along the interface; None where it is not open.

        A place that was guessed may answer anything; if the server is only in trouble, the next question shows it.
        """
        try:
            return await self._posts(place)
        except ParseError:
            return None
        except FetchError as error:
            closed = not error.transient or (place.guessed and error.status and error.status >= 500)
            if not closed:
                raise
            return None

    async def _posts(self, place: _Place) -> Step | None:
        """One page of posts; None where there is none. Where so many are too much, fewer are asked for."""
        try:
            response = await self._search.ask(self._question(place), place.guessed)
            if not _is_too_much(place, response.status):
                return await self._posts_in(place, response)
        except FetchError as error:
            if place.size == FEWER or error.kind not in ("too-large", "timeout"):
                return _without(place, error)
        page = (place.page - 1) * (place.size // FEWER) + 1
        return await self._posts(place.model_copy(update={"size": FEWER, "page": page, "trail": Trail()}))

    async def _posts_in(self, place: _Place, response: Response) -> Step | None:
        """The posts in an answer; None where there are none."""
        if says_no_more(response):
            return Step((), None, whole=True)
        if not is_there(response):
            return None
        entries = await self._search.pool.run(posts, response, place.site)
        note = f"the site is made with WordPress, whose posts are listed at {place.url}" if place.page == 1 else ""
        return self._listed(place, entries, note, pages_in_all(response))

    def _question(self, place: _Place) -> str:
        root = place.url.removesuffix("%2F").rstrip("/")
        asked: dict[str, object] = {"per_page": place.size, "page": place.page, "orderby": "date", "order": "desc"}
        if self._search.since:
            asked["after"] = _stamp(self._search.since - MARGIN)
        if self._search.until:
            asked["before"] = _stamp(self._search.until + MARGIN)
        query = urlencode(asked | {"_embed": "author,wp:term", "_fields": FIELDS}, safe=",:")
        return f"{root}/wp/v2/posts{'&' if '?' in root else '?'}{query}"

    # The feed

    async def _first_of_feed(self, url: str, one: Sequence[Entry]) -> Step:
        """The first two pages of a feed, if the second goes back in time."""
        place = _Place(mode="feed", url=urldefrag(url).url, guessed=True, page=2)
        two = await self._second_of_feed(place) if oldest(one) else None
        if not two or not _goes_back(one, two):
            return Step((), None, note="no open list of posts, and no further pages of the feed, as WordPress has them")
        trail = onward(Trail(), digest(one)) or Trail()
        note = "the feed has older pages, as WordPress numbers them"
        step = self._listed(place.model_copy(update={"trail": trail}), two, note)
        first = listing(one, self._search)
        return replace(step, found=first.found + step.found, outside=first.outside + step.outside)

    async def _second_of_feed(self, place: _Place) -> tuple[Entry, ...] | None:
        """What the second page lists; None where there is none, be it that something else is there."""
        try:
            return await self._page_of_feed(place)
        except ParseError:
            return None
        except FetchError as error:
            if error.transient:
                raise
            return None

    async def _page_of_feed(self, place: _Place) -> tuple[Entry, ...] | None:
        """What a numbered page of the feed lists; None where there is none."""
        url = f"{place.url}{'&' if '?' in place.url else '?'}paged={place.page}"
        response = await self._search.ask(url, guessed=True)
        return (await self._search.pool.run(parse, response)).entries if is_there(response) else None

    # Both

    def _listed(self, place: _Place, entries: Sequence[Entry], note: str = "", pages: int | None = None) -> Step:
        """The entries of a page, and where the next step begins."""
        trail = onward(place.trail, digest(entries)) if entries else place.trail
        if trail is None:
            return Step((), None, note=REPEATS)
        page = listing(entries, self._search)
        whole = pages is not None and place.page >= pages
        ends = not entries or is_past(entries, self._search) or whole
        then = place.model_copy(update={"trail": trail}).next
        return Step(page.found, None if ends else then, page.outside, page.oldest, note, whole=whole)


def _is_too_much(place: _Place, status: int) -> bool:
    """Whether a server that answers so may give fewer posts."""
    return place.size > FEWER and (status in TOO_MUCH or (status == 400 and place.page == 1))


def _goes_back(one: Sequence[Entry], two: Sequence[Entry]) -> bool:
    """Whether the second page goes on from the first: beyond what is pinned there, and with other entries, which may
    be of the same day or batch."""
    first, second = (reach(filter(None, map(dated, page))) for page in (one, two))
    return first is not None and second is not None and second <= first and digest(one) != digest(two)


def _stamp(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
