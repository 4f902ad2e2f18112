"""Entries that were dropped between two polls, and feeds that say nothing any more."""

import datetime as dt

import pytest
from given_polls import DAY, HOUR, NOW, after, answer, document, gap, state

from ingest.core import cadence
from ingest.core.cadence.gaps import may_be_pinned
from ingest.model import FeedState, Gap, WrittenDown

BEFORE = NOW - 6 * HOUR


def test_a_document_that_shows_no_entry_of_the_last_poll_leaves_a_gap_up_to_its_oldest_entry() -> None:
    shown = document([NOW - HOUR, NOW - 2 * HOUR, NOW])
    assert gap(state(window=3, succeeded_at=BEFORE), shown=shown, new=3) == Gap(since=BEFORE, until=NOW - 2 * HOUR)


def test_a_gap_ends_now_where_no_entry_has_a_date_in_it() -> None:
    shown = document([None, NOW + DAY, BEFORE - HOUR])
    assert gap(state(window=3, succeeded_at=BEFORE), shown=shown, new=3) == Gap(since=BEFORE, until=NOW)


@pytest.mark.parametrize(
    ("known", "count", "new"),
    [
        ({"window": 3, "succeeded_at": BEFORE}, 3, 2),
        ({"window": 3, "succeeded_at": BEFORE}, 3, 0),
        ({"window": 3, "succeeded_at": BEFORE}, 0, 0),
        ({"window": 0, "succeeded_at": BEFORE}, 3, 3),
        ({"window": 0, "succeeded_at": None}, 3, 3),
    ],
    ids=["one known", "all known", "empty", "empty before", "first"],
)
def test_there_is_no_gap_otherwise(known: dict[str, object], count: int, new: int) -> None:
    assert gap(state(**known), shown=document([NOW] * count), new=new) is None


@pytest.mark.parametrize(
    ("passed", "window", "is_gap"),
    [(0, 4, False), (2, 4, False), (3, 4, True), (500, 4, True), (500, 1, False)],
    ids=["nothing left", "one that stood beside it stayed older", "all others left", "long pinned", "it stood alone"],
)
def test_one_known_entry_is_no_link_to_the_last_poll_where_all_that_stood_beside_it_is_newer_and_gone(
    passed: int, window: int, is_gap: bool
) -> None:
    before = state(window=window, succeeded_at=BEFORE)
    assert bool(gap(before, shown=document([NOW] * 5), new=4, passed=passed)) is is_gap


@pytest.mark.parametrize(
    ("new", "known", "may_be"), [(3, 1, True), (6, 2, True), (2, 1, False), (1, 9, False), (3, 0, False), (0, 3, False)]
)
def test_only_a_few_entries_among_many_new_ones_may_all_be_pinned(new: int, known: int, may_be: bool) -> None:
    assert may_be_pinned(WrittenDown(new=new, known=known)) is may_be


def test_an_answer_without_a_document_shows_no_gap() -> None:
    assert gap(state(window=3, succeeded_at=BEFORE), answer(status=304)) is None


def heard(dates: list[dt.datetime], silent: dt.timedelta) -> FeedState:
    """A feed with these entries that has been polled without news since."""
    known = after(state(), shown=document(date for date in dates if date <= NOW), new=len(dates))
    for part in range(1, 9):
        known = after(known, answer(NOW + silent * part / 8))
    return known


HOURLY = [NOW - number * HOUR for number in range(28 * 24)]
WEEKLY = [NOW - number * 7 * DAY for number in range(12)]
BURSTS = [NOW - week * 7 * DAY - number * HOUR / 6 for week in range(8) for number in range(40)]
WORKDAYS = [
    day.replace(hour=hour)
    for day in (NOW - number * DAY for number in range(28))
    if day.weekday() < 5
    for hour in range(8, 13)
]


@pytest.mark.parametrize(
    ("dates", "silent", "quiet"),
    [
        (HOURLY, 20 * HOUR, False),
        (HOURLY, 3 * DAY, True),
        (WEEKLY, 8 * DAY, False),
        (WEEKLY, 200 * DAY, True),
        (BURSTS, 9 * DAY, False),
        (BURSTS, 100 * DAY, True),
        (HOURLY[:3], 90 * DAY, False),
        ([], 90 * DAY, False),
    ],
    ids=["hours", "days", "a week", "months", "between bursts", "after bursts", "hardly known", "never"],
)
def test_a_feed_is_quiet_that_is_silent_beyond_its_own_rhythm(
    dates: list[dt.datetime], silent: dt.timedelta, quiet: bool
) -> None:
    assert bool(cadence.silence(heard(dates, silent), NOW + silent)) is quiet


def test_a_weekend_is_no_silence_for_a_feed_of_working_days() -> None:
    friday = NOW - 3 * DAY
    known = after(state(), answer(friday), shown=document(date for date in WORKDAYS if date <= friday), new=100)
    through = [after(known, answer(friday + days * DAY)) for days in (1, 2, 3)]
    assert [cadence.silence(each, each.due_at) for each in through] == [None, None, None]


def test_a_silence_is_told_with_its_beginning_and_its_probability() -> None:
    short, long = (cadence.silence(heard(HOURLY, days * DAY), NOW + days * DAY) for days in (3, 10))
    assert short
    assert long
    assert short.since == long.since == NOW
    assert 0 < long.probability < short.probability < 0.001


def test_a_feed_that_nobody_could_listen_to_is_not_silent() -> None:
    known = heard(HOURLY, 2 * HOUR)
    assert cadence.silence(known, NOW + 90 * DAY) is None


def test_a_feed_that_was_dead_before_it_was_added_is_quiet_at_once() -> None:
    dates = [NOW - 1000 * DAY - number * DAY for number in range(30)]
    assert cadence.silence(after(state(), shown=document(dates), new=30), NOW)
