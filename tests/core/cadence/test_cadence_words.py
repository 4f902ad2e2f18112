"""What people are told of a poll."""

import datetime as dt
from dataclasses import replace
from typing import get_args

import pytest
from given_polls import DAY, HOUR, NOW, PACE, answer, document, feed, noon, state

from ingest.core import cadence
from ingest.core.cadence import Failure, Reading
from ingest.core.cadence.meanings import meaning
from ingest.errors import FetchFailure
from ingest.model import Document, FeedState, Hints, Rhythm, WrittenDown
from ingest.ports import Pace

OFFICE = [
    at
    for day in (NOW - number * DAY for number in range(28))
    if day.weekday() < 5
    for hour in range(7, 16)
    if (at := day.replace(hour=hour)) <= NOW
]


def told(
    before: FeedState, came: Reading | Failure, interval: str = "auto", now: dt.datetime = NOW, pace: Pace = PACE
) -> str:
    watched = feed(interval)
    if isinstance(came, Failure):
        after = cadence.after_failure(watched, before, came, now, pace, noon)
    else:
        after = cadence.after_success(watched, before, came, pace, noon).state
    return " ".join(cadence.told(watched, before, after, came, now, pace))


def reading(shown: Document | None, new: int = 0, status: int = 200, **answered: object) -> Reading:
    known = len(shown.entries) - new if shown else 0
    response = answer(status=status, **answered)  # type: ignore[arg-type]  # the arguments of `answer`
    return Reading(response, "hash", shown, WrittenDown(new=new, known=known))


@pytest.mark.parametrize(
    ("came", "sentence"),
    [
        (reading(None, status=304), "The server says that nothing has changed since the last poll."),
        (reading(None), "The server sent the same document as at the last poll."),
        (reading(document([])), "The feed is empty."),
        (reading(document([NOW]), 1), "The feed lists 1 entry, all of them new."),
        (reading(document([NOW] * 3), 1), "The feed lists 3 entries, 1 of them new."),
        (reading(document([NOW] * 3)), "The feed lists 3 entries, none of them new."),
        (reading(document([None])), "None of its entries has a date that can be read"),
        (reading(document([NOW.replace(hour=0)])), "Its entries state a day without a time"),
        (reading(document([NOW + HOUR])), "Some entries are dated in the future"),
        (reading(document(OFFICE)), "It gives about 6 entries a day; the newest came 0 s ago."),
        (reading(document(OFFICE)), "Most come from 7:00 to 16:00 UTC. Few come on Saturday and Sunday."),
        (reading(None, redirects=((301, "https://example.org/new"),)), "asked there once another poll says so"),
    ],
)
def test_what_came_back_is_told(came: Reading, sentence: str) -> None:
    assert sentence in told(state(), came)


@pytest.mark.parametrize(
    ("hints", "sentence"),
    [
        (Hints(wait_s=5400), "It asks to wait 90 min between two polls: that makes the learned interval longer"),
        (Hints(wait_s=60), "It asks to wait 60 s between two polls: the learned interval keeps to that as it is."),
        (
            Hints(wait_s=1e9),
            "It asks to wait a year or longer between two polls: that makes the learned interval longer",
        ),
        (Hints(skip_hours=(23, 0, 1, 12)), "left alone from 12:00 to 13:00 and from 23:00 to 2:00 UTC: that makes"),
        (Hints(skip_hours=tuple(range(24))), "left alone at all hours: that leaves no time to ask it"),
        (Hints(skip_days=(5, 6)), "left alone on Saturday and Sunday: the learned interval keeps to that"),
        (
            Hints(wait_s=5400, skip_days=(6,)),
            "It asks to wait 90 min between two polls and to be left alone on Sunday:",
        ),
        (Hints(unheard=("its ttl, 'soon', is odd",)), "of which nothing can be made: its ttl, 'soon', is odd."),
    ],
)
def test_wishes_are_told_with_how_far_they_are_followed(hints: Hints, sentence: str) -> None:
    assert sentence in told(state(), reading(document([NOW], hints)))


@pytest.mark.parametrize(("interval", "what"), [("15m", "an interval"), ("0 12 * * *", "a cron line")])
def test_wishes_about_an_interval_that_was_written_are_told_not_to_be_followed(interval: str, what: str) -> None:
    said = told(state(), reading(document([NOW], Hints(wait_s=5400, skip_days=(6,)))), interval)
    assert f"on Sunday: that is not followed, since {what} was written for it." in said
    assert "learned" not in said


@pytest.mark.parametrize(
    ("interval", "known", "sentence"),
    [
        ("0 12 * * *", {}, "at 2026-03-03 12:00 UTC: by its cron line, 0 12 * * *."),
        ("auto", {"pace_s": 1200.0}, "the learned interval of"),
        ("auto", {"polls": 0}, "so that feeds added together do not stay in step."),
        (
            "auto",
            {"pace_s": 300.0, "hints": Hints(wait_s=1e6)},
            "made longer since the feed asks for it, for this hour",
        ),
        ("auto", {"polls": 0, "hints": Hints(wait_s=1e6)}, "made longer since the feed asks for it, so that feeds"),
    ],
)
def test_the_next_poll_is_told_with_its_reason(interval: str, known: dict[str, object], sentence: str) -> None:
    assert sentence in told(state(**known), reading(None), interval)  # type: ignore[arg-type]  # fields of the state


@pytest.mark.parametrize(("interval", "advice"), [("auto", "polled sooner"), ("15m", "a shorter interval would help")])
def test_a_gap_is_told_with_advice(interval: str, advice: str) -> None:
    before = state(window=3, succeeded_at=NOW - HOUR)
    said = told(before, reading(document([None] * 3), new=3), interval)
    assert "entries may be missing between 2026-03-02 11:00 and 2026-03-02 12:00 UTC" in said
    assert advice in said


def test_a_silence_is_told() -> None:
    dates = [NOW - 100 * DAY - number * DAY for number in range(30)]
    assert "It is silent since 2025-11-22 12:00 UTC" in told(state(), reading(document(dates), 30))


def test_a_silence_that_the_feed_list_tells_is_not_told_again() -> None:
    newest = (NOW - 9 * DAY).timestamp()
    daily = Rhythm(at=NOW.timestamp(), watched_s=20 * 86400, entries=20, occasions=20, newest=newest)
    assert "silent" not in told(state(rhythm=daily), reading(None))


def test_a_failure_is_told_with_what_it_means_and_the_next_try() -> None:
    said = told(state(), Failure("timeout", "no answer within 20 s"))
    assert "The poll failed: no answer within 20 s. The server is slow or out of reach." in said
    assert "the longer it fails, the longer the wait" in said


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({}, ""),
        (
            {"failures": 1, "failing_since": NOW - HOUR, "problem": "no route"},
            "Its last poll failed too, since 2026-03-02 11:00 UTC: no route.",
        ),
        (
            {"failures": 2, "failing_since": NOW - HOUR},
            "Each of its last 2 polls failed too, since 2026-03-02 11:00 UTC.",
        ),
        ({"failures": 6, "failing_since": NOW - 4 * DAY}, "its address may be wrong by now"),
    ],
)
def test_failures_before_are_told_and_the_try_is_none_of_them(known: dict[str, object], sentence: str) -> None:
    said = told(state(**known), Failure("timeout", "no answer"))
    assert sentence in said
    assert ("failed too" in said) is bool(known)


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        (
            {"failures": 3, "failing_since": NOW - HOUR, "problem": "the server answers 412"},
            "Each of its last 3 polls failed, since 2026-03-02 11:00 UTC: the server answers 412.",
        ),
        ({"failure": "resting", "problem": "asked for a pause"}, "It waits: asked for a pause."),
        ({"failure": "outage"}, "At its last poll most hosts failed, which is taken for our own network"),
    ],
)
def test_polls_before_that_came_to_nothing_are_told_of_a_feed_that_answers(
    known: dict[str, object], sentence: str
) -> None:
    assert sentence in told(state(**known), reading(document([NOW])))
    assert "its address may be wrong" not in told(state(**known), reading(document([NOW])))


@pytest.mark.parametrize(
    "kind",
    [*get_args(FetchFailure), "unreadable", "http-204", "http-206", "http-404", "http-418", "http-503", "http-599"],
)
def test_each_failure_means_something_unless_its_message_says_all(kind: str) -> None:
    assert bool(meaning(kind)) is (kind not in {"blocked", "bad-url", "robots"})


def test_a_cron_line_is_told_to_be_kept_after_a_failure() -> None:
    assert "by its cron line, 0 12 * * *." in told(state(), Failure("http-500", "no"), "0 12 * * *")


def test_a_pause_that_the_server_asks_for_is_told() -> None:
    assert "the server asks to wait 2 h" in told(state(), Failure("http-429", "too many requests", 7200))


def test_an_end_is_told_without_a_next_try() -> None:
    said = told(state(), Failure("http-410", "the server answers 410"))
    assert "A poll would note: gone for good" in said
    assert "next" not in said


def test_a_feed_that_ended_has_no_next_poll() -> None:
    assert "next" not in told(state(ended="gone", notice="gone for good"), reading(None))


def test_a_wish_that_nothing_can_be_made_of_is_told_with_a_failure() -> None:
    said = told(state(), Failure("http-503", "the server answers 503", unheard="its Retry-After, 'soon', is odd"))
    assert "It asks for something of which nothing can be made: its Retry-After, 'soon', is odd." in said


@pytest.mark.parametrize(
    ("left", "told_as"), [(dt.timedelta(minutes=4), "4 min"), (dt.timedelta(milliseconds=4), "less than 1 s")]
)
def test_the_turns_of_an_interval_that_was_written_come_whatever_came_between(left: dt.timedelta, told_as: str) -> None:
    watched = feed("15m")
    turn = cadence.after_success(watched, state(), reading(None), PACE, noon).state.due_at
    said = told(state(), reading(None, now=turn - left), "15m", turn - left)
    assert (
        f"Its turns come every 15m, as written, whatever came between; the next in {told_as}, at {turn:%Y-%m-%d %H:%M}"
        in said
    )


@pytest.mark.parametrize(("longest", "is_longer"), [(4 * HOUR, False), (24 * HOUR, True)])
def test_a_wait_is_told_to_be_made_longer_only_where_the_bounds_allow(longest: dt.timedelta, is_longer: bool) -> None:
    before, shown = state(pace_s=4 * 3600.0), document([NOW - 100 * DAY], Hints(wait_s=1e6))
    said = told(before, reading(shown), pace=replace(PACE, interval_max=longest))
    assert ("made longer since the feed asks for it" in said) is is_longer
    assert ("the learned interval is as long as `poll.interval_max` lets it be." in said) is not is_longer


def on_days(*ago: int) -> Document:
    """With entries in nine hours of each of these days."""
    days = [(NOW - number * DAY).replace(hour=0, minute=7) for number in ago]
    return document([day.replace(hour=hour) for day in days for hour in range(1, 10)])


@pytest.mark.parametrize(("ago", "is_told"), [((1,), False), ((1, 2), False), ((1, 2, 3), False), ((1, 2, 3, 4), True)])
def test_hours_of_the_day_are_told_once_several_days_agree(ago: tuple[int, ...], is_told: bool) -> None:
    shown = on_days(*ago)
    assert ("Most come from" in told(state(), reading(shown, len(shown.entries)))) is is_told


def test_entries_at_all_hours_have_no_hours_to_tell() -> None:
    shown = document([NOW - number * HOUR for number in range(20 * 24)])
    assert "Most come" not in told(state(), reading(shown, len(shown.entries)))


@pytest.mark.parametrize(("days", "is_told"), [(6, False), (13, False), (21, True)])
def test_days_without_entries_are_told_once_each_was_seen_twice(days: int, is_told: bool) -> None:
    """It tells nothing of a weekend that was not watched, or only once."""
    dates = [NOW - number * HOUR for number in range(days * 24)]
    shown = document([at for at in dates if at.weekday() < 5])
    assert ("Few come on" in told(state(), reading(shown, len(shown.entries)))) is is_told


def test_a_move_is_told_as_what_a_poll_would_come_to() -> None:
    redirected = reading(None, redirects=((301, "https://example.org/new"),))
    said = told(state(moving_to="https://example.org/new"), redirected)
    assert "A poll would note: moved for good to https://example.org/new" in said
    assert "where it moved to" not in said
