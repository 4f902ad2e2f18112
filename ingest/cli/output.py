"""How results are printed: tables with rich on a terminal, tab-separated lines in a pipe, JSON where it is asked for.

What came from feeds is shown without control characters, so that no headline can steer a terminal.
"""

import datetime as dt
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

from ingest.core.amounts import span

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

Cell = str | int | float | dt.datetime | dt.date | None

GAP = 2
"""Blanks between columns."""
LONGEST = 500
"""Characters of one value on a terminal."""
NARROWEST = 18
"""What a column that is cut keeps at least, where it has as much; for less, others give up their place."""


def show_json(value: object) -> None:
    """One JSON document."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def show_table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], cut: Sequence[str] = (), spare: Sequence[str] = ()
) -> None:
    """Rows under their columns, a line each.

    Args:
        cut: columns that a terminal cuts to its width; all others are shown whole.
        spare: columns that a narrow terminal leaves out, the first of them first.
    """
    texts = [[_shown(cell).replace("\t", " ").replace("\n", " ") for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in texts:
            say("\t".join(row))
        return
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    wanted = {name: max(map(cell_len, cells)) for name, *cells in zip(columns, columns, *texts, strict=True)}
    widths = fitted(wanted, console.width, cut, spare)
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, GAP, 0, 0))
    for name, width in widths.items():
        table.add_column(name, width=width, no_wrap=True, overflow="ellipsis")
    for row in texts:
        table.add_row(*(Text(cell) for name, cell in zip(columns, row, strict=True) if name in widths))
    console.print(table)


def fitted(wanted: Mapping[str, int], room: int, cut: Sequence[str], spare: Sequence[str]) -> dict[str, int]:
    """The columns that there is room for, with the width of each: those that are cut share what the others leave.

    Args:
        wanted: the width that each column would need.
    """
    widths = dict(wanted)
    for name in spare:
        least = (min(width, NARROWEST) if name in cut else width for name, width in widths.items())
        if sum(least) + GAP * (len(widths) - 1) <= room:
            break
        del widths[name]
    shared = sorted((width, name) for name, width in widths.items() if name in cut)
    left = room - GAP * (len(widths) - 1) - sum(width for name, width in widths.items() if name not in cut)
    for number, (width, name) in enumerate(shared):
        widths[name] = max(1, min(width, left // (len(shared) - number)))
        left -= widths[name]
    return widths


def show_facts(facts: Iterable[tuple[str, Cell]]) -> None:
    """Names with their values, a line each; a terminal cuts values that would fill it."""
    longest = LONGEST if sys.stdout.isatty() else None
    shown = [(name, _cut(_shown(value), longest)) for name, value in facts]
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
    """A past time as people say it: `4 min ago`, `never`."""
    return "never" if then is None else f"{span((now - then).total_seconds())} ago"


def due(then: dt.datetime, now: dt.datetime) -> str:
    """When it is a feed's turn: `in 12 s`, `due now`."""
    return f"in {span((then - now).total_seconds())}" if then > now else "due now"


def _cut(text: str, longest: int | None) -> str:
    return text if longest is None or len(text) <= longest else f"{text[: longest - 1]}…"


def _shown(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return cell.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return "" if cell is None else CONTROL.sub("", str(cell))
