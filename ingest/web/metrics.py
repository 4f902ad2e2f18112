"""Figures for Prometheus, under `/metrics`.

What happens is counted as it is reported, in a registry of this service alone; how much there is, the database is asked
when somebody looks. Names of feeds are told only where a setting says so: they tell what somebody reads, and each is a
time series of its own.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec, TypeVar

from fastapi.responses import Response
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ingest.model import Backfill, Outcome, Polled, Rechecked, SinkState, Totals
from ingest.ports import Pool, Ports

P = ParamSpec("P")
T = TypeVar("T")

FRESH_FOR = dt.timedelta(seconds=10)
"""How long totals are told again: counting a large database costs some tenths of a second."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds of the times that a page may take; `pool.timeout` is 30 s."""
TOTALS: dict[str, tuple[str, Callable[[Totals], float]]] = {
    "ingest_stories": ("Stories that are stored", lambda totals: totals.stories),
    "ingest_duplicates": ("Stories that another told before", lambda totals: totals.copies),
    "ingest_entries": ("Entries that were seen", lambda totals: totals.entries),
    "ingest_entries_pending": ("Entries that wait", lambda totals: totals.pending),
    "ingest_entries_leased": ("Entries in work", lambda totals: totals.leased),
    "ingest_entries_failed": ("Entries without a story for good", lambda totals: totals.failed),
    "ingest_backfills_running": ("Backfills that are running", lambda totals: totals.backfills),
    "ingest_changes_seq": ("The seq of the last change", lambda totals: totals.seq),
    "ingest_database_bytes": ("Size of the database on disk", lambda totals: totals.bytes),
    "ingest_outage": ("1 while our own network is taken to be down", lambda totals: totals.outage is not None),
    "ingest_lag_seconds": (
        "Median from publication to first sight of the last day's stories; NaN where no dates are known",
        lambda totals: float("nan") if totals.lag_s is None else totals.lag_s,
    ),
}
"""Name → what it is, and where it stands."""
SINKS: dict[str, tuple[str, Callable[[SinkState, int, int], float]]] = {
    "ingest_sink_behind": ("Changes that lie before a sink", lambda sink, last, _: max(last - sink.position, 0)),
    "ingest_sink_delivered": ("Changes that a sink took", lambda sink, *_: sink.delivered),
    "ingest_sink_failing": ("1 while a sink takes nothing", lambda sink, *_: bool(sink.error or sink.stopped)),
    "ingest_sink_dead_letters": ("Changes that were given up, and not taken since", lambda _, __, letters: letters),
}
"""The same of each sink; given the `seq` of the last change and the count of its dead letters too."""


class Metrics:
    """Counts what is reported, and tells it.

    Args:
        by_feed: whether polls are counted by the feeds' names.
    """

    def __init__(self, by_feed: bool) -> None:
        self._registry = registry = CollectorRegistry()
        self._by_feed = by_feed
        of_polls = ("result", "feed") if by_feed else ("result",)
        self._polls = Counter("ingest_polls", "Polls by what they came to", of_polls, registry=registry)
        self._entries = Counter("ingest_entries_done", "Entries by their outcome", ("outcome",), registry=registry)
        self._looks = Counter("ingest_rechecks", "Pages looked at again, by result", ("result",), registry=registry)
        self._backfills = Counter("ingest_backfills", "Backfills that ended", ("state",), registry=registry)
        self._work = Histogram(
            "ingest_work_seconds", "Time that a document or page took", ("work",), buckets=SECONDS, registry=registry
        )
        self._gauges = {name: Gauge(name, what, registry=registry) for name, (what, _) in TOTALS.items()}
        self._of_sinks = {name: Gauge(name, what, ("sink",), registry=registry) for name, (what, _) in SINKS.items()}
        self._totals_at: dt.datetime | None = None

    def watching(self, ports: Ports) -> Ports:
        """The same ports, with what they do counted."""
        return replace(ports, report=self.count, pool=TimedPool(ports.pool, self._work))

    def count(self, result: Polled | Outcome | Rechecked | Backfill) -> None:
        """A `ports.Report`."""
        match result:
            case Polled():
                self._polls.labels(result.result, *([result.feed] if self._by_feed else [])).inc()
            case Outcome():
                self._entries.labels(result.settled or result.state).inc()
            case Rechecked():
                self._looks.labels(result.result).inc()
            case Backfill() if result.state != "running":
                self._backfills.labels(result.state).inc()

    async def told(self, ports: Ports) -> Response:
        """All of it, in the text format."""
        now = ports.clock.now()
        if self._totals_at is None or now - self._totals_at >= FRESH_FOR:
            totals = await ports.store.totals(now)
            self._totals_at = now
            for name, (_, figure) in TOTALS.items():
                self._gauges[name].set(figure(totals))
            letters = await ports.store.deliveries.count_letters()
            for sink in await ports.store.deliveries.list():
                known = sink, totals.seq, letters.get(sink.name, 0)
                for name, (_, of_sink) in SINKS.items():
                    self._of_sinks[name].labels(sink.name).set(of_sink(*known))
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class TimedPool:
    """A pool whose work is timed, by the name of the function. Implements `ports.Pool`."""

    def __init__(self, pool: Pool, seconds: Histogram) -> None:
        self._pool = pool
        self._seconds = seconds

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `ports.Pool`; what fails is timed too."""
        begun = time.perf_counter()
        try:
            return await self._pool.run(work, *args, **kwargs)
        finally:
            self._seconds.labels(getattr(work, "__name__", "other")).observe(time.perf_counter() - begun)

    @property
    def trouble(self) -> str | None:
        """As `ports.Pool`."""
        return self._pool.trouble

    async def close(self) -> None:
        """As `ports.Pool`."""
        await self._pool.close()
