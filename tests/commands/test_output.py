"""What a terminal is shown, and what a pipe gets."""

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from fakes import START
from hypothesis import given
from hypothesis import strategies as st

from ingest.cli.output import GAP, ago, due, fitted, show_facts, show_table

COLUMNS = ("published", "id", "title", "hashtags")
CODES = re.compile(r"\x1b\[[0-9;]*m")
LONG = "A title without end " * 250
ROWS = [
    (START, "01J0000000000000000000000A", LONG, "#one #two"),
    (None, "01J0000000000000000000000B", "写真\n説明", ""),
]


OpenTerminal = Callable[..., "Terminal"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def open_terminal(monkeypatch: pytest.MonkeyPatch) -> OpenTerminal:
    """Puts a terminal of so many columns in the place of stdout."""

    def put(columns: int = 100) -> Terminal:
        terminal = Terminal()
        monkeypatch.setattr("sys.stdout", terminal)
        for name, value in {"COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": "1"}.items():
            monkeypatch.setenv(name, value)
        return terminal

    return put


def test_a_terminal_is_shown_one_line_a_row_with_ids_and_times_whole(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal()
    show_table(COLUMNS, ROWS, cut=("title", "hashtags"))
    _, first, second = CODES.sub("", terminal.getvalue()).splitlines()
    assert first.startswith("2024-01-19T08:00:00Z  01J0000000000000000000000A  A title without end ")
    assert "…" in first
    assert "01J0000000000000000000000B  写真 説明" in second
    assert len(first.rstrip()) <= 100


def test_a_pipe_gets_every_column_whole(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(COLUMNS, ROWS[:1], cut=("title",), spare=("hashtags",))
    assert capsys.readouterr().out == f"2024-01-19T08:00:00Z\t01J0000000000000000000000A\t{LONG}\t#one #two\n"


def test_a_narrow_terminal_leaves_out_what_can_be_spared(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal(70)
    show_table(COLUMNS, ROWS, cut=("title", "hashtags"), spare=("hashtags", "id"))
    assert CODES.sub("", terminal.getvalue()).split("\n")[0].split() == ["published", "id", "title"]


@given(st.lists(st.integers(1, 300), min_size=1, max_size=8), st.integers(60, 200), st.data())
def test_columns_fit_whenever_those_that_are_whole_leave_room(
    wanted: list[int], room: int, data: st.DataObject
) -> None:
    columns = {str(number): width for number, width in enumerate(wanted)}
    cut = data.draw(st.sets(st.sampled_from(sorted(columns))))
    widths = fitted(columns, room, tuple(cut), ())
    whole = sum(width for name, width in columns.items() if name not in cut) + GAP * (len(columns) - 1)
    assert all(width == columns[name] for name, width in widths.items() if name not in cut)
    assert whole + len(cut) > room or sum(widths.values()) + GAP * (len(widths) - 1) <= room


def test_a_long_value_does_not_fill_the_terminal(open_terminal: OpenTerminal) -> None:
    terminal = open_terminal()
    show_facts([("title", LONG)])
    assert len(terminal.getvalue()) < 600


@pytest.mark.parametrize(
    ("seconds", "past", "future"),
    [(0, "0 s ago", "due now"), (300, "5 min ago", "in 5 min"), (86400 * 3, "3 days ago", "in 3 days")],
)
def test_times_are_said_as_people_say_them(seconds: int, past: str, future: str) -> None:
    apart = dt.timedelta(seconds=seconds)
    assert (ago(START - apart, START), due(START + apart, START)) == (past, future)


def test_a_time_that_never_was_or_that_is_past() -> None:
    assert (ago(None, START), due(START - dt.timedelta(days=1), START)) == ("never", "due now")
