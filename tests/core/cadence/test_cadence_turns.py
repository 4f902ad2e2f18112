"""When a feed is due after a poll that was answered."""

import datetime as dt

import pytest
from given_polls import DAY, HOUR, MINUTE, NOW, PACE, after, answer, document, failed, state

from ingest.core import cadence
from ingest.model import FeedState


def pace_s(known: FeedState) -> float:
    assert known.pace_s is not None
    return known.pace_s


def at(now: dt.datetime, **known: object) -> dt.timedelta:
    """How long a feed on `auto` waits after a poll."""
    return after(state(**known), answer(now)).due_at - now


def turn(interval: str, now: dt.datetime = NOW, **known: object) -> dt.datetime:
    """The turn of a feed after a poll."""
    return after(state(**known), answer(now), interval=interval).due_at


@pytest.mark.parametrize("interval", ["1s", "15m", "40d"])
def test_a_fixed_interval_is_kept_as_written(interval: str) -> None:
    waits = {"1s": dt.timedelta(seconds=1), "15m": 15 * MINUTE, "40d": 40 * DAY}
    first = turn(interval)
    assert turn(interval, first) == first + waits[interval]


@pytest.mark.parametrize(
    ("polled", "due"),
    [
        (0 * MINUTE, 15 * MINUTE),
        (2 * MINUTE, 15 * MINUTE),
        (14 * MINUTE, 15 * MINUTE),
        (16 * MINUTE, 30 * MINUTE),
        (8 * HOUR + MINUTE, 8 * HOUR + 15 * MINUTE),
        (-5 * MINUTE, 0 * MINUTE),
        (-20 * MINUTE, -15 * MINUTE),
    ],
)
def test_a_fixed_interval_keeps_its_phase_whether_polled_late_or_by_hand(
    polled: dt.timedelta, due: dt.timedelta
) -> None:
    planned = turn("15m")
    assert turn("15m", planned + polled, due_at=planned) == planned + due


def test_a_fixed_interval_comes_back_to_its_phase_after_failures() -> None:
    planned = turn("1h")
    trouble = failed(state(due_at=planned), interval="1h", now=planned)
    assert trouble.due_at < planned + HOUR
    assert after(trouble, answer(trouble.due_at), interval="1h").due_at == planned + HOUR


@pytest.mark.parametrize("polls", [0, 5])
def test_feeds_that_are_added_or_changed_at_once_do_not_stay_in_step(polls: int) -> None:
    turns = {turn("1h", feed_id=number, polls=polls, due_at=NOW) for number in range(200)}
    assert len(turns) == 200
    assert NOW < min(turns) < NOW + 3 * MINUTE
    assert NOW + 57 * MINUTE < max(turns) <= NOW + HOUR


def test_a_cron_line_is_kept_as_written() -> None:
    assert after(state(), answer(NOW - HOUR), interval="0 12 * * *").due_at == NOW


def test_the_same_poll_always_comes_to_the_same() -> None:
    assert after(state(polls=0)) == after(state(polls=0))


def test_the_jitter_of_a_learned_wait_is_small_and_only_brings_it_forward() -> None:
    states = [after(state(feed_id=number, pace_s=3600.0)) for number in range(100)]
    parts = [(known.due_at - NOW).total_seconds() / (known.pace_s or 1) for known in states]
    assert 0.9 <= min(parts) < 0.92 < 0.98 < max(parts) <= 1


def test_a_busy_feed_is_polled_sooner_than_a_slow_one() -> None:
    busy = after(state(), shown=document(NOW - number * 10 * MINUTE for number in range(60)), new=60)
    slow = after(state(), shown=document(NOW - number * 29 * HOUR for number in range(60)), new=60)
    assert pace_s(busy) < pace_s(slow) / 4


def test_a_feed_with_one_entry_an_hour_is_polled_as_often_as_eagerness_says() -> None:
    hourly = after(state(), shown=document(NOW - number * HOUR for number in range(28 * 24)), new=28 * 24)
    assert hourly.pace_s == pytest.approx(3600 / PACE.eagerness, rel=0.1)


def test_the_wait_grows_slowly() -> None:
    assert after(state(pace_s=400.0)).pace_s == 600.0


def test_the_wait_shrinks_at_once_after_a_gap() -> None:
    before = state(pace_s=1000.0, window=2, succeeded_at=NOW - HOUR)
    assert after(before, shown=document([None, None]), new=2).pace_s == 500.0


def test_the_wait_shrinks_at_once_when_entries_come_in_quick_succession() -> None:
    calm = after(state(), shown=document(NOW - number * 29 * HOUR for number in range(30)), new=30)
    calm = after(calm, answer(NOW + HOUR))
    now = NOW + 2 * HOUR
    stirred = after(calm, answer(now), shown=document(now - number * 4 * MINUTE for number in range(10)), new=10)
    assert pace_s(stirred) < pace_s(calm) / 2


def test_the_excitement_about_a_burst_is_over_after_a_day() -> None:
    def rested(now: dt.datetime, known: object) -> float:
        return after(state(rhythm=known, pace_s=86400.0), answer(now)).pace_s or 0

    shown = [NOW - number * 4 * MINUTE for number in range(10)] + [NOW - number * 29 * HOUR for number in range(1, 30)]
    stirred = after(state(), shown=document(shown), new=len(shown))
    assert rested(NOW, stirred.rhythm) < rested(NOW + DAY, stirred.rhythm) / 2


def test_a_feed_of_office_hours_is_left_in_peace_at_night() -> None:
    days = [NOW - number * DAY for number in range(28) if (NOW - number * DAY).weekday() < 5]
    dates = [day.replace(hour=hour, minute=30) for day in days for hour in range(8, 17)]
    rhythm = after(state(), shown=document(date for date in dates if date <= NOW), new=len(dates)).rhythm
    night = at(NOW + 10 * HOUR, rhythm=rhythm, pace_s=86400.0)
    working = at(NOW + 22 * HOUR, rhythm=rhythm, pace_s=86400.0)
    assert night > 4 * working


def test_a_document_is_read_again_before_half_of_it_is_new() -> None:
    dates = [NOW - number * MINUTE for number in range(600)]
    waits = [after(state(), shown=document(dates[:window]), new=window).pace_s for window in (600, 20)]
    assert waits == [300.0, 300.0]
    long = [after(state(window=window, rhythm=_minutely(dates)), answer()).pace_s for window in (10_000, 2)]
    assert long == [300.0, 300.0]


def _minutely(dates: list[dt.datetime]) -> object:
    return after(state(), shown=document(dates), new=len(dates)).rhythm


def test_what_was_learned_yields_to_bounds_that_were_narrowed() -> None:
    assert after(state(pace_s=100 * 86400.0, rhythm=None)).due_at <= NOW + PACE.interval_max


def test_every_hundredth_poll_is_unconditional() -> None:
    assert [number for number in range(1, 301) if cadence.unasked(state(polls=number - 1))] == [100, 200, 300]


@pytest.mark.parametrize(
    ("failure", "unasked"), [("http-412", True), ("http-500", True), ("http-429", False), ("dns", False), ("", False)]
)
def test_what_failed_by_its_status_is_asked_without_conditions(failure: str, unasked: bool) -> None:
    assert cadence.unasked(state(failure=failure)) is unasked
