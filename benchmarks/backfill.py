"""What a backfill costs against polling the same articles, and whether a daemon's polls stay on schedule meanwhile.

    python -m benchmarks.backfill [--articles 5000] [--rounds 3]

One publisher on loopback. Each round polls its articles, which feeds of a hundred entries list, and gets them by a
backfill, from the pages of one feed that lists a hundred at a time; each with a fresh database, in processes of their
own, as from the command line. It prints for both what was stored, pages a second, and the most memory (PSS, of the
process tree) of each quarter of the run; then the ratio of the pages a second.

Then a daemon with twenty feeds of their own hosts, each polled every 5 seconds, takes up such a backfill. It prints how
late the polls came by the publishers' clock, against the time at which each was due: while the backfill ran, and in the
half minute after it.
"""

import argparse
import asyncio
import itertools
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml
from aiohttp import web

from benchmarks.poll import await_listening
from benchmarks.whole import Run, measured
from ingest.app import open_ports
from ingest.core.cadence.turns import EPOCH, part
from ingest.model import BackfillSpec
from ingest.settings import Settings, load_settings

PORT = 8700
ARCHIVE = f"http://127.0.1.1:{PORT}"
A_LIST = 100
"""Articles of a feed, or of a page of one."""
WATCHED = 20
EVERY_S = 5.0
AFTERWARDS_S = 30.0
WORDS = "harbour ferry island mill council winter storm boat ridge school market bridge garden letter engine".split()
SETTINGS = {
    "fetch": {"allow_networks": ["127.0.0.0/8"], "per_host": 16, "robots": False},
    "web": {"port": 0},
}


def article(number: int) -> str:
    """A page of a few kilobytes, with a text of its own."""
    chosen = random.Random(number)  # the same text each time
    paragraphs = "".join(
        f"<p>{' '.join(f'{chosen.choice(WORDS)}{chosen.randrange(100_000)}' for _ in range(80))}.</p>" for _ in range(6)
    )
    links = "".join(f"<li><a href='/section/{place}'>Section {place}</a></li>" for place in range(30))
    return (
        f"<html lang='en'><head><title>Story {number}</title></head><body><nav><ul>{links}</ul></nav>"
        f"<article><h1>Story {number}</h1>{paragraphs}</article><footer><ul>{links}</ul></footer></body></html>"
    )


def feed(host: str, numbers: Sequence[int], older: str = "") -> str:
    """A feed of these articles, one an hour."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{number}</guid><title>Story {number}</title>"
        f"<link>http://{host}/story/{number}</link><pubDate>{published(number)}</pubDate></item>"
        for number in numbers
    )
    link = f"<atom:link rel='next' href='{older}'/>" if older else ""
    return (
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Example</title>"
        f"<link>http://{host}/</link>{link}{items}</channel></rss>"
    )


def published(number: int) -> str:
    """The date of an article, as RSS writes it."""
    return time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(1_600_000_000 + number * 3600))


class Publishers:
    """All hosts: what they answer, and when their feeds were asked for."""

    def __init__(self, articles: int) -> None:
        self._articles = articles
        self._polls: defaultdict[str, list[float]] = defaultdict(list)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """`/story/N`, `/feed/K` with a list of articles, `/paged?page=K` with the same and a link, `/polls`."""
        host, (name, number) = request.headers["Host"], request.path.strip("/").partition("/")[::2]
        if name == "story":
            return web.Response(text=article(int(number)), content_type="text/html")
        if name == "polls":
            return web.json_response(self._polls)
        if name == "watched":
            self._polls[f"http://{host}{request.path}"].append(time.time())
            return web.Response(text=feed(host, [-1]), content_type="application/rss+xml")
        place = int(number or request.query.get("page", "0"))
        numbers = range(self._articles - place * A_LIST, max(self._articles - (place + 1) * A_LIST, 0), -1)
        older = f"http://{host}/paged?page={place + 1}" if name == "paged" and numbers.stop > 0 else ""
        return web.Response(text=feed(host, numbers, older), content_type="application/rss+xml")


async def serve(articles: int) -> None:
    """Every host on one port, for ever."""
    runner = web.ServerRunner(web.Server(Publishers(articles).answer))
    await runner.setup()
    for number in range(WATCHED + 1):
        await web.TCPSite(runner, f"127.0.1.{number + 1}", PORT).start()
    await asyncio.Event().wait()


def run_server(articles: int) -> None:
    """In a process of its own."""
    asyncio.run(serve(articles))


@contextmanager
def publishers(articles: int) -> Iterator[None]:
    """All of them, while the block lasts."""
    process = multiprocessing.get_context("spawn").Process(target=run_server, args=(articles,), daemon=True)
    process.start()
    try:
        await_listening(f"127.0.1.{WATCHED + 1}")
        yield
    finally:
        process.terminate()
        process.join()


@contextmanager
def configured(feeds: Sequence[dict[str, object]]) -> Iterator[str]:
    """A configuration folder with these feeds, of which a fresh database knows."""
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as folder:
        config = Path(folder) / "config"
        config.mkdir()
        (config / "ingest.yaml").write_text(yaml.safe_dump(SETTINGS))
        (config / "feeds.yaml").write_text(yaml.safe_dump({"feeds": list(feeds)}))
        subprocess.run(ingest("feeds", "list", config=str(config)), check=True, stdout=subprocess.DEVNULL)
        yield str(config)


def ingest(*arguments: str, config: str) -> list[str]:
    """A command line."""
    return [sys.executable, "-m", "ingest", *arguments, "--config", config]


def polled(articles: int) -> Run:
    """All articles by polling."""
    lists = range((articles + A_LIST - 1) // A_LIST)
    feeds: list[dict[str, object]] = [{"url": f"{ARCHIVE}/feed/{place}", "name": f"feed-{place}"} for place in lists]
    with configured(feeds) as config:
        return measured(ingest("poll", "--all", "--json", config=config), dict(os.environ))


def backfilled() -> Run:
    """The same by a backfill."""
    with configured([{"url": f"{ARCHIVE}/paged", "name": "archive"}]) as config:
        command = ingest("backfill", "archive", "--via", "paged", "--json", config=config)
        return measured(command, dict(os.environ))


def rate(how: str, run: Run, stored: object) -> float:
    """Pages a second of a run, which is printed."""
    size = max(len(run.memory) / 4, 1.0)
    quarters = [run.memory[int(size * place) : int(size * (place + 1))] for place in range(4)]
    megabytes = " ".join(f"{max(quarter, default=0) / 1e6:.0f}" for quarter in quarters)
    assert isinstance(stored, int)
    print(
        f"  {how}: {stored} stories, wall {run.wall_s:.1f} s, CPU {run.cpu_s:.1f} s, {stored / run.wall_s:.1f} pages/s,"
        f" memory by quarters {megabytes} MB (PSS), exit status {run.status}"
    )
    if run.errors:
        print("  " + "\n  ".join(run.errors.splitlines()[-5:]))
    return stored / run.wall_s


def compared(articles: int, rounds: int) -> None:
    """Both ways, one after the other."""
    ratios = []
    for number in range(rounds):
        print(f"round {number + 1}")
        poll = polled(articles)
        entries = poll.result["entries"]
        assert isinstance(entries, dict)
        poll_rate = rate("polled", poll, entries["new"])
        backfill = backfilled()
        ratios.append(rate("backfilled", backfill, backfill.result["stored"]) / poll_rate)
        print(f"  ratio {ratios[-1]:.2f}")
    print(f"ratio of pages a second, backfilled to polled: {statistics.median(ratios):.2f} (median of {rounds})")


def watched() -> Iterator[dict[str, object]]:
    """The feeds of the daemon."""
    yield {"url": f"{ARCHIVE}/paged", "name": "archive", "interval": "24h"}
    for number in range(WATCHED):
        url = f"http://127.0.1.{number + 2}:{PORT}/watched"
        yield {"url": url, "name": f"watched-{number}", "interval": f"{EVERY_S:.0f}s"}


async def begun(settings: Settings) -> dict[str, int]:
    """Begin a backfill that nobody works on; gives the ids of the feeds, by their addresses."""
    async with open_ports(settings, {}) as ports:
        ids = {status.feed.url: status.feed.id for status in await ports.store.feeds()}
        wanted = BackfillSpec(feed_id=ids[f"{ARCHIVE}/paged"], via=("paged",))
        await ports.store.backfills.begin(wanted, ports.clock.now())
        return ids


def on_schedule() -> None:
    """A daemon that takes up a backfill, and its polls."""
    with configured(list(watched())) as config:
        ids = asyncio.run(begun(load_settings(Path(config), {}, None)))
        daemon = subprocess.Popen(
            ingest("run", config=config), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        try:
            begin, end = during(daemon)
            time.sleep(AFTERWARDS_S)
        finally:
            daemon.terminate()
            daemon.communicate()
    late(f"while a backfill ran ({end - begin:.0f} s)", ids, begin, end)
    late("after it", ids, end, time.time())


def during(daemon: "subprocess.Popen[str]") -> tuple[float, float]:
    """When the daemon's backfill began and ended."""
    begin = 0.0
    assert daemon.stderr
    for line in daemon.stderr:
        event = json.loads(line)["event"]
        if event == "backfill.begun":
            begin = time.time()
        if event == "backfill.ended":
            return begin, time.time()
    raise SystemExit("the daemon left before its backfill ended")


def late(when: str, ids: dict[str, int], begin: float, end: float) -> None:
    """Print how late the polls of a time came; one that is late by more than an interval shows as a longest wait."""
    with urllib.request.urlopen(f"{ARCHIVE}/polls", timeout=30) as answer:
        polls: dict[str, list[float]] = json.load(answer)
    lags, waits = [], [0.0]
    for url, times in polls.items():
        mine = [at for at in times[1:] if begin <= at <= end]  # the first has no turn: it was due when it was added
        lags += [(at - EPOCH.timestamp() - EVERY_S * part(ids[url], 0)) % EVERY_S for at in mine]
        waits += [after - before for before, after in itertools.pairwise(mine)]
    if not lags:
        print(f"{when}: no poll")
        return
    print(
        f"{when}: {len(lags)} polls of {len(polls)} feeds, {statistics.median(lags):.2f} s late at the median,"
        f" {max(lags):.2f} s at most; longest wait between two of a feed {max(waits):.2f} s of {EVERY_S:.0f} s"
    )


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.backfill")
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    with publishers(options.articles):
        compared(options.articles, options.rounds)
        on_schedule()


if __name__ == "__main__":
    main(sys.argv[1:])
