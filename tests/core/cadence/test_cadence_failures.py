"""How long a feed waits after which failure."""

import datetime as dt
from typing import get_args

import pytest
from given_polls import DAY, HOUR, MINUTE, NOW, after, failed, state

from ingest.core import cadence
from ingest.core.cadence.failure import JITTER, OTHER, OTHERS_FIRST, backoff_of
from ingest.errors import FetchFailure
from ingest.model import FeedState


def about(wait: dt.timedelta, wanted: dt.timedelta) -> bool:
    """Whether a wait is the wanted one with its jitter."""
    return wanted <= wait <= wanted * (1 + JITTER)


@pytest.mark.parametrize("kind", [*get_args(FetchFailure), "http-404", "http-429", "http-503", "unreadable"])
def test_each_kind_of_failure_has_a_row_of_its_own(kind: str) -> None:
    assert backoff_of(kind) is not OTHER


@pytest.mark.parametrize(
    ("kind", "interval", "wait"),
    [
        ("timeout", "1d", 5 * MINUTE),
        ("timeout", "2m", 2 * MINUTE),
        ("http-500", "1d", 5 * MINUTE),
        ("unreadable", "1d", 15 * MINUTE),
        ("http-404", "1d", DAY),
        ("http-404", "2m", 2 * MINUTE),
        ("never-heard-of", "1d", 15 * MINUTE),
    ],
)
def test_what_may_pass_is_tried_again_soon_and_a_refusal_at_its_own_turn(
    kind: str, interval: str, wait: dt.timedelta
) -> None:
    assert (
        about(failed(state(), kind, interval).due_at - NOW, wait)
        or wait == DAY == failed(state(), kind, interval).due_at - NOW
    )


@pytest.mark.parametrize(("kind", "factor"), [("dns", 2), ("http-429", 3)])
def test_failures_in_a_row_make_the_wait_grow(kind: str, factor: int) -> None:
    again = failed(state(failures=2, failing_since=NOW), kind, "4m")
    assert about(again.due_at - NOW, 4 * MINUTE * factor**2)


@pytest.mark.parametrize(("interval", "longest"), [("auto", DAY), ("2s", DAY), ("40d", 40 * DAY)])
def test_the_wait_ends_at_a_day_or_at_the_interval_of_the_feed(interval: str, longest: dt.timedelta) -> None:
    assert failed(state(failures=500, failing_since=NOW), interval=interval).due_at == NOW + longest


def test_many_feeds_that_fail_at_once_do_not_come_back_at_once() -> None:
    assert len({failed(state(feed_id=number)).due_at for number in range(100)}) == 100


def test_a_server_that_asks_us_to_wait_is_heard_up_to_a_day_and_lets_others_go_first() -> None:
    assert failed(state(), interval="1m", retry_after_s=3600).due_at == NOW + HOUR + OTHERS_FIRST
    assert failed(state(), interval="1m", retry_after_s=1e12).due_at == NOW + DAY


def test_a_cron_line_keeps_its_turns_and_lets_those_pass_that_a_server_does_not_want() -> None:
    assert failed(state(failures=3), interval="0 12 * * *").due_at == NOW + DAY
    assert failed(state(), interval="0 12 * * *", retry_after_s=86400).due_at == NOW + 2 * DAY


@pytest.mark.parametrize("interval", ["auto", "1h", "0 12 * * *"])
def test_a_feed_whose_host_rests_is_due_when_the_pause_ends_and_charged_with_nothing(interval: str) -> None:
    known = failed(state(failures=1, failing_since=NOW - DAY), "resting", interval, retry_after_s=600)
    assert (known.due_at, known.failures, known.failing_since) == (NOW + 10 * MINUTE, 1, NOW - DAY)


def test_a_failure_is_counted_and_told() -> None:
    known = failed(failed(state()), "http-503", now=NOW + HOUR)
    assert (known.polls, known.failures, known.failing_since) == (7, 2, NOW)
    assert (known.failure, known.problem, known.polled_at) == ("http-503", "no answer", NOW + HOUR)


def test_a_success_forgets_the_failures() -> None:
    known = after(failed(state()))
    assert (known.failures, known.failing_since, known.failure, known.problem) == (0, None, "", "")


def test_a_failure_keeps_what_was_learned() -> None:
    before = state(etag='"a"', body_hash="hash", pace_s=600.0, succeeded_at=NOW, title="Example", window=3)
    kept = {"etag", "body_hash", "pace_s", "succeeded_at", "title", "window", "rhythm", "hints"}
    assert failed(before).model_dump(include=kept) == before.model_dump(include=kept)


def test_a_feed_whose_server_says_gone_is_ended_with_a_notice() -> None:
    known = failed(state(), "http-410")
    assert known.ended == "gone"
    assert "410" in known.notice


def test_no_other_failure_ends_a_feed() -> None:
    known = state()
    for number in range(1000):
        known = failed(known, "http-404", now=NOW + number * DAY)
    assert known.ended == ""


@pytest.mark.parametrize(
    ("failures", "span", "broken"),
    [(4, 3 * DAY, True), (3, 30 * DAY, False), (400, 2 * DAY, False), (0, None, False)],
)
def test_a_feed_is_broken_that_failed_often_and_for_long(
    failures: int, span: dt.timedelta | None, broken: bool
) -> None:
    known: FeedState = state(failures=failures, failing_since=NOW - span if span else None)
    assert cadence.is_broken(known, NOW) is broken
