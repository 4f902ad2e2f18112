"""Pending entries ─ fetch ─ extract ─ tag ─ fingerprint ─ settle ─ save ─► story, change."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import structlog

from ingest.core import outage
from ingest.core.backfill import LONGEST_PAUSE, left_out
from ingest.core.cadence.failure import pause
from ingest.core.dedupe.settle import Settle, appeared
from ingest.core.dedupe.url import canonical, publisher
from ingest.core.extract.full_text import needs_page
from ingest.core.extract.sites import rules_for
from ingest.core.read import has_substance, page_problem, read_entry, read_page
from ingest.core.rechecks import next_recheck
from ingest.errors import FetchError, StoreError, WorkError
from ingest.model import Draft, Outcome, PendingEntry, Request, Response
from ingest.pipeline.answers import asked_wait_s, told
from ingest.pipeline.asking import page_request
from ingest.pipeline.further_pages import with_further_pages
from ingest.pipeline.hands import Job, drain
from ingest.ports import Ports, Shares

log = structlog.get_logger("ingest")

LOOK_AGAIN = dt.timedelta(minutes=1)
"""After which a page is looked at again whose server was not asked and names no time."""
RESTS_AT_MOST = dt.timedelta(days=1)
"""How long an entry waits for a server that asks for one pause after the other; then what the feed says must do."""


async def collect(ports: Ports, pending: PendingEntry) -> Outcome:
    """Take a pending entry all the way to a story, or say why not yet or not at all."""
    try:
        outcome = await _collect(ports, pending)
    except StoreError:
        raise
    except WorkError as error:
        outcome = await ports.store.give_up(pending, told(error))
    except Exception as error:  # Rule 1: a defect that one entry brings out is told with it, and stops no other
        log.exception("entry.defect", feed=pending.feed.name, url=pending.entry.url)
        outcome = await _again_or_never(ports, pending, NoPage(told(error)))
    tell = log.info if outcome.state in ("stored", "deleted") else log.warning
    facts = outcome.model_dump(mode="json", exclude_defaults=True)
    tell(f"entry.{outcome.state}", feed=pending.feed.name, url=pending.entry.url, **facts)
    ports.report(outcome)
    return outcome


async def _collect(ports: Ports, pending: PendingEntry) -> Outcome:
    entry = pending.entry
    own_page = entry.url and not entry.shares_page
    if own_page and (known := await ports.store.known_story(pending, canonical(entry.url))):
        return await ports.store.sight(pending, known, "its address is known", ports.clock.now())

    page = await _page(ports, pending)
    if isinstance(page, Response):
        pending = pending.model_copy(update={"fetched": True})
    ports.mark("collect.fetched")
    if isinstance(page, NoPage) and page.later and (wait := _next_try(ports, pending, page)):
        return await ports.store.postpone(pending, ports.clock.now() + wait, page.why, page.tried)

    draft = await _read(ports, pending, page)
    ports.mark("collect.read")
    if not has_substance(draft) or (pending.brought and not draft.article.text):
        return await ports.store.give_up(pending, draft.note or "neither the page nor the feed says anything")
    if pending.brought and (why := left_out(pending.brought, draft.article.published)):
        return await ports.store.backfills.leave_out(pending, why)
    now = ports.clock.now()
    live = draft.source == "page" and _is_live(pending, page)
    check_at = _first_recheck(ports, pending, draft, now) if live else None
    return await ports.store.save(pending, draft, Settle(ports.pace.window), now, check_at)


def _first_recheck(ports: Ports, pending: PendingEntry, draft: Draft, now: dt.datetime) -> dt.datetime | None:
    appeared_at = appeared(draft.article.published, pending.seen_at)
    return next_recheck(appeared_at, pending.seen_at, now, ports.pace.rechecks)


@dataclass(frozen=True)
class NoPage:
    """There is no page to read: why, and whether another try may bring it."""

    why: str
    later: bool = False
    pause: dt.timedelta = dt.timedelta()
    """That is asked of us."""
    tried: bool = True
    """Whether its server was asked at all."""


OUTAGE = NoPage(outage.WAITING, later=True, pause=dt.timedelta(seconds=outage.WAIT_S), tried=False)


def _is_live(pending: PendingEntry, page: Response | NoPage) -> bool:
    """Whether a page was read where its entry leads to, and not from an archive."""
    brought = pending.brought
    return isinstance(page, Response) and not (brought and (brought.page or page.url == brought.copy_url))


async def _page(ports: Ports, pending: PendingEntry) -> Response | NoPage:
    """What an archive brought with the entry, else what its address answers, else the copy that an archive keeps."""
    brought = pending.brought
    if brought and brought.page:
        return brought.page
    needed, why = needs_page(pending.feed, pending.entry)
    if not needed:
        return NoPage(why)
    page = await _fetch_page(ports, page_request(pending.feed, pending.entry.url))
    if isinstance(page, Response) or not (brought and brought.copy_url):
        return page
    if page.later and _next_try(ports, pending, page):
        return page
    copy = await _fetch_page(ports, Request(brought.copy_url, "archive"))
    if isinstance(copy, NoPage):
        return copy
    return replace(copy, url=brought.copy_url, final_url=pending.entry.url, redirects=())


async def _fetch_page(ports: Ports, request: Request) -> Response | NoPage:
    if ports.outlook.down:
        return OUTAGE
    try:
        response = await ports.fetcher.fetch(request)
    except FetchError as error:
        await ports.outlook.saw(request.url, error)
        if ports.outlook.down and error.kind in outage.UNREACHED:
            return OUTAGE
        asked = pause(error.retry_after_s, was_refused=False)
        return NoPage(str(error), error.transient, asked, tried=error.kind != "resting")
    await ports.outlook.saw(request.url, None)
    if problem := page_problem(response):
        later, why = problem
        return NoPage(why, later, pause(asked_wait_s(response)))
    return response


def _next_try(ports: Ports, pending: PendingEntry, page: NoPage) -> dt.timedelta | None:
    """How long to wait before the next try; None when there have been enough, or a backfill would wait too long."""
    if pending.brought and page.pause > LONGEST_PAUSE:
        return None
    if not page.tried:
        if page is not OUTAGE and ports.clock.now() - pending.seen_at >= RESTS_AT_MOST:
            return None
        return page.pause or LOOK_AGAIN
    waits = ports.pace.retries
    if pending.attempts >= len(waits):
        return None
    return max(waits[pending.attempts], page.pause)


async def _again_or_never(ports: Ports, pending: PendingEntry, why: NoPage) -> Outcome:
    if wait := _next_try(ports, pending, why):
        return await ports.store.postpone(pending, ports.clock.now() + wait, why.why)
    return await ports.store.give_up(pending, why.why)


def _whence(pending: PendingEntry, page: Response) -> str:
    """In words, where a page is from that does not lie at its entry's address; empty where it does."""
    if pending.brought is None or page.url != pending.brought.copy_url:
        return ""
    if page.url:
        return f"its page is gone; this is the copy at {page.url}"
    return f"it was saved without an address, as {pending.entry.guid}"


async def _read(ports: Ports, pending: PendingEntry, page: Response | NoPage) -> Draft:
    feed, entry = pending.feed, pending.entry
    if isinstance(page, NoPage):
        return await ports.pool.run(read_entry, feed, entry, page.why, ports.body_tags)
    try:
        rules = rules_for(page.final_url, ports.sites)
        draft = await ports.pool.run(read_page, page, feed, entry, rules, ports.body_tags)
        if note := _whence(pending, page):
            return draft.model_copy(update={"note": f"{draft.note}; {note}" if draft.note else note})
        if not _is_live(pending, page):
            return draft  # the pages after it would be those of today
        return await with_further_pages(ports, draft, feed, entry) if draft.article.next_page else draft
    except WorkError as error:
        return await ports.pool.run(read_entry, feed, entry, f"reading the page {error}", ports.body_tags)


async def collect_due(
    ports: Ports, feeds: Sequence[int] | None = None, due_by: dt.datetime | None = None
) -> list[Outcome]:
    """Collect the pending entries that are due (now, or by a time that is past), of all feeds or of these.

    Within an outage of our own network no page is asked for, and no entry loses a try; what the feed itself holds whole
    is stored all the same.
    """

    async def take(free: int, in_hand: Collection[PendingEntry]) -> list[PendingEntry]:
        held = Counter(publisher(pending.entry.url) for pending in in_hand)
        shares = Shares(ports.pace.share, held)
        return await ports.store.lease_entries(ports.clock.now(), free, feeds, due_by, shares)

    async def renew(in_hand: Collection[PendingEntry]) -> None:
        await ports.store.renew_entries([pending.id for pending in in_hand], ports.clock.now())

    def leave(left: Collection[PendingEntry]) -> None:
        ports.store.leave_entries([pending.id for pending in left])

    outcomes: list[Outcome] = []
    job = Job(take, lambda pending: collect(ports, pending), renew, leave)
    await drain(job, ports.pace.concurrency, outcomes.append)
    return outcomes
