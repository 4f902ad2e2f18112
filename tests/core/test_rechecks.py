"""When pages are looked at again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.core.rechecks import SOONEST, edit_due, next_recheck

NOON = dt.datetime(2024, 1, 19, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
WAITS = (10 * MINUTE, HOUR, DAY)


@pytest.mark.parametrize(
    ("passed", "due"),
    [
        (dt.timedelta(), 10 * MINUTE),
        (9 * MINUTE, 10 * MINUTE),
        (9.5 * MINUTE, HOUR),  # the page was read half a minute before
        (10 * MINUTE, HOUR),
        (2 * HOUR, DAY),
        (3 * DAY, None),
    ],
)
def test_the_next_re_check_is_the_first_that_lies_ahead(passed: dt.timedelta, due: dt.timedelta | None) -> None:
    assert next_recheck(NOON, NOON + passed, NOON + passed, WAITS) == (due and NOON + due)


def test_without_times_there_is_no_re_check() -> None:
    assert next_recheck(NOON, NOON, NOON, ()) is None


def test_a_publication_that_lies_ahead_of_the_first_sight_is_not_believed() -> None:
    assert next_recheck(NOON + DAY, NOON, NOON, WAITS) == NOON + 10 * MINUTE


def test_the_order_of_the_times_does_not_matter() -> None:
    assert next_recheck(NOON, NOON, NOON, WAITS[::-1]) == NOON + 10 * MINUTE


@given(st.timedeltas(min_value=dt.timedelta(), max_value=30 * DAY), st.lists(st.sampled_from([MINUTE, *WAITS])))
def test_re_checks_come_to_an_end(passed: dt.timedelta, waits: list[dt.timedelta]) -> None:
    now, done = NOON + passed, 0
    while due := next_recheck(NOON, NOON, now, waits):
        assert due >= now + SOONEST
        now, done = due, done + 1
    assert done <= len(waits)


def test_the_first_edit_is_heeded_at_once() -> None:
    assert edit_due(None, NOON, NOON + 9 * DAY) == NOON + 9 * DAY


@pytest.mark.parametrize(
    ("age", "apart"), [(MINUTE, HOUR), (HOUR, HOUR), (8 * HOUR, 2 * HOUR), (10 * DAY, 2.5 * DAY)]
)  # fmt: skip
def test_one_edit_after_the_other_is_heeded_the_more_seldom_the_older_the_entry_is(
    age: dt.timedelta, apart: dt.timedelta
) -> None:
    before = NOON + age
    assert edit_due(before, NOON, before) == before + apart


def test_an_edit_is_heeded_with_one_that_waits() -> None:
    assert edit_due(NOON + HOUR, NOON, NOON + 5 * MINUTE) == NOON + HOUR


def test_a_feed_that_changes_with_every_poll_costs_a_page_a_few_dozen_requests() -> None:
    now, edited_at, heeded = NOON, None, 0
    while now < NOON + 60 * DAY:
        due = edit_due(edited_at, NOON, now)
        heeded += due == now
        edited_at = due if due == now else edited_at
        now += 15 * MINUTE
    assert heeded < 30
