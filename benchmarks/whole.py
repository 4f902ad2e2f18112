"""The whole service on a newsroom: `ingest poll --all` three times, with a fresh database.

    python -m benchmarks.whole                           the sample newsroom of the demo, everything published
    python -m benchmarks.whole http://127.0.0.1:8900/    any newsroom on loopback whose front page links its feeds
        [--only /news/]                                  only the feeds whose address holds this

It prints what each poll came to, wall time, CPU time and peak memory of the process tree. Memory is PSS, which counts
a page that several processes share once. Then it has `benchmarks.script` read the same articles, and prints the ratio
of the stories a second that the service stored to the pages a second that the script read.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from ingest.demo.newsroom import open_newsroom

FEED_LINK = re.compile(r"""href=["']([^"']+)["']""")
SAMPLE_S = 0.2


@dataclass(frozen=True)
class Run:
    """What one poll cost and came to."""

    wall_s: float
    cpu_s: float
    memory: tuple[int, ...]
    """Bytes of the process tree, as sampled."""
    status: int
    result: dict[str, object]
    errors: str

    @property
    def peak_bytes(self) -> int:
        """The most memory of any moment."""
        return max(self.memory, default=0)


class Watch(threading.Thread):
    """Samples a process and all that it started: PSS, and the CPU time of each process when last seen."""

    def __init__(self, root: psutil.Process) -> None:
        super().__init__()
        self._root = root
        self._cpu_s: dict[int, float] = {}
        self.memory: list[int] = []
        self.ended = threading.Event()

    def run(self) -> None:
        """Sample until the end."""
        while not self.ended.wait(SAMPLE_S):
            self._sample()

    @property
    def peak_bytes(self) -> int:
        """The most memory so far."""
        return max(self.memory, default=0)

    @property
    def cpu_s(self) -> float:
        """User and system seconds of all processes seen."""
        return sum(self._cpu_s.values())

    def _sample(self) -> None:
        total = 0
        try:
            for process in [self._root, *self._root.children(recursive=True)]:
                total += process.memory_full_info().pss
                times = process.cpu_times()
                self._cpu_s[process.pid] = times.user + times.system
        except psutil.NoSuchProcess:
            return
        self.memory.append(total)


def measured(command: list[str], environ: dict[str, str]) -> Run:
    """Run a command to its end, watching its memory."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        child = subprocess.Popen(command, env=environ, stdout=out, stderr=err)
        watch = Watch(psutil.Process(child.pid))
        watch.start()
        status = child.wait()
        wall = time.perf_counter() - begun
        watch.ended.set()
        watch.join()
        out.seek(0)
        err.seek(0)
        result, errors = json.loads(out.read() or b"{}"), err.read().decode(errors="replace")
        return Run(wall, watch.cpu_s, tuple(watch.memory), status, result, errors)


def feeds_of(front_page: str, only: str) -> list[dict[str, str]]:
    """Feed lines for `feeds.yaml` from the links of a newsroom's front page."""
    with urllib.request.urlopen(front_page, timeout=30) as answer:
        links = FEED_LINK.findall(answer.read().decode())
    urls = [urllib.parse.urljoin(front_page, link) for link in links if only in link]
    return [{"url": url, "name": f"feed-{number}"} for number, url in enumerate(urls)]


def bench(feeds: list[dict[str, str]], label: str) -> None:
    """Poll these feeds three times and print the figures."""
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as folder:
        config = Path(folder) / "config"
        config.mkdir()
        settings = {"fetch": {"allow_networks": ["127.0.0.0/8"], "per_host": 16, "robots": False}}
        (config / "ingest.yaml").write_text(yaml.safe_dump(settings))
        (config / "feeds.yaml").write_text(yaml.safe_dump({"feeds": feeds}))
        command = [sys.executable, "-m", "ingest", "poll", "--all", "--json", "--config", str(config)]
        runs = [measured(command, dict(os.environ)) for _ in range(3)]
        for number, run in enumerate(runs, 1):
            report(f"{label}, poll {number}", run)
    script = [sys.executable, "-m", "benchmarks.script", *(feed["url"] for feed in feeds)]
    compare(runs[0], measured(script, dict(os.environ)))


def compare(ours: Run, script: Run) -> None:
    """The service's first poll against the script."""
    read = script.result["pages"]
    entries = ours.result["entries"]
    assert isinstance(read, int)
    assert isinstance(entries, dict)
    taken = sum(entries[name] for name in ("new", "changed", "seen_again"))
    pages_s = read / script.wall_s
    print(
        f"script: {read} pages, wall {script.wall_s:.1f} s, CPU {script.cpu_s:.1f} s, {pages_s:.0f} pages/s\n"
        f"ratio of entries taken to their story a second to pages a second: {taken / ours.wall_s / pages_s:.2f}"
    )


def report(label: str, run: Run) -> None:
    """One paragraph a run."""
    polled = run.result.get("polled", [])
    entries = run.result.get("entries", {})
    assert isinstance(polled, list)
    assert isinstance(entries, dict)
    results = Counter(one["result"] for one in polled)
    new, known = (sum(one.get(name, 0) for one in polled) for name in ("new", "known"))
    stories = entries.get("new", 0)
    print(
        f"{label}: {len(polled)} feeds ({dict(results)}), {new} new entries, {known} known; "
        f"{stories} stories, {entries.get('seen_again', 0)} seen again, "
        f"{entries.get('waiting', 0)} wait, {entries.get('failed', 0)} failed\n"
        f"  wall {run.wall_s:.1f} s, CPU {run.cpu_s:.1f} s, peak memory {run.peak_bytes / 1e6:.0f} MB (PSS), "
        f"{stories / run.wall_s:.0f} stories/s, exit status {run.status}"
    )
    for reason in entries.get("reasons", []):
        print(f"  {reason['count']} {reason['state']}: {reason['why']}")
    if run.errors:
        print("  " + "\n  ".join(run.errors.splitlines()[-5:]))


async def sample_feeds() -> None:
    """The demo's newsroom with everything published, polled from another process."""
    async with open_newsroom(pace_s=0.0) as newsroom:
        feeds = [{"url": spec.url, "name": spec.name} for spec in newsroom.feeds]
        await asyncio.to_thread(bench, feeds, "sample newsroom")


def main(arguments: list[str]) -> None:
    """Measure a newsroom."""
    parser = argparse.ArgumentParser(prog="benchmarks.whole")
    parser.add_argument("newsroom", nargs="?", help="URL of a front page on loopback that links feeds")
    parser.add_argument("--only", default="", help="only feeds whose link holds this")
    options = parser.parse_args(arguments)
    if options.newsroom:
        bench(feeds_of(options.newsroom, options.only), f"newsroom {options.only}".strip())
    else:
        asyncio.run(sample_feeds())


if __name__ == "__main__":
    main(sys.argv[1:])
