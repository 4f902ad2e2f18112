"""All faults at once on a running daemon: do the good feeds keep their schedule, and does memory stay bounded?

    python -m benchmarks.faults [--seconds 60]

A server on loopback misbehaves in every way of FAULTS, each as a feed of its own with an interval of a second or two,
beside twenty good feeds on hosts of their own, polled every five seconds. After the time is up it prints how late the
good feeds were asked, the peak PSS of the whole process tree, and what `ingest feeds list` says of each faulty feed.
"""

import argparse
import asyncio
import gzip
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path

import brotli
import psutil
import yaml

from benchmarks.whole import Watch

PORT = 8710
GOOD_EVERY_S = 5
GOOD = 20
ITEM = "<item><guid>1</guid><title>One</title><description>Nothing else.</description></item>"
FEED = f"<rss version='2.0'><channel><title>Example</title>{ITEM}</channel></rss>".encode()
ENTITIES = (
    "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n > 1 else str()};' * 10}'>" for n in range(1, 10))
    + "]><rss version='2.0'><channel><title>&a9;</title></channel></rss>"
).encode()

Writer = asyncio.StreamWriter
Fault = Callable[[Writer], Awaitable[None]]


def whole(body: bytes, *headers: str, status: str = "200 OK") -> Fault:
    """A fault that lies in the answer alone."""

    async def answer(writer: Writer) -> None:
        head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers])
        writer.write(head.encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return answer


async def drip(writer: Writer) -> None:
    """A byte a second."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b"<")
        await writer.drain()
        await asyncio.sleep(1)


async def endless(writer: Writer) -> None:
    """A body without an end."""
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<rss><channel>")
    while True:
        writer.write(b"<item><title>more</title></item>" * 1000)
        await writer.drain()


async def reset(writer: Writer) -> None:
    """A connection that breaks in the body."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + FEED)
    await writer.drain()
    writer.transport.abort()


NESTED = b"<rss version='2.0'><channel>" + b"<a>" * 200_000
ZEROS = b"\0" * 200_000_000
FAULTS: dict[str, Fault] = {
    "slow-drip": drip,
    "endless": endless,
    "fifty-megabytes": whole(b"x" * 50_000_000),
    "gzip-bomb": whole(gzip.compress(ZEROS), "Content-Encoding: gzip"),
    "brotli-bomb": whole(brotli.compress(ZEROS, quality=1), "Content-Encoding: br"),
    "reset": reset,
    "redirect-loop": whole(b"", f"Location: http://127.0.0.1:{PORT}/redirect-loop", status="301 Moved"),
    "garbage": whole(os.urandom(100_000)),
    "entity-bomb": whole(ENTITIES, "Content-Type: application/rss+xml"),
    "nested": whole(NESTED, "Content-Type: application/rss+xml"),
    "html": whole(b"<!doctype html><title>Welcome</title><p>No feed here.</p>", "Content-Type: text/html"),
    "not-http": whole(b"", status="\0\0\0"),
}


async def serve(asked: dict[str, list[float]]) -> asyncio.Server:
    """The good and the faulty, at one port of all loopback addresses."""

    async def answer(reader: asyncio.StreamReader, writer: Writer) -> None:
        try:
            path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode().removeprefix("/")
            asked[path].append(time.monotonic())
            await FAULTS.get(path, whole(FEED))(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return  # the daemon has had enough
        finally:
            writer.close()

    return await asyncio.start_server(answer, "0.0.0.0", PORT)


def configure(folder: Path) -> None:
    """Faulty and good feeds, and a page's address that is free."""
    faulty = [
        {"name": name, "url": f"http://127.0.0.{10 + number}:{PORT}/{name}", "interval": f"{1 + number % 2}s"}
        for number, name in enumerate(FAULTS)
    ]
    faulty += [
        {"name": "tls", "url": f"https://127.0.0.90:{PORT}/tls", "interval": "1s"},
        {"name": "dns", "url": "http://nowhere.invalid/feed", "interval": "1s"},
    ]
    good = [
        {"name": f"good-{number}", "url": f"http://127.0.0.{100 + number}:{PORT}/good-{number}"}
        for number in range(GOOD)
    ]
    settings = {
        "fetch": {"allow_networks": ["127.0.0.0/8"], "timeout": "5s"},
        "web": {"port": "0"},
        "log": {"level": "error"},
    }
    (folder / "ingest.yaml").write_text(yaml.safe_dump(settings))
    (folder / "feeds.yaml").write_text(
        yaml.safe_dump({"defaults": {"interval": f"{GOOD_EVERY_S}s"}, "feeds": faulty + good})
    )


async def measure(seconds: float) -> None:
    """Run the daemon among the faults."""
    asked: dict[str, list[float]] = defaultdict(list)
    server = await serve(asked)
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as folder:
        config = Path(folder) / "config"
        config.mkdir()
        configure(config)
        command = [sys.executable, "-m", "ingest"]
        running = [*command, "run", "--config", str(config)]
        daemon = await asyncio.to_thread(subprocess.Popen, running, stdout=subprocess.DEVNULL)
        watch = Watch(psutil.Process(daemon.pid))
        watch.start()
        await asyncio.sleep(seconds)
        watch.ended.set()
        daemon.send_signal(signal.SIGTERM)
        left = time.monotonic()
        status = await asyncio.to_thread(daemon.wait, 30)
        print(
            f"{seconds:.0f} s: peak {watch.peak_bytes / 1e6:.0f} MB (PSS of all processes), {watch.cpu_s:.1f} s CPU; "
        )
        print(f"the daemon left in {time.monotonic() - left:.1f} s with status {status}")
        listed = await asyncio.to_thread(
            subprocess.run,
            [*command, "feeds", "list", "--json", "--config", str(config)],
            capture_output=True,
            check=True,
        )
        report(asked, json.loads(listed.stdout))
    server.close()


def report(asked: dict[str, list[float]], feeds: list[dict[str, dict[str, object]]]) -> None:
    """Lateness of the good, reasons of the faulty."""
    late = [
        b - a - GOOD_EVERY_S
        for number in range(GOOD)
        for a, b in zip(asked[f"good-{number}"][1:], asked[f"good-{number}"][2:], strict=False)
    ]
    polls = sum(len(asked[f"good-{number}"]) for number in range(GOOD))
    print(f"good feeds: {polls} polls; late by {statistics.median(late):.2f} s (median), {max(late):.2f} s (most)")
    for feed in feeds:
        name, state = str(feed["feed"]["name"]), feed["state"]
        if not name.startswith("good-"):
            print(f"  {name}: asked {len(asked[name])} times, {state['problem'] or 'NO PROBLEM TOLD'}")


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.faults")
    parser.add_argument("--seconds", type=float, default=60)
    asyncio.run(measure(parser.parse_args(arguments).seconds))


if __name__ == "__main__":
    main(sys.argv[1:])
