"""How soon entries are seen after they appear, and at which price: the real cadence against simpler rules.

python -m benchmarks.freshness [DIR of snapshots] [--publishers N] [--days N] [--seed N] [--eagerness K]

Each publisher is polled on a clock of its own by each rule: the learned interval; every 15 minutes; at the fixed
interval that takes as many requests over the mix as the learned one; and by the weekly count, a rule of Miniflux.
"""

import argparse
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.publishers import DAY, MIX, PAST_DAYS, START, WEEK, Publisher, made_up, replayed
from ingest.core.cadence import Reading, after_success
from ingest.model import Document, Entry, Feed, FeedState, Response, WrittenDown
from ingest.ports import Pace

MINUTE = 60.0
URL = "https://example.org/feed"


@dataclass
class Result:
    """What polling came to."""

    feeds: int = 0
    days: float = 0.0
    requests: int = 0
    missed: int = 0
    lags: list[float] = field(default_factory=list)

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.feeds + other.feeds,
            self.days + other.days,
            self.requests + other.requests,
            self.missed + other.missed,
            self.lags + other.lags,
        )

    def minutes(self, share: float) -> float:
        """The lag in minutes that this share of the entries stays below."""
        ordered = sorted(self.lags)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)] / MINUTE if ordered else 0.0


@dataclass(frozen=True)
class Shown:
    """What a poll sees."""

    now: float
    entries: Sequence[Entry] | None
    """None where nothing changed."""
    new: Sequence[Entry]


Rule = Callable[[Shown], float]
"""What a poll shows → the time of the next. One is made for each publisher."""


class Learned:
    """The real thing."""

    def __init__(self, number: int, pace: Pace) -> None:
        self.feed = Feed(id=number, url=URL, name=str(number))
        self.state = FeedState(feed_id=number, due_at=dt.datetime.fromtimestamp(START, dt.UTC))
        self.pace = pace

    def __call__(self, shown: Shown) -> float:
        at = dt.datetime.fromtimestamp(shown.now, dt.UTC)
        response = Response(url=URL, final_url=URL, status=200, fetched_at=at)
        document = None if shown.entries is None else Document(format="rss20", entries=tuple(shown.entries))
        written = WrittenDown(new=len(shown.new), known=len(shown.entries or ()) - len(shown.new))
        self.state = after_success(
            self.feed, self.state, Reading(response, "", document, written), self.pace, _no_cron
        ).state
        return self.state.due_at.timestamp()


def _no_cron(line: str, after: dt.datetime) -> dt.datetime:
    raise NotImplementedError(line)


def fixed(interval: float) -> Rule:
    """Always the same wait."""
    return lambda shown: shown.now + interval


class WeeklyCount:
    """Miniflux' `entry_frequency`: a week through the entries of a week, between five minutes and a day.

    The entries of a week are reckoned from the mean distance of those whose dates lie in the last seven days; of fewer
    than two nothing is known, and the feed waits a day. An entry without a date has that of its first sight.
    """

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self.dates: list[float] = []

    def __call__(self, shown: Shown) -> float:
        self.dates += [entry.published.at.timestamp() if entry.published else shown.now for entry in shown.new]
        self.dates = [date for date in self.dates if date >= shown.now - WEEK]
        span = max(self.dates) - min(self.dates) if self.dates else 0.0
        wait = span / (len(self.dates) - 1) / self.factor if span else DAY
        return shown.now + min(max(wait, 5 * MINUTE), DAY)


def polled(publisher: Publisher, rule: Rule, first: float, end: float) -> Result:
    """Poll a publisher from a time on until the end."""
    result = Result(feeds=1, days=(end - first) / DAY)
    seen: set[int] = set()
    now, before = first, -2
    while now < end:
        current = publisher.shown(now)
        document = publisher.documents[current] if current >= 0 else ()
        new = [] if current == before else [number for number in document if number not in seen]
        seen.update(new)
        result.requests += 1
        result.lags += [now - publisher.appeared[number] for number in new if publisher.appeared[number] > first]
        entries = None if current == before else [publisher.entries[number] for number in document]
        now, before = rule(Shown(now, entries, [publisher.entries[number] for number in new])), current
    last = publisher.documents[publisher.shown(end)] if publisher.shown(end) >= 0 else ()
    gone = set(range(len(publisher.entries))) - seen - set(last)
    result.missed = sum(first < publisher.appeared[number] <= end for number in gone)
    return result


Results = dict[str, Result]
"""By kind of publisher."""


def compared(publishers: Sequence[Publisher], begin: float | None, end: float | None, pace: Pace) -> dict[str, Results]:
    """What each rule comes to; each publisher from `begin`, or from its first document on."""

    def run(make: Callable[[int], Rule]) -> Results:
        results: Results = {}
        for number, publisher in enumerate(publishers, 1):
            first = (publisher.changes[0] if begin is None else begin) + number % 97 / 97 * 15 * MINUTE
            last = publisher.changes[-1] if end is None else end
            results[publisher.kind] = results.get(publisher.kind, Result()) + polled(
                publisher, make(number), first, last
            )
        return results

    learned = run(lambda number: Learned(number, pace))
    total = sum(learned.values(), Result())
    equal = total.days * DAY / total.requests
    return {
        "learned": learned,
        "15 min": run(lambda _: fixed(15 * MINUTE)),
        f"{equal / MINUTE:.0f} min, equal requests": run(lambda _: fixed(equal)),
        "weekly count": run(lambda _: WeeklyCount()),
    }


def show(title: str, rules: dict[str, Results]) -> None:
    """Print a table: for each rule requests a day and feed, requests a story, lags in minutes, entries missed."""
    kinds = list(next(iter(rules.values())))
    print(f"\n{title}\n{'':24}" + "".join(f"{name:>36}" for name in rules))
    print(f"{'':24}" + f"{'req/day':>9}{'req/st':>8}{'p50':>7}{'p95':>7}{'miss':>5}" * len(rules))
    for kind in kinds:
        print(f"{kind[-24:]:24}" + "".join(_cells(results[kind]) for results in rules.values()))
    print(f"{'all':24}" + "".join(_cells(sum(results.values(), Result())) for results in rules.values()))


def judge(rules: dict[str, Results]) -> None:
    """Print how the learned interval compares with the fixed one of equal requests."""
    learned, _, equal, _ = rules.values()
    both = sum(learned.values(), Result()), sum(equal.values(), Result())
    ratios = {kind: learned[kind].minutes(0.5) / equal[kind].minutes(0.5) for kind in learned if equal[kind].lags}
    worst = max(ratios, key=lambda kind: ratios[kind])
    print(
        f"median lag at equal requests: {both[0].minutes(0.5) / both[1].minutes(0.5):.2f} of the fixed interval's;",
        end=" ",
    )
    print(f"worst kind: {worst}, {ratios[worst]:.2f}; missed: {both[0].missed} against {both[1].missed}")


def _cells(result: Result) -> str:
    a_story = result.requests / (len(result.lags) + result.missed) if result.lags else float("inf")
    lags = f"{result.minutes(0.5):7.1f}{result.minutes(0.95):7.0f}"
    return f"{result.requests / result.days:9.1f}{a_story:8.1f}{lags}{result.missed:5}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.freshness", description="Freshness of the cadence.")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--publishers", type=int, default=100)
    parser.add_argument("--days", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--eagerness", type=float, default=Pace().eagerness)
    chosen = parser.parse_args(arguments)
    pace = Pace(eagerness=chosen.eagerness)
    publishers = made_up(chosen.publishers, chosen.days, chosen.seed)
    mix = ", ".join(f"{kind.share} {kind.name}" for kind in MIX)
    print(f"mix of a hundred: {mix}; {PAST_DAYS} days of past, one in five without dates")
    title = f"{len(publishers)} publishers over {chosen.days:.0f} days, seed {chosen.seed}; lags in minutes"
    rules = compared(publishers, START, START + chosen.days * DAY, pace)
    show(title, rules)
    judge(rules)
    if chosen.folder:
        title = "snapshots of real feeds; lags in minutes from the first snapshot that shows an entry"
        show(title, compared(replayed(chosen.folder), None, None, pace))


if __name__ == "__main__":
    main()
