"""How results are printed: tables with rich on a terminal, tab-separated lines in a pipe, JSON where it is asked for.

What came from feeds is shown without control characters, so that no headline can steer a terminal.
"""

import datetime as dt
import json
import re
import sys
from collections.abc import Iterable, Sequence

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Cell = str | int | float | dt.datetime | dt.date | None


def show_json(value: object) -> None:
    """One JSON document."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Rows under their columns."""
    texts = [[_shown(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in texts:
            say("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in texts:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def show_facts(facts: Iterable[tuple[str, Cell]]) -> None:
    """Names with their values, a line each."""
    shown = [(name, _shown(value)) for name, value in facts]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        say(f"{name.ljust(width)}  {value}".rstrip())


def say(line: str) -> None:
    """One line on stdout, at once: the daemon's address must not wait in a buffer."""
    sys.stdout.write(CONTROL.sub("", line) + "\n")
    sys.stdout.flush()


def told(line: str) -> None:
    """One line on stderr: progress and remarks."""
    sys.stderr.write(CONTROL.sub("", line) + "\n")


def ago(then: dt.datetime | None, now: dt.datetime) -> str:
    """A time as people say it: `4 min ago`, `in 12 s`, `never`."""
    if then is None:
        return "never"
    seconds = (now - then).total_seconds()
    amount = abs(seconds)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if amount >= size:
            words = f"{amount / size:.0f} {unit}"
            break
    else:
        words = f"{amount:.0f} s"
    return f"{words} ago" if seconds >= 0 else f"in {words}"


def _shown(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if cell is None else CONTROL.sub("", str(cell))
