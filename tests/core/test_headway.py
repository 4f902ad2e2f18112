"""How fast a backfill gets on, and how long it still takes."""

import datetime as dt

import pytest
from fakes import START

from ingest.core.backfill import headway
from ingest.model import Backfill, BackfillSpec, Headway

MINUTE = dt.timedelta(minutes=1)


def run(place: int = 0, **counts: int) -> Backfill:
    """A backfill along one archive, which it is at, or behind at place 1."""
    known = {"id": 1, "spec": BackfillSpec(via=("paged",)), "feed_id": 1, "feed": "example", "state": "running"}
    return Backfill.model_validate(known | {"started_at": START, "place": place} | counts)


def test_the_rate_is_of_entries_that_it_is_done_with_each_minute() -> None:
    assert headway(run(), run(found=100, known=30, pending=10), 3 * MINUTE).rate == 20


def test_what_was_done_before_it_was_taken_up_is_no_part_of_the_rate() -> None:
    before = run(found=100, pending=60)
    assert headway(before, run(found=100, pending=50), MINUTE).rate == 10


def test_what_remains_is_known_once_the_walk_is_over() -> None:
    assert headway(run(), run(1, found=100, pending=50), 5 * MINUTE).remaining_s == 300


def test_what_remains_is_unknown_while_the_walk_may_find_more() -> None:
    assert headway(run(), run(found=100, pending=50), 5 * MINUTE).remaining_s is None


@pytest.mark.parametrize("elapsed", [0 * MINUTE, MINUTE])
def test_nothing_is_known_before_anything_is_done(elapsed: dt.timedelta) -> None:
    assert headway(run(), run(1, found=100, known=40, pending=60), elapsed) == Headway()
