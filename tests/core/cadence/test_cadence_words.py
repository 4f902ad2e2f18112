"""What people are told of a poll."""

import datetime as dt

import pytest
from given_polls import DAY, HOUR, NOW, PACE, answer, document, feed, noon, state

from ingest.core import cadence
from ingest.core.cadence import Failure, Reading
from ingest.model import Document, FeedState, Hints, WrittenDown

OFFICE = [
    at
    for day in (NOW - number * DAY for number in range(28))
    if day.weekday() < 5
    for hour in range(7, 16)
    if (at := day.replace(hour=hour)) <= NOW
]


def told(before: FeedState, came: Reading | Failure, interval: str = "auto", now: dt.datetime = NOW) -> str:
    watched = feed(interval)
    if isinstance(came, Failure):
        after = cadence.after_failure(watched, before, came, now, PACE, noon)
    else:
        after = cadence.after_success(watched, before, came, PACE, noon).state
    return " ".join(cadence.told(watched, before, after, came, now))


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
        (Hints(wait_s=5400), "It asks to wait 90 min between two polls. That makes the learned interval longer"),
        (Hints(skip_hours=(23, 0, 1, 12)), "left alone from 12:00 to 13:00 and from 23:00 to 2:00 UTC."),
        (Hints(skip_hours=tuple(range(24))), "left alone at all hours."),
        (Hints(skip_days=(5, 6)), "left alone on Saturday and Sunday."),
    ],
)
def test_wishes_are_told(hints: Hints, sentence: str) -> None:
    assert sentence in told(state(), reading(document([NOW], hints)))


@pytest.mark.parametrize(
    ("interval", "known", "sentence"),
    [
        ("15m", {}, "UTC: every 15m, as written."),
        ("0 12 * * *", {}, "at 2026-03-03 12:00 UTC: by its cron line, 0 12 * * *."),
        ("auto", {"pace_s": 1200.0}, "the learned interval of"),
        ("auto", {"polls": 0}, "so that feeds added together do not stay in step."),
        ("auto", {"pace_s": 300.0, "hints": Hints(wait_s=1e6)}, "made longer since the feed asks for it."),
        ("15m", {"hints": Hints(wait_s=1e6)}, "That does not change the interval that was written for it."),
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


def test_a_failure_is_told_with_the_next_try() -> None:
    said = told(state(failures=6, failing_since=NOW - 4 * DAY), Failure("timeout", "no answer within 20 s"))
    assert "The poll failed: no answer within 20 s." in said
    assert "It has failed 7 times in a row, since 2026-02-26 12:00 UTC." in said
    assert "its address may be wrong by now" in said
    assert "the longer it fails, the longer the wait" in said


def test_a_pause_that_the_server_asks_for_is_told() -> None:
    assert "the server asks to wait 2 h" in told(state(), Failure("http-429", "too many requests", 7200))


def test_an_end_is_told_without_a_next_try() -> None:
    said = told(state(), Failure("http-410", "the server answers 410"))
    assert "polled no more" in said
    assert "next" not in said
