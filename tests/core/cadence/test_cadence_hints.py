"""What servers and documents ask for, and how far that is heard."""

import pytest
from given_polls import NOW, PACE, after, answer, document, state

from ingest.core.cadence.hints import STRETCH
from ingest.model import Hints


def heard(hints: Hints = Hints(), **headers: str) -> Hints:  # noqa: B008  it is frozen
    return after(state(), answer(**headers), shown=document([NOW], hints), new=1).hints


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, 0),
        ({"cache_control": "max-age=600"}, 600),
        ({"cache_control": "public, Max-Age = 600"}, 600),
        ({"cache_control": 'max-age="600"'}, 600),
        ({"cache_control": "s-maxage=600"}, 0),
        ({"cache_control": "max-age=-1"}, 0),
        ({"cache_control": "max-age=ten"}, 0),
        ({"cache_control": "max-age=99999999999999999999"}, 365 * 86400),
        ({"cache_control": "no-cache, max-age=600"}, 0),
        ({"cache_control": "max-age=600, no-store"}, 0),
        ({"date": "Mon, 02 Mar 2026 12:00:00 GMT", "expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3600),
        ({"date": "Mon, 02 Mar 2026 12:00:00 GMT", "expires": "Mon, 02 Mar 2026 11:00:00 GMT"}, 0),
        ({"date": "Mon, 02 Mar 2026 12:00:00 GMT", "expires": "0"}, 0),
        ({"expires": "Mon, 02 Mar 2026 13:00:00 GMT"}, 3600),
        (
            {
                "cache_control": "max-age=60",
                "date": "Mon, 02 Mar 2026 12:00:00 GMT",
                "expires": "Mon, 02 Mar 2026 13:00:00 GMT",
            },
            60,
        ),
    ],
)
def test_headers_ask_for_a_wait(headers: dict[str, str], wait_s: float) -> None:
    assert heard(**headers).wait_s == wait_s


def test_the_longest_wish_counts() -> None:
    assert heard(Hints(wait_s=900), cache_control="max-age=600").wait_s == 900


def test_hints_are_kept_over_answers_without_a_document() -> None:
    hints = Hints(wait_s=900, skip_hours=(1,))
    assert after(state(hints=hints), answer(status=304, cache_control="max-age=60")).hints == hints


def test_a_document_that_asks_for_nothing_ends_older_hints() -> None:
    assert after(state(hints=Hints(wait_s=900)), shown=document([NOW]), new=1).hints == Hints()


def wait_s(hints: Hints, **known: object) -> float:
    """Of a feed of which nothing is known but the wait of before."""
    calm = {"polls": 0, "feed_id": 1} | known
    whole = after(state(**calm, hints=Hints()))
    asked = after(state(**calm, hints=hints))
    return (asked.due_at - NOW) / (whole.due_at - NOW)


def test_a_hint_makes_the_wait_longer_by_a_bounded_factor_only() -> None:
    assert wait_s(Hints(wait_s=10 * 365 * 86400.0)) == pytest.approx(STRETCH)


def test_a_hint_that_is_shorter_than_the_learned_wait_changes_nothing() -> None:
    assert wait_s(Hints(wait_s=60)) == 1


def test_hours_that_are_to_be_skipped_are_waited_for() -> None:
    assert 1 < wait_s(Hints(skip_hours=tuple(range(12, 24)))) <= STRETCH
    assert wait_s(Hints(skip_hours=tuple(range(20, 24)))) == 1


def test_days_that_are_to_be_skipped_are_waited_for() -> None:
    assert wait_s(Hints(skip_days=(0,))) == pytest.approx(STRETCH)
    assert wait_s(Hints(skip_days=(5, 6))) == 1


def test_a_feed_that_asks_never_to_be_polled_is_polled() -> None:
    assert wait_s(Hints(skip_hours=tuple(range(24)), skip_days=tuple(range(7)))) == 1


@pytest.mark.parametrize("interval", ["5m", "0 12 * * *"])
def test_hints_say_nothing_about_an_interval_that_was_written(interval: str) -> None:
    wishful, silent = [after(state(hints=hints), interval=interval) for hints in (Hints(wait_s=1e6), Hints())]
    assert wishful.due_at == silent.due_at


def test_no_hint_goes_beyond_the_longest_interval() -> None:
    slow = state(hints=Hints(wait_s=1e9), pace_s=PACE.interval_max.total_seconds(), polls=100)
    assert after(slow).due_at <= NOW + PACE.interval_max
