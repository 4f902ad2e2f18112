"""Archives ─ ask ─► entries written down (pending) ─ collect ─► story, change: another door to the same way.

One task walks along the archives, the other collects what they bring, with hands of its own. The walk waits where it
is far ahead, so that what waits stays little. How far it is stands in the transaction of what it found.

Rule 1: entries of feeds go before: while one could be collected, none of a backfill is.
Rule 2: nothing is asked twice that was written down.
Rule 3: a defect that one backfill brings out ends that one alone.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Collection

import structlog

from ingest.core.backfill import verdict
from ingest.core.dedupe.url import publisher
from ingest.errors import StoreError
from ingest.model import Backfill, Outcome, PendingEntry
from ingest.pipeline.collecting import collect
from ingest.pipeline.hands import LOOK_AGAIN_S, Job, drain
from ingest.pipeline.searching import in_its_own_way
from ingest.pipeline.walking import GoneError, Walk
from ingest.ports import Ports, Shares

log = structlog.get_logger("ingest")

LOOK = dt.timedelta(seconds=5)
"""After which it is seen that somebody cancelled a backfill."""
AT_ONCE = 4
"""Backfills that the daemon works on."""


async def backfill(ports: Ports, run: Backfill) -> Backfill | None:
    """Walk on to the end, and collect what is found; None where the backfill was taken from us meanwhile."""
    ports = in_its_own_way(ports, run.spec)
    log.info("backfill.begun", backfill=run.id, feed=run.feed, via=run.spec.via)
    walk = Walk(ports, run)
    walking = asyncio.create_task(walk.to_the_end())
    try:
        await _Collection(ports, walk, walking).to_the_end()
        ended = await ports.store.backfills.end(run, verdict(walk.as_it_is), ports.clock.now())
    except GoneError:
        ended = None
    finally:
        walking.cancel()
        await asyncio.gather(walking, return_exceptions=True)
    if ended is None:
        log.warning("backfill.lost", backfill=run.id, why="it was cancelled, or another process took it over")
        return None
    ports.report(ended)
    counts = {"state", "found", "fetched", "stored", "seen", "known", "outside", "undated"}
    facts = ended.model_dump(mode="json", include=counts)
    log.info("backfill.ended", backfill=run.id, feed=run.feed, **facts)
    return ended


async def backfill_due(ports: Ports, gaps: Collection[str]) -> None:
    """Go on with backfills that nobody works on, and begin those that close gaps, by these kinds of archives."""
    working: set[asyncio.Task[None]] = set()
    try:
        while True:
            while len(working) < AT_ONCE and (run := await _next(ports, gaps)):
                working.add(asyncio.create_task(_alone(ports, run)))
            if not working:
                return
            done, working = await asyncio.wait(
                working, timeout=LOOK.total_seconds(), return_when=asyncio.FIRST_COMPLETED
            )
            for one in done:
                one.result()
    finally:
        for one in working:
            one.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _alone(ports: Ports, run: Backfill) -> None:
    """A backfill that may fail by a defect, and then ends, beside others that go on."""
    try:
        await backfill(ports, run)
    except (StoreError, asyncio.CancelledError):
        ports.store.backfills.leave(run)
        raise
    except Exception:  # rule 3
        log.exception("backfill.defect", backfill=run.id)
        await ports.store.backfills.end(run, "failed", ports.clock.now())


async def _next(ports: Ports, gaps: Collection[str]) -> Backfill | None:
    now = ports.clock.now()
    if run := await ports.store.backfills.take(None, now):
        return run
    return await ports.store.backfills.begin_for_gap(list(gaps), now) if gaps else None


class _Collection:
    """Of what the walk brings."""

    def __init__(self, ports: Ports, walk: Walk, walking: "asyncio.Task[None]") -> None:
        self._ports = ports
        self._walk = walk
        self._walking = walking
        self._look_at = self._count_at = ports.clock.now()

    async def to_the_end(self) -> None:
        """Until the walk is over and nothing waits, or there is enough."""
        job = Job(self._take, self._collect, self._renew, self._leave)
        while True:
            await drain(job, self._ports.pace.share)
            await self._look()
            if self._walk.as_it_is.is_enough:
                return
            walked = self._walking.done()
            if walked:
                self._walking.result()  # what ended it ends us
            if await self._nothing_waits(walked) and walked:
                return
            await self._ports.clock.sleep(LOOK_AGAIN_S)

    async def _nothing_waits(self, anyway: bool) -> bool:
        """Whether the database too knows of nothing; it is asked at the end, and now and then while there is nothing to
        take: polls take entries over that they show too."""
        now = self._ports.clock.now()
        if now < self._count_at and not (anyway and self._walk.waiting <= 0):
            return False
        self._count_at = now + LOOK
        async with self._walk.counting:
            run = await self._ports.store.backfills.get(self._walk.run.id)
            if run is None:
                raise GoneError
            self._walk.saw(run)
        return not run.pending

    async def _take(self, free: int, in_hand: Collection[PendingEntry]) -> list[PendingEntry]:
        await self._look()
        limit = self._walk.run.spec.limit
        free = free if limit is None else min(free, limit - self._walk.tally["stored"] - len(in_hand))
        if free <= 0 or self._ports.outlook.down:
            return []
        held = Counter(publisher(pending.entry.url) for pending in in_hand)
        now, shares = self._ports.clock.now(), Shares(self._ports.pace.share, held)
        return await self._ports.store.backfills.lease_entries(self._walk.run, now, free, shares)

    async def _collect(self, pending: PendingEntry) -> Outcome:
        outcome = await collect(self._ports, pending)
        self._walk.is_done_with(outcome)
        return outcome

    async def _renew(self, in_hand: Collection[PendingEntry]) -> None:
        await self._look()
        await self._ports.store.renew_entries([pending.id for pending in in_hand], self._ports.clock.now())

    def _leave(self, left: Collection[PendingEntry]) -> None:
        self._ports.store.leave_entries([pending.id for pending in left])

    async def _look(self) -> None:
        """Now and then, keep the backfill ours."""
        now = self._ports.clock.now()
        if now >= self._look_at:
            self._look_at = now + LOOK
            self._walk.tell(now)
            if not await self._ports.store.backfills.renew(self._walk.run, now):
                raise GoneError
