"""Cron lines, whose week begins on Sunday."""

import datetime as dt
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from ingest.settings import cron_trigger

SUNDAY = dt.datetime(2024, 1, 7, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def fires(line: str, count: int, zone: dt.tzinfo = dt.UTC) -> list[dt.datetime]:
    trigger = cron_trigger(line, zone)
    times: list[dt.datetime] = []
    while len(times) < count:
        after = times[-1] + MICROSECOND if times else SUNDAY
        times.append(trigger.get_next_fire_time(None, after))
    return times


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        ("0", "sun sun sun"),
        ("7", "sun sun sun"),
        ("1-5", "mon tue wed thu fri mon"),
        ("sun-thu", "sun mon tue wed thu sun"),
        ("5-7", "sun fri sat sun"),
        ("FRI-MON", "sun mon fri sat sun"),
        ("1,3", "mon wed mon"),
        ("*/2", "sun tue thu sat sun"),
        ("1/2", "mon wed fri mon"),
        ("0-6/3", "sun wed sat sun"),
        ("*", "sun mon tue"),
    ],
)
def test_days_of_the_week_count_from_sunday(weekday: str, days: str) -> None:
    expected = days.split()

    assert [f"{at:%a}".lower() for at in fires(f"0 6 * * {weekday}", len(expected))] == expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("10 * mon", [8, 10, 15]),  # either is enough
        ("8,9 * mon", [8, 9, 15]),  # and a day that is both comes once
        ("10-12 * *", [10, 11, 12]),
        ("*/2 * mon", [15, 29]),  # a field that begins with a star: both must hold
    ],
)
def test_a_day_of_the_month_or_of_the_week_is_enough(days: str, expected: list[int]) -> None:
    assert [at.day for at in fires(f"0 6 {days}", len(expected))] == expected


def test_steps_of_minutes_are_even() -> None:
    assert {later - earlier for earlier, later in pairwise(fires("*/15 * * * *", 5))} == {dt.timedelta(minutes=15)}


def test_hours_are_those_of_the_time_zone() -> None:
    assert fires("30 6 * * *", 1, ZoneInfo("Asia/Tokyo"))[0].astimezone(dt.UTC).hour == 21


def test_a_leap_day_comes() -> None:
    assert fires("0 0 29 2 *", 1)[0].date() == dt.date(2024, 2, 29)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("* * * *", "it has 4 fields, not 5"),
        ("* * * * * *", "it has 6 fields, not 5"),
        ("61 * * * *", "is no cron line"),
        ("x * * * *", "is no cron line"),
        ("* * * * 9", "is no cron line"),
        ("* * * * someday", "is no cron line"),
        ("0 0 31 2 *", "names a day that never comes"),
    ],
)
def test_what_is_no_cron_line_is_refused(line: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        cron_trigger(line, dt.UTC)
