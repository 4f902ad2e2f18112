"""The daemon: a few APScheduler ticks, the web page, signals.

Time is data: when a feed or an entry is due lies in the database. A tick only asks what is due, does all of it, and is
not started again while it runs.

Rule 1: a tick that the database refuses is told in one line and comes again; the daemon goes on.
Rule 2: SIGTERM and Ctrl-C stop at once what is fetched and read, let what is being written finish, and give back the
        leases. Nothing is lost: what was in hand is still pending.
Rule 3: SIGHUP does the same and begins anew with the configuration as it then is, unless that is wrong or its list of
        feeds is gone: then it is told and the old one stays.
"""

import asyncio
import contextlib
import datetime as dt
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Literal

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from ingest import pipeline
from ingest.app import open_ports, retention_of
from ingest.core.backfill import AUTO
from ingest.errors import ConfigError, StoreError
from ingest.model import Synced
from ingest.ports import Ports
from ingest.settings import Settings
from ingest.web import Metrics, create_app, is_loopback

log = structlog.get_logger("ingest")

TICK = dt.timedelta(seconds=1)
RECHECK = dt.timedelta(seconds=5)
BACKFILL = dt.timedelta(seconds=5)
SUBSCRIBE = dt.timedelta(seconds=10)
INDEX = dt.timedelta(minutes=1)
PRUNE = dt.timedelta(hours=1)
STALLED = dt.timedelta(seconds=60)
"""Without a beat for so long, the scheduler does not tick."""
LEAVE_WITHIN_S = 5
TAKEN_WITHIN_MS = 60_000
"""How long the kernel keeps what a client does not take."""

Load = Callable[[], Settings]
Ready = Callable[[Ports, str], None]
Signal = Literal["stop", "reload"]
Service = tuple[Settings, socket.socket]
"""What a service is begun with: its settings, and the listening socket of its web page."""


async def run(load: Load, environ: Mapping[str, str], ready: Ready) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Args:
        load: reads the configuration, now and at each SIGHUP.
        ready: called with the ports and the address of the web page each time that service begins.

    Raises:
        ConfigError: the configuration is wrong, or the web page's address is taken.
        StoreError: the database cannot be opened.
    """
    settings = load()
    service: Service | None = settings, listen(settings)
    event = "daemon.started"
    with signals() as next_signal:
        while service:
            async with serving(*service, environ) as (ports, url):
                enabled = sum(one.feed.enabled for one in await ports.store.feeds())
                log.info(event, address=url, feeds=enabled)
                ready(ports, url)
                service = await next_service(next_signal, load, service, ports)
            event = "config.reloaded"
    log.info("daemon.stopped")


async def next_service(
    next_signal: Callable[[], Awaitable[Signal]], load: Load, service: Service, ports: Ports
) -> Service | None:
    """Wait until the service is to begin anew, and with what; None: it is to end."""
    while await next_signal() == "reload":
        if renewed := await reloaded(load, service, ports):
            return renewed
    return None


async def reloaded(load: Load, service: Service, ports: Ports) -> Service | None:
    """The new configuration with its listening socket; None, with a line in the log, where it is wrong."""
    settings, listener = service
    try:
        new = load()
        if new.feeds is None and settings.feeds is not None:
            told_no_feeds(new, kept="the configuration as it was")
            return None
        same_address = (new.web.host, new.web.port) == (settings.web.host, settings.web.port)
        renewed = new, listener if same_address else listen(new)
        if new.database.url == settings.database.url:  # as long as the old configuration can stay
            await sync_feeds(new, ports)
        return renewed
    except (ConfigError, StoreError) as error:
        log.error("config.refused", why=str(error), kept="the configuration as it was")
        return None


async def sync_feeds(settings: Settings, ports: Ports) -> None:
    """Take over what the feeds file says, if it says anything."""
    if settings.feeds is None:
        told_no_feeds(settings, kept="the feeds as the database has them")
        return
    synced = await ports.store.sync_feeds(settings.feeds, ports.clock.now())
    if synced != Synced():
        report = log.warning if synced.disabled else log.info
        report("feeds.synced", **synced.model_dump(mode="json"))


def told_no_feeds(settings: Settings, kept: str) -> None:
    """Warn that no feeds are listed where they should be."""
    log.warning(
        "config.no_feeds_file", path=str(settings.feeds_file), why="it is missing or has no `feeds:`", kept=kept
    )


@contextlib.asynccontextmanager
async def serving(
    settings: Settings, listener: socket.socket, environ: Mapping[str, str]
) -> AsyncIterator[tuple[Ports, str]]:
    """Ticks and web page, running; all is stopped and given back at the end."""
    async with open_ports(settings, environ, deliver=True) as unwatched:
        metrics = Metrics(settings.web.metrics_by_feed)
        ports = metrics.watching(unwatched)
        await sync_feeds(settings, ports)
        await ports.store.deliveries.sync(settings.sink_specs, ports.clock.now())
        ticks = Ticks(ports, settings)
        leaving = asyncio.Event()
        app = create_app(ports, ticks.trouble, settings.web, leaving, metrics)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=LEAVE_WITHIN_S
        )
        server = Server(config)
        web = asyncio.create_task(server.serve(sockets=[listener.dup()]))
        ticks.start()
        try:
            yield ports, url_of(listener)
        finally:
            leaving.set()
            server.should_exit = True
            await ticks.stop()
            await web


class Ticks:
    """The scheduled jobs, and whether they do their work."""

    def __init__(self, ports: Ports, settings: Settings) -> None:
        self._ports = ports
        self._retention = retention_of(settings)
        self._public_url = settings.web.public_url
        self._gaps = AUTO if settings.backfill.gaps else ()
        self._scheduler = AsyncIOScheduler(timezone=dt.UTC)
        self._running: set[asyncio.Task[None]] = set()
        self._beat = ports.clock.now()
        self._refusals: dict[str, str] = {}

    def start(self) -> None:
        """Schedule the jobs; each runs once at a time, and missed runs count as one."""
        jobs: tuple[tuple[str, dt.timedelta, Callable[[], Awaitable[object]]], ...] = (
            ("poll", TICK, lambda: pipeline.poll_due(self._ports)),
            ("collect", TICK, lambda: pipeline.collect_due(self._ports)),
            ("recheck", RECHECK, lambda: pipeline.recheck_due(self._ports)),
            ("deliver", TICK, lambda: pipeline.deliver_due(self._ports)),
            ("backfill", BACKFILL, lambda: pipeline.backfill_due(self._ports, self._gaps)),
            ("subscribe", SUBSCRIBE, self._subscribe),
            ("index", INDEX, lambda: pipeline.index_waiting(self._ports)),
            ("prune", PRUNE, lambda: pipeline.prune(self._ports, self._retention)),
        )
        for name, every, work in jobs:
            self._scheduler.add_job(
                self.tick,
                IntervalTrigger(seconds=int(every.total_seconds())),
                args=(name, work),
                id=name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
                next_run_time=dt.datetime.now(dt.UTC),
            )
        self._scheduler.start()

    async def _subscribe(self) -> None:
        await pipeline.subscribe_due(self._ports, self._public_url, secrets.token_urlsafe)

    async def stop(self) -> None:
        """Stop the jobs; what they had in hand is dropped, what is being written is written."""
        self._scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def trouble(self) -> str | None:
        """Why the work is not done: no tick has come for a while, the database refuses, or no process works."""
        silent = self._ports.clock.now() - self._beat
        if silent > STALLED:
            return f"the scheduler has not ticked for {silent.total_seconds():.0f} s"
        if not self._refusals:
            return self._ports.pool.trouble
        reasons = "; ".join(dict.fromkeys(self._refusals.values()))
        return f"the database refuses to {', '.join(self._refusals)}: {reasons}"

    async def tick(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Do one job; what goes wrong is told, and the next tick comes all the same."""
        self._beat = self._ports.clock.now()
        task = asyncio.current_task()
        assert task is not None  # a scheduled coroutine always runs in one
        self._running.add(task)
        try:
            await work()
            self._refusals.pop(name, None)
        except StoreError as error:
            if self._refusals.get(name) != str(error):
                log.error("store.refused", job=name, why=str(error), next="it is tried again each tick")
            self._refusals[name] = str(error)
        except Exception:  # the scheduler would swallow it
            log.exception("tick.defect", job=name)
        finally:
            self._running.discard(task)


class Server(uvicorn.Server):
    """The web server, which leaves the signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch none."""
        yield


@contextlib.contextmanager
def signals() -> Iterator[Callable[[], Awaitable[Signal]]]:
    """What the process is asked by signals, one after the other."""
    loop = asyncio.get_running_loop()
    asked: asyncio.Queue[Signal] = asyncio.Queue()
    handled = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    for number in handled:
        loop.add_signal_handler(number, asked.put_nowait, "reload" if number == signal.SIGHUP else "stop")
    try:
        yield asked.get
    finally:
        for number in handled:
            loop.remove_signal_handler(number)


def listen(settings: Settings) -> socket.socket:
    """The web page's listening socket; ConfigError where the address is taken or is none of ours."""
    host, port = settings.web.host, settings.web.port
    if not is_loopback(host) and settings.web.token is None and not settings.web.public_read:
        raise ConfigError(
            f"web.host: {host} can be reached from elsewhere; set INGEST_WEB__TOKEN, or web.public_read where all may "
            "read, or listen on 127.0.0.1"
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # inherited by what it accepts: who takes nothing for long is cut off
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKEN_WITHIN_MS)
        return listener
    except OSError as error:
        why = error.strerror or str(error)
        raise ConfigError(
            f"web: cannot listen on {host}:{port}: {why}; set web.host and web.port to free ones"
        ) from error


def url_of(listener: socket.socket) -> str:
    """The address of the web page."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
