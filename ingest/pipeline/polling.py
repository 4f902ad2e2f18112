"""Due feeds ─ fetch ─ parse ─► entries written down (pending)."""

import datetime as dt
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog

from ingest.core import cadence, outage
from ingest.core.cadence import Failure, whereabouts
from ingest.core.cadence.failure import OUTAGE
from ingest.core.dedupe.url import publisher
from ingest.core.parse import parse
from ingest.errors import FetchError, ParseError, StoreError, WorkError
from ingest.model import Entry, Feed, FeedState, Polled, WrittenDown
from ingest.pipeline.answers import body_hash, failed, refused, told
from ingest.pipeline.asking import address, feed_request
from ingest.pipeline.hands import Job, drain
from ingest.pipeline.seek import find_feed
from ingest.ports import Conclude, Conclusion, Ports, Shares

log = structlog.get_logger("ingest")

Claimed = tuple[Feed, FeedState]


async def poll(ports: Ports, feed: Feed, state: FeedState) -> Polled:
    """Ask a feed, and write down what is new in it."""
    try:
        polled = await _poll(ports, feed, state)
    except StoreError:
        raise
    except (FetchError, ParseError, WorkError) as error:
        polled = await _poll_failed(ports, feed, state, failed(error))
    except Exception as error:  # Rule 1: a defect that one feed brings out is told with it, and stops no other
        log.exception("feed.defect", feed=feed.name)
        polled = await _poll_failed(ports, feed, state, failed(error))
    if polled.result == "failed" or polled.new or polled.problem:
        report = log.warning if polled.result == "failed" else log.info
        report("feed.polled", **polled.model_dump(mode="json", exclude_defaults=True))
    else:
        log.debug("feed.polled", feed=feed.name, result=polled.result)
    ports.report(polled)
    return polled


async def _poll(ports: Ports, feed: Feed, state: FeedState) -> Polled:
    request = feed_request(feed, state)
    try:
        response = await ports.fetcher.fetch(request)
    except FetchError as error:
        await ports.outlook.saw(request.url, error)
        raise
    await ports.outlook.saw(request.url, None)
    ports.mark("poll.fetched")
    unasked = response.status == 304 and not (request.etag or request.last_modified)
    if unasked or response.status not in (200, 304):
        return await _poll_failed(ports, feed, state, refused(response))
    digest = state.body_hash if response.status == 304 else body_hash(response)
    document = await ports.pool.run(parse, response) if digest != state.body_hash else None
    ports.mark("poll.parsed")

    def conclude(written: WrittenDown) -> Conclusion:
        reading = cadence.Reading(response, digest, document, written)
        return cadence.after_success(feed, state, reading, ports.pace, ports.cron)

    entries = document.entries if document else ()
    written, conclusion = await _write_down(ports, feed, entries, conclude, response.fetched_at)
    ports.mark("poll.written")
    _tell_change(feed, state, conclusion)
    return Polled(
        feed=feed.name,
        result="read" if document else "unchanged",
        new=written.new,
        known=written.known,
        problem="; ".join(document.warnings) if document else "",
        due_at=_next(conclusion.state),
    )


async def _poll_failed(ports: Ports, feed: Feed, state: FeedState, failure: Failure) -> Polled:
    now = ports.clock.now()
    charged = cadence.after_failure(feed, state, failure, now, ports.pace, ports.cron)
    if whereabouts.is_sought(charged, now):
        charged = await _seek(ports, feed, charged)

    def conclude(_: WrittenDown) -> Conclusion:
        """Decided when it is written: a failure that comes in before the outage is known is taken back, none later."""
        ours = ports.outlook.down and failure.kind in outage.UNREACHED
        return Conclusion(outage.uncharged(state, now) if ours else charged)

    _, conclusion = await _write_down(ports, feed, (), conclude, now)
    _tell_change(feed, state, conclusion)
    after = conclusion.state
    problem = outage.excused(failure.problem) if after.failure == OUTAGE else failure.problem
    return Polled(feed=feed.name, result="failed", problem=problem, due_at=_next(after))


def _next(state: FeedState) -> dt.datetime | None:
    return None if state.ended else state.due_at


async def _write_down(
    ports: Ports, feed: Feed, entries: Sequence[Entry], conclude: Conclude, now: dt.datetime
) -> tuple[WrittenDown, Conclusion]:
    """What was written, with the very conclusion that it was written with; none was drawn of a feed that is removed."""
    drawn: list[Conclusion] = []

    def draw(written: WrittenDown) -> Conclusion:
        drawn.append(conclude(written))
        return drawn[-1]

    written = await ports.store.write_down(feed.id, entries, draw, now)
    return written, drawn[-1] if drawn else conclude(written)


def _tell_change(feed: Feed, before: FeedState, conclusion: Conclusion) -> None:
    """What operators should hear of: a move, an end, a twin, a find, a gap."""
    after = conclusion.state
    if after.notice and after.notice != before.notice:
        log.warning("feed.notice", feed=feed.name, notice=after.notice)
    if gap := conclusion.gap:
        log.warning("feed.gap", feed=feed.name, since=gap.since.isoformat(), until=gap.until.isoformat())


async def _seek(ports: Ports, feed: Feed, state: FeedState) -> FeedState:
    """Look for a broken feed on its site."""
    now = ports.clock.now()
    try:
        seen = await find_feed(ports, whereabouts.site_of(feed, state))
    except (FetchError, ParseError, WorkError) as error:
        log.info("feed.not-found", feed=feed.name, why=told(error))
        return whereabouts.not_found(state, now)
    if seen.url == address(feed, state):
        return whereabouts.not_found(state, now)
    return whereabouts.found(state, seen.url, seen.document, ports.pace.heal, now)


async def poll_due(ports: Ports, due_by: dt.datetime | None = None) -> list[Polled]:
    """Poll the feeds that are due: the longest due first, fairly over the publishers; within an outage only probes.

    Args:
        due_by: a time that is past asks each feed once, since a poll makes it due later; default: now, so that a feed
            whose turn comes round while slower ones are asked is asked again.
    """

    async def take(free: int, in_hand: Collection[Claimed]) -> list[Claimed]:
        if not (room := ports.outlook.room(free)):
            return []
        held = Counter(publisher(address(*claimed)) for claimed in in_hand)
        shares = Shares(ports.pace.share, held)
        return await ports.store.claim_feeds(ports.clock.now(), room, due_by=due_by, shares=shares)

    return await _polled(ports, take)


async def poll_now(ports: Ports, feeds: Sequence[int]) -> list[Polled]:
    """Poll these feeds once each, due or not."""
    waiting = list(feeds)

    async def take(free: int, _: Collection[Claimed]) -> list[Claimed]:
        batch, waiting[:] = waiting[:free], waiting[free:]
        return await ports.store.claim_feeds(ports.clock.now(), free, only=batch, even_if_not_due=True)

    return await _polled(ports, take)


async def _polled(ports: Ports, take: Callable[[int, Collection[Claimed]], Awaitable[list[Claimed]]]) -> list[Polled]:
    async def renew(in_hand: Collection[Claimed]) -> None:
        await ports.store.renew_feeds([feed.id for feed, _ in in_hand], ports.clock.now())

    def leave(left: Collection[Claimed]) -> None:
        ports.store.leave_feeds([feed.id for feed, _ in left])

    polled: list[Polled] = []
    job = Job(take, lambda claimed: poll(ports, *claimed), renew, leave)
    await drain(job, ports.pace.concurrency, polled.append)
    return polled
