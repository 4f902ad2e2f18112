"""Looking without storing: checking a feed, reading one page.

The steps are the pipeline's own, so that what is told is what would be done.
"""

from collections import Counter

from ingest.core.amounts import counted
from ingest.core.cadence import Failure, Reading, after_failure, after_success, told, told_failure
from ingest.core.extract.full_text import needs_page
from ingest.core.extract.sites import rules_for
from ingest.core.naming import feed_name
from ingest.core.parse import parse
from ingest.core.read import page_problem, read_page
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Document, Draft, Entry, Feed, FeedState, FeedStatus, Noun, Request, Response
from ingest.pipeline.answers import body_hash, failed, refused
from ingest.pipeline.asking import page_request, whole_request
from ingest.pipeline.seek import find_feed
from ingest.ports import Ports

UNLISTED = "It is not in the feed list."
NO_PAGE = "The first of these pages gives nothing: {why}. Where that stays so, the story is made from the feed alone."


class Checked(Noun):
    """What a check of a feed found, in words."""

    feed: str
    fine: bool
    lines: tuple[str, ...]


async def check_feed(ports: Ports, reference: str, status: FeedStatus | None) -> Checked:
    """What a poll of a known feed, or of a feed found at any URL, would come to."""
    return await (_check_known(ports, reference, status) if status else _check_any(ports, reference))


async def _check_known(ports: Ports, reference: str, status: FeedStatus) -> Checked:
    feed, state = status.feed, status.state
    try:
        response = await ports.fetcher.fetch(whole_request(feed, state))
        document = await ports.pool.run(parse, response) if response.status == 200 else None
    except (FetchError, ParseError, WorkError) as error:
        return _failed(ports, reference, feed, state, failed(error))
    if document is None:
        return _failed(ports, reference, feed, state, refused(response))
    return await _read(ports, reference, feed, state, response, document)


async def _check_any(ports: Ports, reference: str) -> Checked:
    try:
        seen = await find_feed(ports, reference)
    except (FetchError, ParseError, WorkError) as error:
        return Checked(feed=reference, fine=False, lines=(*told_failure(failed(error)), UNLISTED))
    feed = Feed(id=0, url=seen.url, name=feed_name(seen.url), origin="command")
    state = FeedState(feed_id=0, due_at=ports.clock.now())
    checked = await _read(ports, reference, feed, state, seen.response, seen.document)
    add = f"{UNLISTED} `ingest feeds add {seen.url}` adds it."
    return checked.model_copy(update={"lines": (f"The feed is {seen.url}.", *checked.lines, add)})


async def _read(
    ports: Ports, reference: str, feed: Feed, state: FeedState, response: Response, document: Document
) -> Checked:
    written = await ports.store.count_known(feed.id, document.entries)
    digest = body_hash(response)
    reading = Reading(response, digest, document if digest != state.body_hash else None, written)
    after = after_success(feed, state, reading, ports.pace, ports.cron).state
    told_poll = told(feed, state, after, reading, response.fetched_at)
    lines = (_answered(response), *told_poll, *await _told_pages(ports, feed, document))
    return Checked(feed=reference, fine=bool(document.entries), lines=lines)


def _failed(ports: Ports, reference: str, feed: Feed, state: FeedState, failure: Failure) -> Checked:
    now = ports.clock.now()
    after = after_failure(feed, state, failure, now, ports.pace, ports.cron)
    return Checked(feed=reference, fine=False, lines=tuple(told(feed, state, after, failure, now)))


async def read_url(ports: Ports, url: str) -> Draft:
    """The draft of a page that no feed led to.

    Raises:
        FetchError: there is no page to read.
    """
    response = await ports.fetcher.fetch(Request(url=url, purpose="page"))
    if problem := page_problem(response):
        raise FetchError("protocol", problem[1])
    nowhere = Feed(id=0, name="none", url=url, origin="command")
    return await ports.pool.run(
        read_page, response, nowhere, Entry(url=url), rules_for(response.final_url, ports.sites)
    )


def _answered(response: Response) -> str:
    """The answer itself, for people who run servers."""
    hops = "".join(f"; {status} to {target}" for status, target in response.redirects)
    validators = " and ".join(name for name in ("etag", "last-modified") if name in response.headers)
    kind = response.headers.get("content-type", "no content type")
    return f"Answer: {response.status}, {kind}, {len(response.body):,} bytes, validators: {validators or 'none'}{hops}"


async def _told_pages(ports: Ports, feed: Feed, document: Document) -> list[str]:
    """Where the articles are read, and what the first page gives: robots.txt or a wall may stand before it."""
    reasons = [needs_page(feed, entry) for entry in document.entries]
    counts = Counter((needed, why.partition(" (")[0]) for needed, why in reasons)
    told_reasons = [
        f"Of {counted(count, 'entry')} {'the page' if needed else 'the feed alone'} is to be read, since {why}."
        for (needed, why), count in counts.most_common()
    ]
    first = next((entry for entry, (needed, _) in zip(document.entries, reasons, strict=True) if needed), None)
    return [*told_reasons, await _told_page(ports, feed, first)] if first else told_reasons


async def _told_page(ports: Ports, feed: Feed, entry: Entry) -> str:
    try:
        response = await ports.fetcher.fetch(page_request(feed, entry.url))
        if problem := page_problem(response):
            return NO_PAGE.format(why=problem[1])
        draft = await ports.pool.run(read_page, response, feed, entry, rules_for(response.final_url, ports.sites))
    except (FetchError, WorkError) as error:
        return NO_PAGE.format(why=error)
    if draft.source != "page":
        return NO_PAGE.format(why=draft.note)
    return f"The first of these pages gives a text of {len(draft.article.text):,} characters."
