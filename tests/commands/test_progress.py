"""The line that tells how far a poll is."""

from collections import Counter

import pytest
from fakes import START

from ingest.cli.progress import counts, progress, shown
from ingest.model import Outcome, Polled
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
