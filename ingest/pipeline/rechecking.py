"""Stored entries whose time has come ─ fetch ─ read ─► a new version, the same as before, or withdrawn.

Rule 1: what fails for now is left for the next re-check; it is not tried again for its own sake.
Rule 2: a page is gone at once where its server says so for good (410), or the page itself does. Where there is only no
        page (404, or a page that says no more than that), it has to be found so twice, unless this was the last time.
Rule 3: within an outage of our own network nothing is asked, and a server that was not asked costs no re-check.
Rule 4: where the page says nothing, as it did when the story was made of what the feed says, the feed is heard again.
Rule 5: an edit that the feed showed is looked for hour by hour until a look succeeds, for a day.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence

import structlog

from ingest.core import outage
from ingest.core.dedupe.settle import Settle
from ingest.core.dedupe.url import publisher
from ingest.core.extract.full_text import needs_page
from ingest.core.extract.sites import rules_for
from ingest.core.read import page_problem, read_entry, read_page
from ingest.core.rechecks import LATER, edit_again, next_recheck
from ingest.errors import FetchError, StoreError, WorkError
from ingest.model import Draft, Recheck, Rechecked, Response
from ingest.pipeline.answers import told
from ingest.pipeline.asking import recheck_request
from ingest.pipeline.collecting import LOOK_AGAIN
from ingest.pipeline.further_pages import with_further_pages
from ingest.pipeline.hands import Job, drain
from ingest.ports import Ports, Shares

log = structlog.get_logger("ingest")

HANDS = 8
"""Re-checks in hand at once: a part of what collection has."""


async def recheck(ports: Ports, one: Recheck) -> Rechecked:
    """Look again at what a story was made from, and write down what came of it."""
    try:
        done = await _recheck(ports, one)
    except StoreError:
        raise
    except WorkError as error:
        done = await ports.store.rechecks.leave(one, told(error), _next(ports, one))
    except Exception as error:  # a defect that one page brings out is told with it, and stops no other
        log.exception("recheck.defect", feed=one.feed.name, url=one.entry.url)
        done = await ports.store.rechecks.leave(one, told(error), _next(ports, one))
    tell = log.debug if done.result in ("unchanged", "lost") else log.info
    facts = done.model_dump(mode="json", exclude_defaults=True)
    tell(f"recheck.{done.result}", feed=one.feed.name, url=one.entry.url, **facts)
    ports.report(done)
    return done


async def _recheck(ports: Ports, one: Recheck) -> Rechecked:
    needed, why = needs_page(one.feed, one.entry)
    if one.entry.url and (needed or one.source == "page"):
        return await _look(ports, one)
    return await _found(ports, one, await ports.pool.run(read_entry, one.feed, one.entry, why, ports.body_tags))


async def _look(ports: Ports, one: Recheck) -> Rechecked:
    """Ask for the page."""
    request = recheck_request(one)
    try:
        response = await ports.fetcher.fetch(request)
    except FetchError as error:
        await ports.outlook.saw(request.url, error)
        return await _unreached(ports, one, error)
    await ports.outlook.saw(request.url, None)
    ports.mark("recheck.fetched")
    if response.status == 304:
        return await _found(ports, one, None)
    if response.status == 410:
        return await _withdrawn(ports, one, "the page answers 410")
    if response.status == 404:
        return await _missing(ports, one, "the page answers 404")
    if problem := page_problem(response):
        return await _without_page(ports, one, problem[1])
    return await _read(ports, one, response)


async def _without_page(ports: Ports, one: Recheck, why: str) -> Rechecked:
    """The page says nothing now."""
    if one.source == "feed":
        return await _found(ports, one, await ports.pool.run(read_entry, one.feed, one.entry, why, ports.body_tags))
    return await ports.store.rechecks.leave(one, why, _next(ports, one))


async def _read(ports: Ports, one: Recheck, response: Response) -> Rechecked:
    rules = rules_for(response.final_url, ports.sites)
    draft = await ports.pool.run(read_page, response, one.feed, one.entry, rules, ports.body_tags)
    problem = draft.problem
    ports.mark("recheck.read")
    if problem == "withdrawn":
        return await _withdrawn(ports, one, "the page says that the article was removed")
    if problem == "soft-404":
        return await _missing(ports, one, "the page says that there is none")
    if problem:
        return await _without_page(ports, one, f"the page says nothing ({problem})")
    if draft.article.next_page:
        draft = await with_further_pages(ports, draft, one.feed, one.entry)
    if draft.pages < one.pages:
        return await ports.store.rechecks.leave(one, draft.note or "it has fewer pages", _next(ports, one))
    return await _found(ports, one, draft)


async def _unreached(ports: Ports, one: Recheck, error: FetchError) -> Rechecked:
    """Nobody answered: it costs the re-check, unless that was not the server's fault."""
    ours = ports.outlook.down and error.kind in outage.UNREACHED
    if not ours and error.kind != "resting":
        return await _without_page(ports, one, told(error))
    wait = dt.timedelta(seconds=error.retry_after_s) if error.retry_after_s else LOOK_AGAIN
    return await ports.store.rechecks.leave(one, told(error), ports.clock.now() + wait, counted=False)


async def _found(ports: Ports, one: Recheck, draft: Draft | None) -> Rechecked:
    now, settle = ports.clock.now(), Settle(ports.pace.window)
    return await ports.store.rechecks.found(one, draft, settle, now, _scheduled(ports, one))


async def _withdrawn(ports: Ports, one: Recheck, why: str) -> Rechecked:
    now = ports.clock.now()
    return await ports.store.rechecks.withdraw(one, why, now, None if one.withdrawn else now + LATER)


async def _missing(ports: Ports, one: Recheck, why: str) -> Rechecked:
    next_at = _next(ports, one)
    if one.missing or next_at is None:
        return await _withdrawn(ports, one, why)
    return await ports.store.rechecks.miss(one, why, next_at)


def _next(ports: Ports, one: Recheck) -> dt.datetime | None:
    """After a look that failed. A withdrawn story is looked at once more, whatever comes of it."""
    now = ports.clock.now()
    dues = () if one.withdrawn else (_scheduled(ports, one), edit_again(one.edited_at, now))
    return min((at for at in dues if at), default=None)


def _scheduled(ports: Ports, one: Recheck) -> dt.datetime | None:
    """For stories of the feed's own content there is none: the feed itself shows what is new."""
    waits = ports.pace.rechecks if one.source == "page" else ()
    return next_recheck(one.appeared_at, one.seen_at, ports.clock.now(), waits)


async def recheck_due(
    ports: Ports, feeds: Sequence[int] | None = None, due_by: dt.datetime | None = None
) -> list[Rechecked]:
    """Look again at what is due (now, or by a time that is past), of all feeds or of these, once pending entries are
    in hand; within an outage of our own network at nothing."""

    async def take(free: int, in_hand: Collection[Recheck]) -> list[Recheck]:
        if ports.outlook.down:
            return []
        held = Counter(publisher(one.entry.url) for one in in_hand)
        return await ports.store.rechecks.lease(ports.clock.now(), free, feeds, due_by, Shares(ports.pace.share, held))

    async def renew(in_hand: Collection[Recheck]) -> None:
        await ports.store.rechecks.renew([one.id for one in in_hand], ports.clock.now())

    def leave(left: Collection[Recheck]) -> None:
        ports.store.leave_entries([one.id for one in left])

    done: list[Rechecked] = []
    job = Job(take, lambda one: recheck(ports, one), renew, leave)
    await drain(job, min(HANDS, ports.pace.concurrency), done.append)
    return done
