"""Archives ─ ask ─► entries written down (pending) ─ collect ─► story, change: another door to the same way.

One task walks along the archives, the other collects what they bring, with hands of its own. The walk waits where it
is far ahead, so that what waits stays little. How far it is stands in the transaction of what it found.

Rule 1: entries of feeds go before: while one could be collected, none of a backfill is.
Rule 2: nothing is asked twice that was written down; a step that was not is repeated.
Rule 3: an archive that cannot be asked is tried again after some waits; then the next one is walked.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

import structlog

from ingest.core.backfill import advanced, given_up
from ingest.core.dedupe.url import publisher
from ingest.errors import FetchError, ParseError, StoreError, WorkError
from ingest.model import (
    USUAL,
    Backfill,
    BackfillSpec,
    BackfillState,
    Feed,
    Outcome,
    PendingEntry,
    Request,
    Response,
    Step,
)
from ingest.pipeline.answers import told
from ingest.pipeline.asking import address
from ingest.pipeline.collecting import collect
from ingest.pipeline.hands import LOOK_AGAIN_S, Job, drain
from ingest.ports import Archive, Clock, Fetcher, Ports, Search, Shares

log = structlog.get_logger("ingest")

AHEAD = 200
"""Entries that wait while the walk goes on."""
LOOK = dt.timedelta(seconds=5)
"""After which it is seen that somebody cancelled a backfill."""
OUTAGE_S = 30.0
"""After which the walk looks again whether our own network is up."""


class GoneError(Exception):
    """The backfill is ours no more: it was cancelled, or another process took it over."""


async def backfill(ports: Ports, run: Backfill) -> Backfill | None:
    """Walk on to the end, and collect what is found; None where the backfill was taken from us meanwhile."""
    ports = _in_its_own_way(ports, run)
    log.info("backfill.begun", backfill=run.id, feed=run.feed, via=run.spec.via)
    walk = _Walk(ports, run)
    walking = asyncio.create_task(walk.to_the_end())
    try:
        await _Collection(ports, walk, walking).to_the_end()
        ended = await ports.store.backfills.end(run, _verdict(walk.run), ports.clock.now())
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
    while run := await _next(ports, gaps):
        await backfill(ports, run)


async def _next(ports: Ports, gaps: Collection[str]) -> Backfill | None:
    now = ports.clock.now()
    if run := await ports.store.backfills.take(None, now):
        return run
    return await ports.store.backfills.begin_for_gap(list(gaps), now) if gaps else None


def _verdict(run: Backfill) -> BackfillState:
    return "failed" if run.walked and all(one.failed for one in run.walked) else "done"


@dataclass
class Tempo:
    """Implements `ports.Fetcher`: no more requests than a rate allows."""

    fetcher: Fetcher
    clock: Clock
    every_s: float
    """Seconds from one request to the next."""
    free_at: dt.datetime | None = None
    """When the next request may be made."""

    async def fetch(self, request: Request) -> Response:
        now = self.clock.now()
        mine = max(now, self.free_at or now)
        self.free_at = mine + dt.timedelta(seconds=self.every_s)
        if mine > now:
            await self.clock.sleep((mine - now).total_seconds())
        return await self.fetcher.fetch(request)

    async def close(self) -> None:
        """It is the other's to close."""


def _in_its_own_way(ports: Ports, run: Backfill) -> Ports:
    """Fewer tries than for news: what fails can be tried again; and no faster than was asked for."""
    pace = replace(ports.pace, retries=ports.pace.retries[:1])
    fetcher = Tempo(ports.fetcher, ports.clock, 60 / run.spec.rate) if run.spec.rate else ports.fetcher
    return replace(ports, pace=pace, fetcher=fetcher)


class _Walk:
    """Along the archives, step by step."""

    def __init__(self, ports: Ports, run: Backfill) -> None:
        self._ports = ports
        self.run = run
        """As the store had it after the last step, or when it was looked at last."""
        self.waiting = run.pending
        """Entries that are not done yet."""
        self.stored = run.stored
        self._room = asyncio.Event()

    @property
    def is_enough(self) -> bool:
        """Whether as many stories are there as are wanted."""
        return self.run.spec.limit is not None and self.stored >= self.run.spec.limit

    async def to_the_end(self) -> None:
        search = await search_for(self._ports, self.run.spec)
        while (kind := self.run.via) is not None:
            archive = self._ports.archives(kind, search)
            while self.run.via == kind:
                self._make_room()
                await self._room.wait()
                await self._go_on(archive)

    def saw(self, run: Backfill) -> None:
        """How the backfill stands."""
        self.run, self.waiting, self.stored = run, run.pending, run.stored
        self._ports.report(run)
        self._make_room()

    def is_done_with(self, outcome: Outcome) -> None:
        """Count what became of an entry."""
        self.waiting -= outcome.state != "pending"
        self.stored += outcome.settled in ("new", "copy")
        self._make_room()

    def _make_room(self) -> None:
        (self._room.set if self.waiting < AHEAD else self._room.clear)()

    async def _go_on(self, archive: Archive) -> None:
        """One step, or the end of the archive where it cannot be made."""
        waits = list(self._ports.pace.retries)
        while True:
            while self._ports.outlook.down:
                await self._ports.clock.sleep(OUTAGE_S)
            try:
                step = await archive.step(self.run.cursor)
                break
            except StoreError:
                raise
            except FetchError as error:
                if not error.transient or not waits:
                    return await self._give_up(told(error))
                await self._ports.clock.sleep(max(waits.pop(0).total_seconds(), error.retry_after_s or 0.0))
            except (ParseError, WorkError) as error:
                return await self._give_up(told(error))
            except Exception as error:  # a defect that one archive brings out is told with it, and stops no other
                log.exception("backfill.defect", backfill=self.run.id, via=self.run.via)
                return await self._give_up(told(error))
        self._ports.mark("backfill.asked")
        return await self._write(advanced(self.run, step), step)

    async def _give_up(self, why: str) -> None:
        log.warning("backfill.archive-failed", backfill=self.run.id, via=self.run.via, why=why)
        await self._write(given_up(self.run, why), Step((), None))

    async def _write(self, after: Backfill, step: Step) -> None:
        written = await self._ports.store.backfills.write_down(self.run, after, step.found, self._ports.clock.now())
        if written is None:
            raise GoneError
        self._ports.mark("backfill.written")
        self.saw(written)


class _Collection:
    """Of what the walk brings."""

    def __init__(self, ports: Ports, walk: _Walk, walking: "asyncio.Task[None]") -> None:
        self._ports = ports
        self._walk = walk
        self._walking = walking
        self._look_at = ports.clock.now()

    async def to_the_end(self) -> None:
        """Until the walk is over and nothing waits, or there is enough."""
        job = Job(self._take, self._collect, self._renew)
        while True:
            await drain(job, self._ports.pace.share)
            walked = self._walking.done()
            if walked:
                self._walking.result()  # what ended it ends us
            await self._look(anyway=walked)
            if self._walk.is_enough or (walked and not self._walk.waiting):
                return
            await self._ports.clock.sleep(LOOK_AGAIN_S)

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
        await self._ports.store.renew_entries([pending.id for pending in in_hand], self._ports.clock.now())

    async def _look(self, anyway: bool = False) -> None:
        """Now and then, keep the backfill ours, and see how it stands."""
        now = self._ports.clock.now()
        if now < self._look_at and not anyway:
            return
        self._look_at = now + LOOK
        if not await self._ports.store.backfills.renew(self._walk.run, now):
            raise GoneError
        if run := await self._ports.store.backfills.get(self._walk.run.id):
            self._walk.saw(run)


async def search_for(ports: Ports, spec: BackfillSpec) -> Search:
    """What the archives are asked for."""
    status = await ports.store.find_feed(str(spec.feed_id)) if spec.feed_id is not None else None
    feed, state = (status.feed, status.state) if status else (None, None)

    async def ask(url: str, guessed: bool = False) -> Response:
        return await _ask(ports, feed, url, guessed)

    return Search(
        feed_url=address(feed, state) if feed and state else "",
        site_url=(state.site_url or feed.url) if feed and state else "",
        samples=await ports.store.backfills.samples(feed.id) if feed else (),
        since=spec.since,
        until=spec.until,
        files=spec.files,
        now=ports.clock.now(),
        ask=ask,
        pool=ports.pool,
    )


async def _ask(ports: Ports, feed: Feed | None, url: str, guessed: bool) -> Response:
    request = Request(url, "page" if guessed else "archive", feed or USUAL, feed.url if feed else "")
    try:
        response = await ports.fetcher.fetch(request)
    except FetchError as error:
        await ports.outlook.saw(url, error)
        raise
    await ports.outlook.saw(url, None)
    return response
