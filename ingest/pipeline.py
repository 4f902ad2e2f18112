"""The way of the data, as plain functions over Ports.

    due feeds ─ fetch ─ parse ─► entries written down (pending)                                poll
    pending entries ─ fetch ─ extract ─ tag ─ fingerprint ─ settle ─ save ─► story, change     collect

The two hand-overs, the pending entry and the change, are rows in the database. Whatever dies between them is taken up
again from there: each step can be repeated, and every write is one transaction.

Rule 1: what goes wrong with one feed or one entry is written down with it and harms no other.
Rule 2: what the database refuses (StoreError) ends the work, since nothing can be kept.
"""

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import structlog

from ingest.core import cadence
from ingest.core.dates import moment
from ingest.core.dedupe.settle import settle
from ingest.core.dedupe.url import canonical
from ingest.core.extract.full_text import needs_page
from ingest.core.parse import parse
from ingest.core.read import has_substance, page_problem, read_entry, read_page
from ingest.errors import FetchError, IngestError, ParseError, StoreError, WorkError
from ingest.model import Draft, Feed, FeedState, Outcome, PendingEntry, Polled, Request, Response, WrittenDown
from ingest.ports import Conclusion, Ports

log = structlog.get_logger("ingest")

Item = TypeVar("Item")
Done = TypeVar("Done")

LOOK_AGAIN_S = 0.2
"""How long to wait before looking again for what is due."""
RENEW_S = 20
"""A third of a lease, so that two renewals may fail."""


async def poll(ports: Ports, feed: Feed, state: FeedState) -> Polled:
    """Ask a feed, and write down what is new in it."""
    try:
        polled = await _poll(ports, feed, state)
    except StoreError:
        raise
    except (FetchError, ParseError, WorkError) as error:
        polled = await _poll_failed(ports, feed, state, error)
    except Exception as error:  # Rule 1: a defect that one feed brings out is told with it, and stops no other
        log.exception("feed.defect", feed=feed.name)
        polled = await _poll_failed(ports, feed, state, error)
    report = log.warning if polled.result == "failed" else log.info
    report("feed.polled", **polled.model_dump(mode="json", exclude_defaults=True))
    return polled


async def _poll(ports: Ports, feed: Feed, state: FeedState) -> Polled:
    response = await ports.fetcher.fetch(
        Request(url=feed.url, purpose="feed", headers=feed.headers, etag=state.etag, last_modified=state.last_modified)
    )
    ports.mark("poll.fetched")
    if response.status not in (200, 304):
        raise FetchError("protocol", f"the server answers {response.status}", retry_after_s(response))
    body_hash = state.body_hash if response.status == 304 else hashlib.sha256(response.body).hexdigest()
    changed = body_hash != state.body_hash
    document = await ports.pool.run(parse, response) if changed else None
    ports.mark("poll.parsed")

    def conclude(written: WrittenDown) -> Conclusion:
        after = cadence.after_success(feed, state, response, body_hash, written.new > 0, ports.pace, ports.cron)
        return Conclusion(cadence.described(after, document) if document else after)

    written = await ports.store.write_down(feed.id, document.entries if document else (), conclude, response.fetched_at)
    ports.mark("poll.written")
    return Polled(
        feed=feed.name,
        result="read" if document else "unchanged",
        new=written.new,
        known=written.known,
        problem="; ".join(document.warnings) if document else "",
        due_at=conclude(written).state.due_at,
    )


async def _poll_failed(ports: Ports, feed: Feed, state: FeedState, error: Exception) -> Polled:
    asked_s = error.retry_after_s if isinstance(error, FetchError) else None
    now = ports.clock.now()
    after = cadence.after_failure(feed, state, _told(error), asked_s, now, ports.pace, ports.cron)
    await ports.store.write_down(feed.id, (), lambda _: Conclusion(after), now)
    return Polled(feed=feed.name, result="failed", problem=after.problem, due_at=after.due_at)


async def collect(ports: Ports, pending: PendingEntry) -> Outcome:
    """Take a pending entry all the way to a story, or say why not yet or not at all."""
    try:
        outcome = await _collect(ports, pending)
    except StoreError:
        raise
    except WorkError as error:
        outcome = await ports.store.give_up(pending, _told(error))
    except Exception as error:  # Rule 1: a defect that one entry brings out is told with it, and stops no other
        log.exception("entry.defect", feed=pending.feed.name, url=pending.entry.url)
        outcome = await _again_or_never(ports, pending, NoPage(_told(error)))
    report = log.info if outcome.state == "stored" else log.warning
    facts = outcome.model_dump(mode="json", exclude_defaults=True)
    report(f"entry.{outcome.state}", feed=pending.feed.name, url=pending.entry.url, **facts)
    return outcome


async def _collect(ports: Ports, pending: PendingEntry) -> Outcome:
    feed, entry = pending.feed, pending.entry
    if entry.url and (known := await ports.store.story_at([canonical(entry.url)])):
        return await ports.store.sight(pending, known, "its address is known", ports.clock.now())

    needed, why = needs_page(feed, entry)
    page = await _fetch_page(ports, pending) if needed else NoPage(why)
    ports.mark("collect.fetched")
    if isinstance(page, NoPage) and page.later and (wait := _next_try(ports, pending, page)):
        return await ports.store.postpone(pending, ports.clock.now() + wait, page.why)

    draft = await _read(ports, pending, page)
    ports.mark("collect.read")
    if not has_substance(draft):
        return await ports.store.give_up(pending, draft.note or "neither the page nor the feed says anything")
    return await ports.store.save(pending, draft, settle, ports.clock.now())


@dataclass(frozen=True)
class NoPage:
    """There is no page to read: why, and whether another try may bring it."""

    why: str
    later: bool = False
    retry_after_s: float | None = None


async def _fetch_page(ports: Ports, pending: PendingEntry) -> Response | NoPage:
    try:
        response = await ports.fetcher.fetch(Request(url=pending.entry.url, purpose="page"))
    except FetchError as error:
        return NoPage(str(error), error.transient, error.retry_after_s)
    if problem := page_problem(response):
        later, why = problem
        return NoPage(why, later, retry_after_s(response))
    return response


def _next_try(ports: Ports, pending: PendingEntry, page: NoPage) -> dt.timedelta | None:
    """How long to wait before the next try; None when there have been enough."""
    waits = ports.pace.retries
    if pending.attempts >= len(waits):
        return None
    return max(waits[pending.attempts], dt.timedelta(seconds=page.retry_after_s or 0))


async def _again_or_never(ports: Ports, pending: PendingEntry, why: NoPage) -> Outcome:
    if wait := _next_try(ports, pending, why):
        return await ports.store.postpone(pending, ports.clock.now() + wait, why.why)
    return await ports.store.give_up(pending, why.why)


async def _read(ports: Ports, pending: PendingEntry, page: Response | NoPage) -> Draft:
    feed, entry = pending.feed, pending.entry
    if isinstance(page, NoPage):
        return await ports.pool.run(read_entry, feed, entry, page.why)
    try:
        return await ports.pool.run(read_page, page, feed, entry)
    except WorkError as error:
        return await ports.pool.run(read_entry, feed, entry, f"reading the page {error}")


async def poll_due(ports: Ports) -> list[Polled]:
    """Poll the feeds that are due."""

    async def claim(limit: int) -> list[tuple[Feed, FeedState]]:
        return await ports.store.claim_feeds(ports.clock.now(), limit)

    return await drain(claim, lambda claimed: poll(ports, *claimed), ports.pace.concurrency)


async def poll_now(ports: Ports, feeds: Sequence[int]) -> list[Polled]:
    """Poll these feeds once each, due or not."""
    waiting = list(feeds)

    async def claim(limit: int) -> list[tuple[Feed, FeedState]]:
        batch, waiting[:] = waiting[:limit], waiting[limit:]
        return await ports.store.claim_feeds(ports.clock.now(), limit, only=batch, even_if_not_due=True)

    return await drain(claim, lambda claimed: poll(ports, *claimed), ports.pace.concurrency)


async def collect_due(
    ports: Ports, feeds: Sequence[int] | None = None, due_by: dt.datetime | None = None
) -> list[Outcome]:
    """Collect the pending entries that are due (now, or by a time that is past), of all feeds or of these."""

    async def lease(limit: int) -> list[PendingEntry]:
        return await ports.store.lease_entries(ports.clock.now(), limit, feeds, due_by)

    return await drain(lease, lambda pending: collect(ports, pending), ports.pace.concurrency)


async def poll_and_collect(
    ports: Ports, polling: Awaitable[list[Polled]], feeds: Sequence[int] | None = None
) -> tuple[list[Polled], list[Outcome]]:
    """Poll, collect what is due then, and wait for what another process has in hand.

    What fails for now is not tried again here: it is due later.
    """
    renewing = asyncio.ensure_future(_renew(ports))
    try:
        polled = await polling
        begun = ports.clock.now()
        outcomes = await collect_due(ports, feeds, begun)
        while await ports.store.held_elsewhere(ports.clock.now(), feeds):
            await ports.clock.sleep(LOOK_AGAIN_S)
            outcomes += await collect_due(ports, feeds, begun)
        return polled, outcomes
    finally:
        renewing.cancel()


async def _renew(ports: Ports) -> None:
    while True:
        await ports.clock.sleep(RENEW_S)
        await ports.store.renew(ports.clock.now())


async def drain(
    take: Callable[[int], Awaitable[Sequence[Item]]], work: Callable[[Item], Awaitable[Done]], hands: int
) -> list[Done]:
    """Keep up to `hands` pieces in work until `take` gives none.

    More are taken once half of the hands are free, and after a moment in any case, so that slow pieces hold up no
    other. When cancelled, or when one piece raises, those in work are cancelled and awaited.
    """
    done: list[Done] = []
    working: set[asyncio.Future[Done]] = set()
    try:
        while True:
            free = hands - len(working)
            taken = await take(free) if free else ()
            working |= {asyncio.ensure_future(work(item)) for item in taken}
            if not working:
                return done
            finished = await _until(working, hands // 2 if taken else 0)
            working -= finished
            done += [future.result() for future in finished]
    finally:
        for future in working:
            future.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _until(working: set[asyncio.Future[Done]], few: int) -> set[asyncio.Future[Done]]:
    """Those that are done once no more than `few` are left, or a moment has passed."""
    waiting, deadline = working, asyncio.get_running_loop().time() + LOOK_AGAIN_S
    while len(waiting) > few and (left := deadline - asyncio.get_running_loop().time()) > 0:
        _, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    return working - waiting


def retry_after_s(response: Response) -> float | None:
    """Seconds that the server asks us to wait, by its Retry-After (RFC 9110, 10.2.3); None if it does not."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value[:9])
    until = moment(value, response.fetched_at)
    return max(0.0, (until.at - response.fetched_at).total_seconds()) if until else None


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, IngestError) else f"unexpected {type(error).__name__}: {error}"
