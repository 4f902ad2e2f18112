"""How far a command is, on one line of a terminal; where stderr is none, only of what may take hours."""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.cli.output import told
from ingest.core.amounts import counted, span

if TYPE_CHECKING:
    from ingest.model import Backfill, Outcome, Polled, Rechecked
    from ingest.ports import Part, Report

WALK_BAR = 20
"""Columns of the bar of a backfill, which leaves room for what is said beside it."""


@contextmanager
def progress() -> "Iterator[Report]":
    """A report that is shown until the block is left."""
    if not sys.stderr.isatty():
        from ingest.ports import unreported

        yield unreported
        return
    from rich.console import Console

    done: Counter[str] = Counter()
    with Console(stderr=True).status("Polling …") as line:

        def report(result: "Polled | Outcome | Rechecked | Backfill") -> None:
            done.update(counts(result))
            line.update(shown(done))

        yield report


def counts(result: "Polled | Outcome | Rechecked | Backfill") -> dict[str, int]:
    """What a result adds."""
    from ingest.model import Backfill, Polled, Rechecked

    if isinstance(result, Backfill):
        return {}
    if isinstance(result, Polled):
        return {"polled": 1, "found": result.new}
    if isinstance(result, Rechecked):
        return {"rechecked": 1}
    return {"done": 1, result.state: 1}


def shown(done: Counter[str]) -> str:
    """The line; it holds no name from a feed, since rich would read markup in it."""
    line = f"{counted(done['polled'], 'feed')} polled"
    if done["found"] or done["done"]:
        entries = counted(max(done["found"], done["done"]), "entry")
        line += f"; of {entries} {done['stored']} stored, {done['pending']} wait, {done['failed']} failed"
    if done["rechecked"]:
        line += f"; {done['rechecked']} re-checked"
    return line


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Called with each of so many pieces that is done, until the block is left."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown_bar:
        task = shown_bar.add_task(what, total=total)
        yield lambda: shown_bar.advance(task)


@contextmanager
def along(what: str, after: int, last: int, is_shown: bool = True) -> Iterator[Callable[[int], None]]:
    """Called with the `seq` of each thing that is done, of those beyond one and up to another."""
    if not is_shown or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    counted_so_far = TextColumn("{task.fields[done]:,} done")
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), counted_so_far)
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as shown_bar:
        task = shown_bar.add_task(what, total=max(1, last - after), done=0)
        done = 0

        def report(seq: int) -> None:
            nonlocal done
            done += 1
            shown_bar.update(task, completed=seq - after, done=done)

        yield report


@contextmanager
def part(what: str) -> "Iterator[Part]":
    """Told how much is done, and of how much, until the block is left."""
    if not sys.stderr.isatty():
        yield lambda done, all_of_it: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as shown_bar:
        task = shown_bar.add_task(what, total=None)
        yield lambda done, all_of_it: shown_bar.update(task, completed=done, total=all_of_it)


@contextmanager
def backfilling(run: "Backfill", now: Callable[[], dt.datetime]) -> "Iterator[Report]":
    """A report of a backfill: a bar of what is done of what was found, which grows with the walk; a line now and then
    where stderr is no terminal."""
    if sys.stderr.isatty():
        with _walk_bar(run, now) as report:
            yield report
    else:
        yield _walk_lines(run, now)


@contextmanager
def _walk_bar(run: "Backfill", now: Callable[[], dt.datetime]) -> "Iterator[Report]":
    from rich.console import Console, RenderableType
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.text import Text

    from ingest.model import Backfill

    class Walk(Progress):
        """The bar, and the counts below it in as many lines as they take."""

        def get_renderables(self) -> "Iterator[RenderableType]":
            yield self.make_tasks_table(self.tasks)
            yield from (Text(task.description) for task in self.tasks)

    columns = (BarColumn(WALK_BAR), MofNCompleteColumn(), TextColumn("{task.fields[pace]}"))
    begun_at = now()
    with Walk(*columns, console=Console(stderr=True)) as bar_shown:
        task = bar_shown.add_task(walk_line(run), total=max(1, run.wanted), pace="")

        def report(result: "Polled | Outcome | Rechecked | Backfill") -> None:
            if isinstance(result, Backfill):
                done, pace = result.wanted - result.pending, pace_line(run, result, now() - begun_at)
                total = max(1, result.wanted)
                bar_shown.update(task, description=walk_line(result), total=total, completed=done, pace=pace)

        yield report


def _walk_lines(run: "Backfill", now: Callable[[], dt.datetime]) -> "Report":
    from ingest.core.backfill import TOLD_EVERY
    from ingest.model import Backfill

    begun_at = told_at = now()

    def report(result: "Polled | Outcome | Rechecked | Backfill") -> None:
        nonlocal told_at
        if isinstance(result, Backfill) and now() - told_at >= TOLD_EVERY:
            told_at = now()
            pace = pace_line(run, result, told_at - begun_at)
            told("; ".join(filter(None, [f"{walk_line(result)}, {result.pending:,} wait", pace])))

    return report


def walk_line(run: "Backfill") -> str:
    """Where a walk is and what it came to; no word of it is from outside."""
    left, failed = run.left + run.undated, sum(run.failed.values())
    stories = f"{run.stored:,} stored, {run.seen:,} seen again, {run.known:,} known, {failed:,} failed"
    counts = f"{run.found:,} found, {run.fetched:,} fetched, {stories}"
    return f"{run.via or 'collecting'}: {counts}, {left:,} left out, {run.outside:,} outside"


def pace_line(begun: "Backfill", run: "Backfill", elapsed: dt.timedelta) -> str:
    """How fast it gets on and how long it still takes; empty while neither is known."""
    from ingest.core.backfill import headway

    made = headway(begun, run, elapsed)
    if made.rate is None:
        return ""
    remaining = "" if made.remaining_s is None else f", {span(made.remaining_s)} left"
    return f"{made.rate:,.0f} a minute{remaining}" if made.rate >= 1 else f"{made.rate:.2g} a minute{remaining}"
