"""The line that tells how far a poll is, and what tells how far a backfill is."""

import io
import re
import sys
from collections import Counter

import pytest
from fakes import START, FakeClock

from ingest.cli.progress import along, backfilling, counts, progress, shown
from ingest.model import Backfill, BackfillSpec, Outcome, Polled
from ingest.ports import unreported

READ = Polled(feed="a", result="read", new=2, due_at=START)
STORED = Outcome(entry_id=1, state="stored")
WAITS = Outcome(entry_id=2, state="pending")


@pytest.mark.parametrize(
    ("results", "line"),
    [
        ([], "0 feeds polled"),
        ([READ], "1 feed polled; of 2 entries 0 stored, 0 wait, 0 failed"),
        ([READ, STORED, WAITS], "1 feed polled; of 2 entries 1 stored, 1 wait, 0 failed"),
        ([STORED], "0 feeds polled; of 1 entry 1 stored, 0 wait, 0 failed"),
    ],
)
def test_each_result_is_counted(results: list[Polled | Outcome], line: str) -> None:
    done: Counter[str] = Counter()
    for result in results:
        done.update(counts(result))
    assert shown(done) == line


def test_nothing_is_shown_where_there_is_no_terminal() -> None:
    with progress() as report:
        assert report is unreported


def run(place: int = 0, **facts: object) -> Backfill:
    """A backfill along one archive, which it is at, or behind at place 1."""
    known = {"id": 1, "spec": BackfillSpec(via=("paged",)), "feed_id": 1, "feed": "example", "state": "running"}
    return Backfill.model_validate(known | {"started_at": START, "place": place} | facts)


LATER = run(
    1, found=90, fetched=44, stored=40, seen=5, known=10, failed={"gone": 2}, left=2, undated=1, outside=7, pending=30
)
LINE = "collecting: 90 found, 44 fetched, 40 stored, 5 seen again, 10 known, 2 failed, 3 left out, 7 outside"


def test_a_backfill_tells_a_line_now_and_then_where_there_is_no_terminal(
    clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    with backfilling(run(), clock.now) as report:
        for _ in range(7):
            clock.advance(10)
            report(LATER)
    assert capsys.readouterr().err.splitlines() == [
        f"{LINE}, 30 wait; 100 a minute, 18 s left",
        f"{LINE}, 30 wait; 50 a minute, 36 s left",
    ]


def test_a_backfill_that_got_nowhere_yet_tells_no_rate(clock: FakeClock, capsys: pytest.CaptureFixture[str]) -> None:
    with backfilling(run(), clock.now) as report:
        clock.advance(30)
        report(run())
    line = "paged: 0 found, 0 fetched, 0 stored, 0 seen again, 0 known, 0 failed, 0 left out, 0 outside, 0 wait\n"
    assert capsys.readouterr().err == line


class Terminal(io.StringIO):
    """A terminal that remembers what it was told."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [160, 80])
def test_a_terminal_shows_a_bar_with_the_rate_and_what_remains_and_all_counts_below(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with backfilling(run(), clock.now) as report:
        clock.advance(60)
        report(LATER)
    *_, bar, counts = re.split(r"(?<=left) *\n", re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", terminal.getvalue()))
    assert bar.endswith("50/80 50 a minute, 36 s left")
    assert " ".join(counts.split()) == LINE


def test_a_terminal_shows_how_far_along_seq_an_export_is_and_how_much_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with along("Exporting", 1_000, 3_000) as report:
        report(1_500)
        report(2_000)
    assert " 50% 2 done" in terminal.getvalue()


def test_what_is_exported_to_the_terminal_itself_has_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with along("Exporting", 0, 3, is_shown=False) as report:
        report(1)
    assert terminal.getvalue() == ""
