"""Looking without storing: checking a feed, reading one page.

The steps are the pipeline's own, so that what is told is what would be done.
"""

from collections import Counter

from ingest.core.amounts import counted
from ingest.core.extract.full_text import needs_page
from ingest.core.naming import feed_name
from ingest.core.read import page_problem, read_page
from ingest.errors import FetchError, IngestError
from ingest.model import Document, Draft, Entry, Feed, FeedSpec, FeedStatus, Noun, Request
from ingest.pipeline.seek import Seen, find_feed, see
from ingest.ports import Ports


class Checked(Noun):
    """What a check of a feed found, in words."""

    feed: str
    fine: bool
    lines: tuple[str, ...]


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
