"""Looking without storing: finding a site's feed, checking a feed, reading one page.

The steps are the pipeline's own, so that what is told is what would be done.
"""

from collections import Counter

from ingest.core.amounts import counted
from ingest.core.extract.full_text import needs_page
from ingest.core.naming import feed_name
from ingest.core.parse import parse
from ingest.core.parse.discovery import discover, guesses
from ingest.core.read import page_problem, read_page
from ingest.errors import FetchError, IngestError, ParseError
from ingest.model import Document, Draft, Entry, Feed, FeedSpec, FeedStatus, Noun, Request, Response
from ingest.ports import Ports

MOST_CANDIDATES = 8
"""Addresses tried on a site that names no feed, or several."""


class Seen(Noun):
    """A feed as it is now."""

    url: str
    response: Response
    document: Document


class Checked(Noun):
    """What a check of a feed found, in words."""

    feed: str
    fine: bool
    lines: tuple[str, ...]


async def see(ports: Ports, url: str, headers: dict[str, str] | None = None) -> Seen:
    """Fetch and parse a feed.

    Raises:
        FetchError: there is no answer, or none of status 200.
        ParseError: the answer is no feed.
    """
    response = await _answer(ports, url, headers or {})
    return Seen(url=url, response=response, document=await ports.pool.run(parse, response))


async def find_feed(ports: Ports, url: str) -> Seen:
    """The feed at a URL, or the one that the page there names, or one at a usual place of the site.

    Raises:
        FetchError: the URL does not answer.
        ParseError: no feed was found.
    """
    response = await _answer(ports, url, {})
    try:
        return Seen(url=url, response=response, document=await ports.pool.run(parse, response))
    except ParseError as error:
        named = await ports.pool.run(discover, response)
        tried = (named or guesses(response.final_url))[:MOST_CANDIDATES]
        for candidate in tried:
            if seen := await _if_feed(ports, candidate):
                return seen
        where = ", ".join(tried) or "nowhere else"
        raise ParseError(f"{error}; none was found at {where} either") from error


async def check_feed(ports: Ports, reference: str, status: FeedStatus | None) -> Checked:
    """What a poll of a known feed, or of any URL, would come to."""
    spec: FeedSpec = status.feed if status else FeedSpec(url=reference, name=feed_name(reference))
    try:
        seen = await (see(ports, spec.url, spec.headers) if status else find_feed(ports, reference))
    except IngestError as error:
        return Checked(feed=reference, fine=False, lines=(str(error),))
    lines = [*_told_answer(seen), *_told_document(seen.document), *_told_full_text(spec, seen.document)]
    if status:
        lines.append(f"polled by the interval {spec.interval}; next at {status.state.due_at:%Y-%m-%dT%H:%M:%SZ}")
        if status.state.problem:
            lines.append(f"its last poll failed ({status.state.failures} in a row): {status.state.problem}")
    return Checked(feed=reference, fine=bool(seen.document.entries), lines=tuple(lines))


async def read_url(ports: Ports, url: str) -> Draft:
    """The draft of a page that no feed led to.

    Raises:
        FetchError: there is no page to read.
    """
    response = await ports.fetcher.fetch(Request(url=url, purpose="page"))
    if problem := page_problem(response):
        raise FetchError("protocol", problem[1])
    nowhere = Feed(id=0, name="none", url=url, origin="command")
    return await ports.pool.run(read_page, response, nowhere, Entry(url=url))


async def _answer(ports: Ports, url: str, headers: dict[str, str]) -> Response:
    response = await ports.fetcher.fetch(Request(url=url, purpose="feed", headers=headers))
    if response.status != 200:
        raise FetchError("protocol", f"{url}: the server answers {response.status}")
    return response


async def _if_feed(ports: Ports, url: str) -> Seen | None:
    try:
        return await see(ports, url)
    except (FetchError, ParseError):  # a candidate that is none: the caller tries the next, and tells when none is left
        return None


def _told_answer(seen: Seen) -> list[str]:
    response = seen.response
    kind = response.headers.get("content-type", "no content type")
    lines = [f"{response.status}, {kind}, {len(response.body):,} bytes"]
    if response.redirects:
        lines.append("redirected: " + ", then ".join(f"{status} to {target}" for status, target in response.redirects))
    if seen.url != response.url:
        lines.append(f"the feed is {seen.url}")
    validators = [name for name in ("etag", "last-modified") if name in response.headers]
    lines.append(f"conditional requests by {' and '.join(validators)}" if validators else "no conditional requests")
    return lines


def _told_document(document: Document) -> list[str]:
    dates = sorted(entry.published.at for entry in document.entries if entry.published)
    span = f", dated {dates[0]:%Y-%m-%d} to {dates[-1]:%Y-%m-%d}" if dates else ", none with a date"
    lines = [
        f"{document.format}: {document.title or 'without a title'}, {counted(len(document.entries), 'entry')}{span}"
    ]
    return lines + [f"odd: {warning}" for warning in document.warnings]


def _told_full_text(spec: FeedSpec, document: Document) -> list[str]:
    reasons = Counter(needs_page(spec, entry) for entry in document.entries)
    return [
        f"{counted(count, 'entry')} read from {'the page' if needed else 'the feed alone'}, since {why}"
        for (needed, why), count in reasons.most_common()
    ]
