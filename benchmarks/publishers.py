"""Publishers for the benchmark of freshness: made up from a seed, or replayed from snapshots of real feeds.

A publisher shows the latest entries that fit its document. Those that are made up have a past of PAST_DAYS, live in any
time zone, and one in five of them states no dates.
"""

import datetime as dt
import json
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.core.parse import parse
from ingest.errors import ParseError
from ingest.model import Document, Entry, Moment, Response

HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0
START = dt.datetime(2026, 1, 5, tzinfo=dt.UTC).timestamp()
"""A Monday."""
PAST_DAYS = 60


@dataclass(frozen=True)
class Publisher:
    """One feed, as it shows itself through time."""

    kind: str
    entries: Sequence[Entry]
    appeared: Sequence[float]
    """When each entry came to be seen, in seconds since 1970."""
    changes: Sequence[float]
    """When the document changed, ascending."""
    documents: Sequence[Sequence[int]]
    """What it shows from each change on: places in `entries`."""

    def shown(self, now: float) -> int:
        """Which of the documents it shows; -1 before the first."""
        return bisect_right(self.changes, now) - 1


Times = Callable[[random.Random, float, float], Iterator[float]]
"""(randomness, beginning, end) → when a publisher of a kind publishes."""


def poisson(rate_s: float) -> Times:
    """At any time, independently."""

    def times(chance: random.Random, begin: float, end: float) -> Iterator[float]:
        at = begin
        while (at := at + chance.expovariate(rate_s)) < end:
            yield at

    return times


def office_hours(chance: random.Random, begin: float, end: float) -> Iterator[float]:
    """Ten entries on a working day between nine and six, local time."""
    zone_s = chance.randrange(-22, 27) * HOUR / 2
    for at in poisson(10 / (9 * HOUR))(chance, begin, end):
        local = at + zone_s
        if 9 * HOUR <= local % DAY < 18 * HOUR and (local // DAY + 3) % 7 < 5:
            yield at


def bursts(chance: random.Random, begin: float, end: float) -> Iterator[float]:
    """Two entries a day, and every fourth day a story that breaks: a dozen entries within hours."""
    yield from poisson(2 / DAY)(chance, begin, end)
    for first in poisson(1 / (4 * DAY))(chance, begin, end):
        yield from (at for _ in range(12) if (at := first + chance.expovariate(1 / (1.5 * HOUR))) < end)


def digest(chance: random.Random, begin: float, end: float) -> Iterator[float]:
    """Six entries at once, each day at the same time, give or take some minutes."""
    at = begin + chance.uniform(0, DAY)
    while at < end:
        yield from [max(at + chance.gauss(0, 5 * 60), begin)] * 6
        at += DAY


def dead(chance: random.Random, begin: float, _: float) -> Iterator[float]:
    """A daily feed that stopped between ten days and two years before it is polled first."""
    last = begin + PAST_DAYS * DAY - chance.uniform(10, 730) * DAY
    yield from (last - days * DAY for days in range(20))


@dataclass(frozen=True)
class Kind:
    """A kind of publisher, and how many of a hundred are of it."""

    name: str
    share: int
    window: int
    times: Times


MIX = (
    Kind("Poisson, 10 an hour", 3, 50, poisson(10 / HOUR)),
    Kind("Poisson, 2 an hour", 7, 30, poisson(2 / HOUR)),
    Kind("Poisson, 8 a day", 10, 20, poisson(8 / DAY)),
    Kind("Poisson, 1 a day", 12, 15, poisson(1 / DAY)),
    Kind("Poisson, 1 a week", 13, 10, poisson(1 / WEEK)),
    Kind("office hours", 20, 20, office_hours),
    Kind("bursts", 8, 15, bursts),
    Kind("daily digest", 10, 12, digest),
    Kind("dead", 17, 15, dead),
)
"""Chosen to look like the list of a newsroom: few busy feeds have most of the stories, and many feeds are dead."""


def made_up(count: int, days: float, seed: int) -> list[Publisher]:
    """About so many publishers of the mix, over so many days after START."""
    chance = random.Random(seed)
    scaled = [(kind, max(1, round(kind.share * count / 100))) for kind in MIX]
    return [
        _publisher(kind, days, chance, dated=number % 5 != 0) for kind, many in scaled for number in range(1, many + 1)
    ]


def _publisher(kind: Kind, days: float, chance: random.Random, dated: bool) -> Publisher:
    times = sorted(kind.times(chance, START - PAST_DAYS * DAY, START + days * DAY))
    entries = [_entry(number, at if dated else None) for number, at in enumerate(times)]
    documents = [range(max(number - kind.window, 0), number) for number in range(1, len(times) + 1)]
    return Publisher(kind.name, entries, times, times, documents)


def _entry(number: int, at: float | None) -> Entry:
    moment = dt.datetime.fromtimestamp(at, dt.UTC) if at is not None else None
    return Entry(guid=str(number), published=Moment(at=moment, day=moment.date()) if moment else None)


def replayed(folder: Path) -> list[Publisher]:
    """The feeds of a folder with a `manifest.jsonl` (a line a snapshot: `feed`, `file`, `fetched`)."""
    (manifest,) = folder.rglob("manifest.jsonl")
    snapshots: dict[str, list[tuple[float, Document]]] = {}
    for line in manifest.read_text().splitlines():
        row = json.loads(line)
        at = dt.datetime.fromisoformat(row["fetched"]).astimezone(dt.UTC)
        if document := _read(manifest.parent / row["file"], at):
            snapshots.setdefault(row["feed"], []).append((at.timestamp(), document))
    return [_replay(name, sorted(found, key=lambda each: each[0])) for name, found in snapshots.items()]


def _read(file: Path, at: dt.datetime) -> Document | None:
    url = "https://example.org/feed"
    try:
        return parse(Response(url=url, final_url=url, status=200, body=file.read_bytes(), fetched_at=at))
    except ParseError:
        return None


def _replay(name: str, snapshots: Sequence[tuple[float, Document]]) -> Publisher:
    known: dict[str, int] = {}
    entries: list[Entry] = []
    appeared: list[float] = []
    documents: list[list[int]] = []
    for at, document in snapshots:
        for entry in document.entries:
            if known.setdefault(entry.guid or entry.url, len(entries)) == len(entries):
                entries.append(entry)
                appeared.append(at)
        documents.append([known[entry.guid or entry.url] for entry in document.entries])
    return Publisher(name, entries, appeared, [at for at, _ in snapshots], documents)
