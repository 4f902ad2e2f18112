"""Looking without storing: checking a feed, reading one page.

The steps are the pipeline's own, so that what is told is what would be done.
"""

from collections import Counter

from ingest.core.amounts import counted
from ingest.core.cadence import Failure, Reading, after_failure, after_success, told
from ingest.core.extract.full_text import needs_page
from ingest.core.naming import feed_name
from ingest.core.parse import parse
from ingest.core.read import page_problem, read_page
from ingest.errors import FetchError, ParseError, WorkError
from ingest.model import Document, Draft, Entry, Feed, FeedSpec, FeedState, FeedStatus, Noun, Request, Response
from ingest.pipeline.answers import body_hash, failed, refused
from ingest.pipeline.asking import whole_request
from ingest.pipeline.seek import find_feed
from ingest.ports import Ports


class Checked(Noun):
    """What a check of a feed found, in words."""

    feed: str
    fine: bool
    lines: tuple[str, ...]


async def check_feed(ports: Ports, reference: str, status: FeedStatus | None) -> Checked:
    """What a poll of a known feed, or of a feed found at any URL, would come to."""
    if status:
        return await _check(ports, reference, status.feed, status.state)
    try:
        seen = await find_feed(ports, reference)
    except (FetchError, ParseError, WorkError) as error:
        return Checked(feed=reference, fine=False, lines=(str(error),))
    feed = Feed(id=0, url=seen.url, name=feed_name(seen.url), origin="command")
    checked = await _check(ports, reference, feed, FeedState(feed_id=0, due_at=ports.clock.now()))
    return checked.model_copy(update={"lines": (f"The feed is {seen.url}.", *checked.lines)})


async def _check(ports: Ports, reference: str, feed: Feed, state: FeedState) -> Checked:
    now = ports.clock.now()
    try:
        response = await ports.fetcher.fetch(whole_request(feed, state))
        document = await ports.pool.run(parse, response) if response.status == 200 else None
    except (FetchError, ParseError, WorkError) as error:
        return _failed(ports, reference, feed, state, failed(error))
    if document is None:
        return _failed(ports, reference, feed, state, refused(response))
    written = await ports.store.count_known(feed.id, document.entries)
    digest = body_hash(response)
    reading = Reading(response, digest, document if digest != state.body_hash else None, written)
    after = after_success(feed, state, reading, ports.pace, ports.cron).state
    lines = [_answered(response), *told(feed, state, after, reading, now), *_told_full_text(feed, document)]
    return Checked(feed=reference, fine=bool(document.entries), lines=tuple(lines))


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
    return await ports.pool.run(read_page, response, nowhere, Entry(url=url))


def _answered(response: Response) -> str:
    """The answer itself, for people who run servers."""
    hops = "".join(f"; {status} to {target}" for status, target in response.redirects)
    validators = " and ".join(name for name in ("etag", "last-modified") if name in response.headers)
    kind = response.headers.get("content-type", "no content type")
    return f"Answer: {response.status}, {kind}, {len(response.body):,} bytes, validators: {validators or 'none'}{hops}"


def _told_full_text(spec: FeedSpec, document: Document) -> list[str]:
    reasons = Counter(needs_page(spec, entry) for entry in document.entries)
    return [
        f"{counted(count, 'entry')} read from {'the page' if needed else 'the feed alone'}, since {why}"
        for (needed, why), count in reasons.most_common()
    ]
