"""Archives ─ ask ─► steps ─► entries written down: the walk of a backfill, and the way that a survey goes too.

Rule 1: an archive that cannot be asked is tried again after some waits; then the next one is walked. A part of one that
        cannot be had is missed, and the walk goes on behind it.
Rule 2: a step that was not written down is repeated.
"""

import asyncio
import datetime as dt
from collections import Counter

import structlog

from ingest.core.backfill import LONGEST_PAUSE, UNDATED, advanced, given_up
from ingest.core.cadence.failure import pause
from ingest.errors import FetchError, ParseError, StoreError, WorkError
from ingest.model import Backfill, BackfillSpec, Outcome, Step
from ingest.pipeline.answers import told
from ingest.pipeline.logged import Logged
from ingest.pipeline.searching import search_for
from ingest.ports import Archive, Ports

log = structlog.get_logger("ingest")

AHEAD = 200
"""Entries that wait while the walk goes on."""
TALLIED = {"fetched", "stored", "seen", "pending", "left", "undated"}
"""What is counted of entries, beside those that failed."""
OUTAGE_S = 30.0
"""After which the walk looks again whether our own network is up."""


class GoneError(Exception):
    """The backfill is ours no more: it was cancelled, or another process took it over."""


class Way:
    """The way along archives, for whoever walks it."""

    def __init__(self, ports: Ports, spec: BackfillSpec) -> None:
        self._ports = ports
        self._spec = spec
        self._opened: tuple[int, Archive] | None = None
        """The archive that it is at, by its place among them."""

    async def on(self, run: Backfill) -> tuple[Backfill, Step]:
        """The walk after its next step, and that; the step ends the archive where it cannot be made."""
        try:
            step = await self._patiently(run)
        except StoreError:
            raise
        except (FetchError, ParseError, WorkError) as error:
            return _gives_up(run, told(error))
        except Exception as error:  # a defect that one archive brings out is told with it, and stops no other
            log.exception("backfill.defect", backfill=run.id, via=run.via)
            return _gives_up(run, told(error))
        return _gives_up(run, step.fault) if _asks_too_much(step.again_after_s) else (advanced(run, step), step)

    async def _patiently(self, run: Backfill) -> Step:
        """The next step; one that fails for now, or misses a part, is tried again after some waits."""
        for wait in self._ports.pace.retries:
            await self._network()
            try:
                step = await self._step(run)
                if step.again_after_s is None or _asks_too_much(step.again_after_s):
                    return step
                asked_s: float | None = step.again_after_s
            except FetchError as error:
                if not error.transient or _asks_too_much(error.retry_after_s):
                    raise
                asked_s = error.retry_after_s
            await self._ports.clock.sleep(max(wait, pause(asked_s)).total_seconds())
        await self._network()
        return await self._step(run)

    async def _network(self) -> None:
        """Wait until our own network is up."""
        while self._ports.outlook.down:
            await self._ports.clock.sleep(OUTAGE_S)

    async def _step(self, run: Backfill) -> Step:
        """The next step along the archive in turn, which is opened before its first."""
        assert run.via
        if self._opened is None or self._opened[0] != run.place:
            search = await search_for(self._ports, self._spec)
            self._opened = run.place, self._ports.archives(run.via, search)
        return await self._opened[1].step(run.cursor)


def _gives_up(run: Backfill, why: str) -> tuple[Backfill, Step]:
    log.warning("backfill.archive-failed", backfill=run.id, via=run.via, why=why)
    return given_up(run, why), Step((), None)


def _asks_too_much(pause_s: float | None) -> bool:
    """Whether a server wants a pause that no walk waits for, nor goes on in."""
    return (pause_s or 0.0) > LONGEST_PAUSE.total_seconds()


class Walk:
    """Along the archives to their end, written down step by step."""

    def __init__(self, ports: Ports, run: Backfill) -> None:
        self._ports = ports
        self.run = run
        """As the last step left it, but for what became of its entries, which `tally` has."""
        self.tally, self._failed = _counts(run)
        self._room = asyncio.Event()
        self.counting = asyncio.Lock()
        """Held while entries are written down, or counted: what is written meanwhile would be counted twice."""
        self._logged = Logged(run, ports.clock.now())
        self._way = Way(ports, run.spec)

    @property
    def waiting(self) -> int:
        """Entries that are not done yet."""
        return self.tally["pending"]

    @property
    def as_it_is(self) -> Backfill:
        """The backfill with what became of its entries so far."""
        return self.run.model_copy(update={**self.tally, "failed": dict(self._failed)})

    async def to_the_end(self) -> None:
        """Step by step, and wait where it is far ahead."""
        while self.run.via is not None:
            self._report()
            await self._room.wait()
            after, step = await self._way.on(self.run)
            self._ports.mark("backfill.asked")
            await self._write(after, step)

    def saw(self, run: Backfill) -> None:
        """How the backfill stands by the database."""
        self.tally, self._failed = _counts(run)
        self._report()

    def is_done_with(self, outcome: Outcome) -> None:
        """Count what became of an entry; of one that is lost to us the database knows, which is asked now and then."""
        if outcome.state in ("pending", "lost"):
            return
        self.tally["pending"] -= 1
        self.tally["fetched"] += outcome.fetched
        if outcome.state == "left out":
            self.tally["undated" if outcome.why == UNDATED else "left"] += 1
        elif outcome.state == "stored":
            self.tally["stored" if outcome.settled in ("new", "copy") else "seen"] += 1
        elif outcome.state == "failed":
            self._failed[outcome.why] += 1
        self._report()

    def tell(self, now: dt.datetime) -> None:
        """How far it is, also while nothing happens."""
        run = self.as_it_is
        self._ports.report(run)
        self._logged.tell(run, now)

    def _report(self) -> None:
        """Show how far it is, and let the walk go on unless it is far ahead."""
        self._ports.report(self.as_it_is)
        (self._room.set if self.waiting < AHEAD else self._room.clear)()

    async def _write(self, after: Backfill, step: Step) -> None:
        now = self._ports.clock.now()
        async with self.counting:
            written = await self._ports.store.backfills.write_down(self.run, after, step.found, now)
            if written is None:
                raise GoneError
            self._ports.mark("backfill.written")
            self.tally["pending"] += written.found - self.run.found - (written.known - self.run.known)
            self.run = written
        facts = {"found": len(step.found), "outside": step.outside, "note": step.note}
        log.info("backfill.step", backfill=self.run.id, via=after.walked[-1].via, **facts)
        if step.fault:
            log.warning("backfill.part-missed", backfill=self.run.id, via=after.walked[-1].via, why=step.fault)


def _counts(run: Backfill) -> tuple[Counter[str], Counter[str]]:
    """What became of its entries, and why those failed that did."""
    return Counter(run.model_dump(include=TALLIED)), Counter(run.failed)
