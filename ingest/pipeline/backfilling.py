"""Archives ─ ask ─► entries written down (pending) ─ collect ─► story, change: another door to the same way.

One task walks along the archives, the other collects what they bring, with hands of its own. The walk waits where it
is far ahead, so that what waits stays little. How far it is stands in the transaction of what it found.

Rule 1: entries of feeds go before: while one could be collected, none of a backfill is.
Rule 2: nothing is asked twice that was written down; a step that was not is repeated.
Rule 3: an archive that cannot be asked is tried again after some waits; then the next one is walked. A part of one that
        cannot be had is missed, and the walk goes on behind it.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Collection

import structlog

from ingest.core.backfill import LONGEST_PAUSE, UNDATED, advanced, given_up, verdict, without
from ingest.core.cadence.failure import pause
from ingest.core.dedupe.url import publisher
from ingest.errors import FetchError, ParseError, StoreError, WorkError
from ingest.model import Backfill, Outcome, PendingEntry, Step
from ingest.pipeline.answers import told
from ingest.pipeline.collecting import collect
from ingest.pipeline.hands import LOOK_AGAIN_S, Job, drain
from ingest.pipeline.logged import Logged
from ingest.pipeline.searching import in_its_own_way, search_for
from ingest.ports import Archive, PartError, Ports, Shares

log = structlog.get_logger("ingest")

AHEAD = 200
"""Entries that wait while the walk goes on."""
LOOK = dt.timedelta(seconds=5)
"""After which it is seen that somebody cancelled a backfill."""
AT_ONCE = 4
"""Backfills that the daemon works on."""
OUTAGE_S = 30.0
"""After which the walk looks again whether our own network is up."""


class GoneError(Exception):
    """The backfill is ours no more: it was cancelled, or another process took it over."""


async def backfill(ports: Ports, run: Backfill) -> Backfill | None:
    """Walk on to the end, and collect what is found; None where the backfill was taken from us meanwhile."""
    ports = in_its_own_way(ports, run.spec)
    log.info("backfill.begun", backfill=run.id, feed=run.feed, via=run.spec.via)
    walk = _Walk(ports, run)
    walking = asyncio.create_task(walk.to_the_end())
    try:
        await _Collection(ports, walk, walking).to_the_end()
        ended = await ports.store.backfills.end(run, verdict(walk.run), ports.clock.now())
    except GoneError:
        ended = None
    finally:
        walking.cancel()
        await asyncio.gather(walking, return_exceptions=True)
    if ended is None:
        log.warning("backfill.lost", backfill=run.id, why="it was cancelled, or another process took it over")
        return None
    ports.report(ended)
    facts = ended.model_dump(mode="json", include={"state", "found", "stored", "seen", "known", "outside", "undated"})
    log.info("backfill.ended", backfill=run.id, feed=run.feed, **facts)
    return ended


async def backfill_due(ports: Ports, gaps: Collection[str]) -> None:
    """Go on with backfills that nobody works on, and begin those that close gaps, by these kinds of archives."""
    working: set[asyncio.Task[Backfill | None]] = set()
    try:
        while True:
            while len(working) < AT_ONCE and (run := await _next(ports, gaps)):
                working.add(asyncio.create_task(backfill(ports, run)))
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


async def _next(ports: Ports, gaps: Collection[str]) -> Backfill | None:
    now = ports.clock.now()
    if run := await ports.store.backfills.take(None, now):
        return run
    return await ports.store.backfills.begin_for_gap(list(gaps), now) if gaps else None


class _Walk:
    """Along the archives, step by step."""

    def __init__(self, ports: Ports, run: Backfill) -> None:
        self._ports = ports
        self.run = run
        """As it was after the last step; of its counts, those at the beginning."""
        self.tally, self._failed = _counts(run)
        self._room = asyncio.Event()
        self._logged = Logged(run, ports.clock.now())
        self._opened: tuple[int, Archive] | None = None
        """The archive that it is at, by its place among them."""

    @property
    def waiting(self) -> int:
        """Entries that are not done yet."""
        return self.tally["pending"]

    @property
    def stored(self) -> int:
        """Stories so far."""
        return self.tally["stored"]

    @property
    def is_enough(self) -> bool:
        """Whether as many stories are there as are wanted."""
        return self.run.spec.limit is not None and self.stored >= self.run.spec.limit

    async def to_the_end(self) -> None:
        while self.run.via is not None:
            self._tell()
            await self._room.wait()
            await self._go_on()

    def saw(self, run: Backfill) -> None:
        """How the backfill stands by the database."""
        self.tally, self._failed = _counts(run)
        self._tell()

    def is_done_with(self, outcome: Outcome) -> None:
        """Count what became of an entry."""
        if outcome.state == "pending":
            return
        self.tally["pending"] -= 1
        if outcome.state == "left out":
            self.tally["undated" if outcome.why == UNDATED else "left"] += 1
        elif outcome.state == "stored":
            self.tally["stored" if outcome.settled in ("new", "copy") else "seen"] += 1
        elif outcome.state == "failed":
            self._failed[outcome.why] += 1
        self._tell()

    def tell(self, now: dt.datetime) -> None:
        """How far it is, also while nothing happens."""
        run = self._as_it_is()
        self._ports.report(run)
        self._logged.tell(run, now)

    def _as_it_is(self) -> Backfill:
        return self.run.model_copy(update={**self.tally, "failed": dict(self._failed)})

    def _tell(self) -> None:
        self._ports.report(self._as_it_is())
        (self._room.set if self.waiting < AHEAD else self._room.clear)()

    async def _go_on(self) -> None:
        """One step, or the end of the archive where it cannot be made."""
        try:
            step = await self._patiently()
        except StoreError:
            raise
        except PartError as error:
            if _asks_too_much(error):
                return await self._give_up(told(error))
            return await self._write(without(self.run, error.past), error.past)
        except (FetchError, ParseError, WorkError) as error:
            return await self._give_up(told(error))
        except Exception as error:  # a defect that one archive brings out is told with it, and stops no other
            log.exception("backfill.defect", backfill=self.run.id, via=self.run.via)
            return await self._give_up(told(error))
        self._ports.mark("backfill.asked")
        return await self._write(advanced(self.run, step), step)

    async def _patiently(self) -> Step:
        """The next step; one that fails for now is tried again after some waits."""
        waits = list(self._ports.pace.retries)
        while True:
            while self._ports.outlook.down:
                await self._ports.clock.sleep(OUTAGE_S)
            try:
                return await self._step()
            except FetchError as error:
                if not error.transient or not waits or _asks_too_much(error):
                    raise
                await self._ports.clock.sleep(max(waits.pop(0), pause(error.retry_after_s)).total_seconds())

    async def _step(self) -> Step:
        """The next step along the archive in turn, which is opened before its first."""
        place, kind = self.run.place, self.run.via
        assert kind
        if self._opened is None or self._opened[0] != place:
            search = await search_for(self._ports, self.run.spec)
            self._opened = place, self._ports.archives(kind, search)
        return await self._opened[1].step(self.run.cursor)

    async def _give_up(self, why: str) -> None:
        log.warning("backfill.archive-failed", backfill=self.run.id, via=self.run.via, why=why)
        await self._write(given_up(self.run, why), Step((), None))

    async def _write(self, after: Backfill, step: Step) -> None:
        written = await self._ports.store.backfills.write_down(self.run, after, step.found, self._ports.clock.now())
        if written is None:
            raise GoneError
        self._ports.mark("backfill.written")
        self.tally["pending"] += written.found - self.run.found - (written.known - self.run.known)
        self.run = written
        facts = {"found": len(step.found), "outside": step.outside, "note": step.note}
        log.info("backfill.step", backfill=self.run.id, via=after.walked[-1].via, **facts)
        if step.fault:
            log.warning("backfill.part-missed", backfill=self.run.id, via=after.walked[-1].via, why=step.fault)


def _asks_too_much(error: FetchError) -> bool:
    """Whether a server wants a pause that no walk waits for, nor goes on in."""
    return (error.retry_after_s or 0.0) > LONGEST_PAUSE.total_seconds()


def _counts(run: Backfill) -> tuple[Counter[str], Counter[str]]:
    """What became of its entries, and why those failed that did."""
    tally = Counter(stored=run.stored, seen=run.seen, pending=run.pending, left=run.left, undated=run.undated)
    return tally, Counter(run.failed)


class _Collection:
    """Of what the walk brings."""

    def __init__(self, ports: Ports, walk: _Walk, walking: "asyncio.Task[None]") -> None:
        self._ports = ports
        self._walk = walk
        self._walking = walking
        self._look_at = self._count_at = ports.clock.now()

    async def to_the_end(self) -> None:
        """Until the walk is over and nothing waits, or there is enough."""
        job = Job(self._take, self._collect, self._renew)
        while True:
            await drain(job, self._ports.pace.share)
            await self._look()
            if self._walk.is_enough:
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
        run = await self._ports.store.backfills.get(self._walk.run.id)
        if run is None:
            raise GoneError
        self._walk.saw(run)
        return not run.pending

    async def _take(self, free: int, in_hand: Collection[PendingEntry]) -> list[PendingEntry]:
        await self._look()
        limit = self._walk.run.spec.limit
        free = free if limit is None else min(free, limit - self._walk.stored - len(in_hand))
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

    async def _look(self) -> None:
        """Now and then, keep the backfill ours."""
        now = self._ports.clock.now()
        if now >= self._look_at:
            self._look_at = now + LOOK
            self._walk.tell(now)
            if not await self._ports.store.backfills.renew(self._walk.run, now):
                raise GoneError
