"""What entries teach about when a feed publishes."""

import datetime as dt
import math

import pytest
from given_polls import DAY, HOUR, MINUTE, NOW, after, answer, document, state

from ingest.core.cadence.rhythm import MEMORY_S, Forecast
from ingest.model import FeedState, Rhythm

MIDNIGHT = NOW.replace(hour=0)


def rhythm(known: FeedState) -> Rhythm:
    assert known.rhythm is not None
    return known.rhythm


def mean(known: FeedState) -> float:
    """Entries an hour."""
    return Forecast(rhythm(known), rhythm(known).at).mean


DAILY = [NOW - number * DAY for number in range(30)]


def test_a_first_document_tells_the_rhythm_by_its_dates() -> None:
    assert mean(after(state(), shown=document(DAILY), new=30)) == pytest.approx(1 / 24, rel=0.1)


def test_a_pinned_entry_of_long_ago_does_not_make_a_busy_feed_slow() -> None:
    hourly = [NOW - number * HOUR for number in range(19)]
    pinned = after(state(), shown=document([*hourly, NOW - 2000 * DAY]), new=20)
    assert mean(pinned) == pytest.approx(1, rel=0.2)


def test_entries_without_dates_appeared_between_the_polls() -> None:
    first = after(state(), shown=document([None] * 3), new=3)
    then = after(first, answer(NOW + HOUR), shown=document([None] * 4), new=1)
    assert rhythm(first).newest is None
    assert rhythm(then).newest == (NOW + HOUR / 2).timestamp()
    assert rhythm(then).hours[12] == pytest.approx(1, rel=0.01)


@pytest.mark.parametrize(
    "date", [NOW + 20 * HOUR, NOW - 5 * DAY, MIDNIGHT + DAY, None], ids=["future", "old", "day only", "none"]
)
def test_a_date_that_cannot_be_when_an_entry_appeared_does_not_spoil_the_rhythm(date: dt.datetime | None) -> None:
    first = after(state(), shown=document(DAILY), new=30)
    then = after(first, answer(NOW + HOUR), shown=document([date, *DAILY]), new=1)
    assert rhythm(then).newest == (NOW + HOUR / 2).timestamp()


def test_days_without_a_time_teach_no_time_of_day() -> None:
    days = after(state(), shown=document(MIDNIGHT - number * DAY for number in range(30)), new=30)
    assert rhythm(days).hours == ()
    assert mean(days) == pytest.approx(1 / 24, rel=0.1)


def test_an_entry_that_is_found_after_a_long_time_without_its_hour_teaches_no_time_of_day() -> None:
    first = after(state(), shown=document(DAILY[1:]), new=29)
    then = after(first, answer(NOW + 9 * HOUR), shown=document([None, *DAILY[1:]]), new=1)
    assert sum(rhythm(then).hours) < sum(rhythm(first).hours)


def test_a_batch_of_entries_is_one_habit_and_one_occasion() -> None:
    first = after(state(), shown=document([NOW - DAY]), new=1)
    batch = after(first, answer(NOW + HOUR), shown=document([NOW + MINUTE] * 50), new=50)
    before = rhythm(first)
    gained = [rhythm(batch).occasions - before.occasions, sum(rhythm(batch).hours) - sum(before.hours)]
    assert gained == [pytest.approx(1, abs=0.01), pytest.approx(1, abs=0.01)]
    assert rhythm(batch).entries - before.entries == pytest.approx(50, rel=0.01)


def test_only_new_entries_count() -> None:
    first = after(state(), shown=document(DAILY), new=30)
    again = after(first, answer(NOW + MINUTE), shown=document(DAILY), new=0)
    assert rhythm(again).entries == pytest.approx(rhythm(first).entries, rel=1e-4)


def test_old_habits_are_forgotten() -> None:
    first = after(state(), shown=document(DAILY), new=30)
    later = after(first, answer(NOW + dt.timedelta(seconds=MEMORY_S)))
    assert rhythm(later).entries == pytest.approx(rhythm(first).entries / math.e)


def test_a_clock_that_went_back_harms_nothing() -> None:
    first = after(state(), shown=document(DAILY), new=30)
    assert rhythm(after(first, answer(NOW - DAY))).entries == rhythm(first).entries
