"""How much polling costs: many feeds on many hosts of loopback, against the bare HTTP client in the same run.

    python -m benchmarks.poll [--feeds 2000] [--hosts 50] [--rounds 10]

The publishers answer each conditional request with 304. The bare client makes the same requests with aiohttp alone, as
many at once. Ours does everything else too: schedule, claims, guard, turns at hosts, state written. Each round polls
every feed once. Then the store is filled with 100,000 feeds: what a tick, a start and the memory cost.
"""

import argparse
import asyncio
import datetime as dt
import multiprocessing
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import psutil
from aiohttp import web

from ingest.app import open_ports
from ingest.cli.logs import configure_logs
from ingest.model import FeedSpec
from ingest.pipeline import poll_due, poll_now
from ingest.settings import DatabaseSettings, FetchSettings, Settings

ETAG = '"unchanged"'
BODY = (
    "<rss version='2.0'><channel><title>Example</title><item><guid>1</guid><title>One</title>"
    "<link>http://127.0.0.1/1</link></item></channel></rss>"
)
PORT = 8700
AT_ONCE = 64
MANY = 100_000


async def serve(hosts: int) -> None:
    """Every host on one port, for ever."""

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == ETAG:
            return web.Response(status=304, headers={"ETag": ETAG})
        return web.Response(text=BODY, content_type="application/rss+xml", headers={"ETag": ETAG})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    for number in range(hosts):
        await web.TCPSite(runner, f"127.0.1.{number + 1}", PORT).start()
    await asyncio.Event().wait()


def run_server(hosts: int) -> None:
    """In a process of its own."""
    asyncio.run(serve(hosts))


@contextmanager
def publishers(hosts: int) -> Iterator[None]:
    """The publishers, while the block lasts."""
    process = multiprocessing.get_context("spawn").Process(target=run_server, args=(hosts,), daemon=True)
    process.start()
    try:
        await_listening(f"127.0.1.{hosts}")
        yield
    finally:
        process.terminate()
        process.join()


def await_listening(host: str) -> None:
    """Wait for the last of the hosts."""
    while True:
        try:
            socket.create_connection((host, PORT)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)


async def bare(urls: list[str]) -> float:
    """Requests a second of aiohttp alone, conditional, the body read."""
    free = asyncio.Semaphore(AT_ONCE)
    connector = aiohttp.TCPConnector(limit=AT_ONCE, force_close=True)

    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(url: str) -> None:
            async with free, session.get(url, headers={"If-None-Match": ETAG}) as response:
                await response.read()

        begun = time.perf_counter()
        await asyncio.gather(*(ask(url) for url in urls))
    return len(urls) / (time.perf_counter() - begun)


def settings_in(folder: str) -> Settings:
    """As they come, but that loopback may be fetched."""
    return Settings(
        database=DatabaseSettings(url=f"sqlite:///{folder}/ingest.db"),
        fetch=FetchSettings(allow_networks=["127.0.0.0/8"], per_host=8, concurrency=AT_ONCE),
        folder=Path(folder) / "config",
    )


async def polled(urls: list[str], rounds: int) -> None:
    """Our own rounds, each beside the bare client's."""
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as folder:
        settings = settings_in(folder)
        configure_logs(settings)
        async with open_ports(settings, {}) as ports:
            specs = [FeedSpec(url=url, name=f"feed-{number}") for number, url in enumerate(urls)]
            await ports.store.sync_feeds(specs, ports.clock.now())
            ids = [one.feed.id for one in await ports.store.feeds()]
            await poll_now(ports, ids)  # reads each feed; the rounds find it unchanged
            for number in range(rounds):
                plain = await bare(urls)
                wall, cpu = time.perf_counter(), time.process_time()
                results = await poll_now(ports, ids)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                assert {one.result for one in results} == {"unchanged"}, results[0]
                memory = psutil.Process().memory_full_info().pss / 1e6
                rate = len(ids) / wall
                print(
                    f"round {number + 1}: bare {plain:.0f} requests/s, ours {rate:.0f}, ratio {rate / plain:.2f}; "
                    f"{cpu / len(ids) * 1000:.2f} ms CPU a poll; {memory:.0f} MB PSS"
                )


async def first_start(folder: str) -> None:
    """A store that learns of many feeds, none of them due."""
    async with open_ports(settings_in(folder), {}) as ports:
        begun = time.perf_counter()
        await ports.store.sync_feeds(many_feeds(), ports.clock.now() + dt.timedelta(hours=1))
        print(f"{MANY} feeds: first synchronised in {time.perf_counter() - begun:.1f} s")


async def next_start(folder: str) -> None:
    """A start with that store, and ticks that find nothing due."""
    specs = many_feeds()
    begun = time.perf_counter()
    async with open_ports(settings_in(folder), {}) as ports:
        await ports.store.sync_feeds(specs, ports.clock.now())
        print(f"{MANY} feeds: start-up, with nothing changed, in {time.perf_counter() - begun:.1f} s")
        ticks = []
        for _ in range(20):
            begun = time.perf_counter()
            await poll_due(ports)
            ticks.append(time.perf_counter() - begun)
        print(f"{MANY} feeds: a tick takes {sorted(ticks)[10] * 1000:.1f} ms (median of 20)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{MANY} feeds: at most {peak:.0f} MB resident, the list of feeds included")


def many_feeds() -> list[FeedSpec]:
    """Feeds of 5,000 hosts."""
    urls = [f"https://h{number % 5000}.example/{number}" for number in range(MANY)]
    return [FeedSpec(url=url, name=f"f{number}") for number, url in enumerate(urls)]


def many() -> None:
    """Both starts, each in a process of its own, as they would be."""
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as folder:
        for start in (first_start, next_start):
            process = multiprocessing.get_context("spawn").Process(target=run_start, args=(start, folder))
            process.start()
            process.join()


def run_start(start: Callable[[str], Coroutine[None, None, None]], folder: str) -> None:
    """In a process of its own."""
    asyncio.run(start(folder))


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.poll")
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args(arguments)
    urls = [f"http://127.0.1.{number % options.hosts + 1}:{PORT}/{number}.rss" for number in range(options.feeds)]
    if options.feeds:
        with publishers(options.hosts):
            asyncio.run(polled(urls, options.rounds))
    many()


if __name__ == "__main__":
    main(sys.argv[1:])
