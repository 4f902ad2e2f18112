"""How far a command is, on one line of a terminal; nothing where stderr is none."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingest.core.amounts import counted

if TYPE_CHECKING:
    from ingest.model import Backfill, Outcome, Polled, Rechecked
    from ingest.ports import Report


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
def backfilling(run: "Backfill") -> "Iterator[Report]":
    """A report of a backfill: a bar of what is done of what was found, which grows with the walk."""
    if not sys.stderr.isatty():
        from ingest.ports import unreported

        yield unreported
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from ingest.model import Backfill, Outcome

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar_shown:
        task = bar_shown.add_task(walk_line(run), total=max(1, run.found - run.known))

        def report(result: "Polled | Outcome | Rechecked | Backfill") -> None:
            if isinstance(result, Backfill):
                total = max(1, result.found - result.known)
                done = total - result.pending
                bar_shown.update(task, description=walk_line(result), total=total, completed=done)
            elif isinstance(result, Outcome) and result.state != "pending":
                bar_shown.advance(task)

        yield report


def walk_line(run: "Backfill") -> str:
    """Where a walk is and what it came to; no word of it is from outside."""
    left = run.left + run.undated
    counts = f"{run.stored:,} stored, {run.known:,} known, {left:,} left out, {sum(run.failed.values()):,} failed"
    return f"{run.via or 'collecting'}: {run.found:,} found, {counts}"
