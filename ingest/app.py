"""The only place that chooses implementations: Settings to Ports.

Imports stand inside the functions, so that a command loads only what it uses.
"""

import datetime as dt
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from zoneinfo import ZoneInfo

from ingest.model import Retention
from ingest.ports import Clock, Cron, Fetcher, Mark, Pace, Pool, Ports, Sink, Store, unmarked
from ingest.settings import Settings, require_secrets

PRELOAD = ("ingest.core.read", "ingest.core.parse")
"""What the pool's workers need; loaded once and shared by them."""

SHARE = 4
"""Of a publisher's work, this many times what one host may be asked at once is in hand."""
INSTANT = dt.timedelta(microseconds=1)


@asynccontextmanager
async def open_store(
    settings: Settings, mark: Mark = unmarked, make: bool = False, search_s: float | None = None
) -> AsyncIterator[Store]:
    """The database alone, for commands that do not fetch; one that is not there is made only where that is asked."""
    from ingest.edge import store
    from ingest.edge.process import alive, this_process

    url, owner = settings.database.url, this_process()
    opened = store.open_store(url, owner, mark=mark, alive=alive, make=make, search_s=search_s)
    try:
        yield opened
    finally:
        await opened.close()


@contextmanager
def to_look_at(settings: Settings) -> Iterator[Settings]:
    """Settings for who stores nothing: an empty database, dropped at the end, stands for one that is not there."""
    from tempfile import TemporaryDirectory

    from ingest.edge.store import is_there

    if is_there(settings.database.url):
        yield settings
        return
    with TemporaryDirectory(prefix="ingest-") as folder:
        empty = settings.database.model_copy(update={"url": f"sqlite:///{folder}/empty.db"})
        yield settings.model_copy(update={"database": empty})


@asynccontextmanager
async def open_ports(
    settings: Settings, environ: Mapping[str, str], make: bool = True, deliver: bool = False
) -> AsyncIterator[Ports]:
    """All that the pipeline needs; what this process holds is given back at the end.

    Args:
        make: whether a database that is not there is made.
        deliver: whether the sinks are opened, which needs their secrets.
    """
    from ingest.edge.archives import archives
    from ingest.edge.clock import SystemClock
    from ingest.edge.store.access import SEARCH_S
    from ingest.pipeline.outlook import NetworkOutlook

    mark = fatal_mark(environ.get("INGEST_FAIL_AT", ""))
    clock = SystemClock()
    async with open_store(settings, mark, make, SEARCH_S) as store:
        fetcher = open_fetcher(settings, clock, environ)
        pool = open_pool(settings)
        sinks = await open_sinks(settings, store, clock) if deliver else ()
        try:
            yield Ports(
                fetcher,
                store,
                clock,
                pool,
                cron_in(settings.timezone),
                NetworkOutlook(store, clock),
                archives(settings.backfill.wayback),
                pace_of(settings),
                mark,
                sites=settings.sites,
                body_tags=settings.hashtags.body,
                sinks=sinks,
            )
        finally:
            for sink in sinks:
                await sink.close()
            await pool.close()
            await fetcher.close()
            await store.release()


def open_fetcher(settings: Settings, clock: Clock, environ: Mapping[str, str]) -> Fetcher:
    """The HTTP client, with its guard and its manners."""
    from ingest.edge.fetch.client import HttpFetcher
    from ingest.edge.net.guard import Guard

    fetch = settings.fetch
    return HttpFetcher(
        user_agent=fetch.user_agent,
        guard=Guard(fetch.allow_networks, fetch.ports),
        concurrency=fetch.concurrency,
        per_host=fetch.per_host,
        timeout=fetch.timeout,
        max_bytes=fetch.max_bytes,
        robots=fetch.robots,
        clock=clock,
        environ=environ,
    )


async def open_sinks(settings: Settings, store: Store, clock: Clock) -> tuple[Sink, ...]:
    """Where changes are delivered to; nothing is connected yet.

    Raises:
        ConfigError: a secret that one needs is missing.
    """
    if not settings.sink_specs:
        return ()
    from ingest.edge.deliver import Around, open_sink
    from ingest.edge.net.guard import Guard

    require_secrets(settings)
    fetch = settings.fetch
    around = Around(await store.changes.identity(), Guard(fetch.allow_networks, fetch.ports), clock)
    return tuple(open_sink(spec, around) for spec in settings.sink_specs)


def open_pool(settings: Settings) -> Pool:
    """The worker processes; none starts before the first work."""
    from ingest.edge.pool import ProcessPool

    workers = settings.pool.workers
    return ProcessPool(
        workers=(os.cpu_count() or 1) if workers == "auto" else workers,
        timeout_s=settings.pool.timeout.total_seconds(),
        memory_bytes=settings.pool.memory,
        preload=PRELOAD,
    )


def pace_of(settings: Settings) -> Pace:
    """How the pipeline goes about its work."""
    return Pace(
        concurrency=settings.collect.concurrency,
        interval_min=settings.poll.interval_min,
        interval_max=settings.poll.interval_max,
        share=settings.fetch.per_host * SHARE,
        heal=settings.poll.heal,
        retries=settings.collect.retries,
        rechecks=settings.collect.rechecks,
        window=settings.collect.copies_within,
    )


def retention_of(settings: Settings) -> Retention:
    """How long what is kept stays."""
    kept = settings.database
    changes, stories = (None if span == "forever" else span for span in (kept.changes, kept.stories))
    return Retention(raw_pages=kept.raw_pages, changes=changes, stories=stories)


def cron_in(timezone: str) -> Cron:
    """Cron lines, read in a time zone."""
    from ingest.settings import cron_trigger

    zone = ZoneInfo(timezone)

    def next_time(line: str, after: dt.datetime) -> dt.datetime:
        fires: dt.datetime = cron_trigger(line, zone).get_next_fire_time(None, after + INSTANT)
        return fires.astimezone(dt.UTC)

    return next_time


def fatal_mark(wanted: str) -> Mark:
    """A mark that kills this process when a point is reached: `POINT` or `POINT:TIMES`; for tests of crashes."""
    if not wanted:
        return unmarked
    point, _, times = wanted.partition(":")
    reached: Counter[str] = Counter()

    def mark(name: str) -> None:
        reached[name] += 1
        if name == point and reached[name] == int(times or 1):
            os.kill(os.getpid(), signal.SIGKILL)

    return mark
