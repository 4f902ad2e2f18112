"""Feeds whose hub pings us: polling goes on as a safety net, and a ping makes a feed due."""

import datetime as dt

import pytest
from given_polls import DAY, HOUR, NOW, PACE, answer, document, feed, noon, state

from ingest.core import cadence
from ingest.core.cadence import Reading
from ingest.core.cadence.turns import PUSHED
from ingest.model import Document, FeedState, WrittenDown

HUB = "https://hub.example.com/"
HOURLY = document(NOW - number * HOUR for number in range(28 * 24))


def after(until: dt.datetime | None, shown: Document, interval: str = "auto", window: int = 0) -> FeedState:
    watched = feed(interval).model_copy(update={"pushed_until": until})
    reading = Reading(answer(), "hash", shown, WrittenDown(new=len(shown.entries)))
    known = cadence.after_success(watched, state(), reading, PACE, noon).state
    if not window:
        return known
    again = Reading(answer(), "hash", None, WrittenDown())
    narrow = known.model_copy(update={"window": window, "pace_s": None})
    return cadence.after_success(watched, narrow, again, PACE, noon).state


def test_a_pushed_feed_is_polled_six_times_slower() -> None:
    usual, pushed = after(None, HOURLY).pace_s, after(NOW + DAY, HOURLY).pace_s
    assert usual
    assert pushed
    assert PUSHED * 0.9 < pushed / usual < PUSHED * 1.1


def test_a_promise_that_is_over_slows_nothing() -> None:
    assert after(NOW, HOURLY) == after(None, HOURLY)


def test_even_a_pushed_feed_is_polled_before_half_of_its_document_is_new() -> None:
    pushed = after(NOW + DAY, HOURLY, window=2).pace_s
    assert pushed == pytest.approx(3600, rel=0.1)


@pytest.mark.parametrize("interval", ["15m", "0 12 * * *"])
def test_an_interval_that_was_written_stays(interval: str) -> None:
    assert after(NOW + DAY, HOURLY, interval).due_at == after(None, HOURLY, interval).due_at


def test_no_wait_of_a_pushed_feed_is_longer_than_the_longest() -> None:
    rare = document(NOW - number * 60 * DAY for number in range(1, 20))
    assert after(NOW + DAY, rare).due_at <= NOW + PACE.interval_max


def test_a_document_that_names_no_hub_any_more_is_believed() -> None:
    before = state(hub=HUB, topic="https://example.org/feed")
    reading = Reading(answer(), "hash", HOURLY, WrittenDown())
    known = cadence.after_success(feed(), before, reading, PACE, noon).state
    assert (known.hub, known.topic) == ("", "")


def test_an_answer_without_a_document_leaves_the_hub_as_it_was() -> None:
    before = state(hub=HUB, topic="https://example.org/feed")
    reading = Reading(answer(status=304), "hash", None, WrittenDown())
    known = cadence.after_success(feed(), before, reading, PACE, noon).state
    assert (known.hub, known.topic) == (HUB, "https://example.org/feed")


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (NOW + DAY, f"Its hub at {HUB} tells us at once when there is news, so that polling is only the safety net."),
        (None, f"It names a hub at {HUB} that can tell at once when there is news, and does not tell us now."),
    ],
)
def test_what_a_hub_does_is_told(until: dt.datetime | None, sentence: str) -> None:
    watched, known = feed().model_copy(update={"pushed_until": until}), state(hub=HUB)
    reading = Reading(answer(status=304), "hash", None, WrittenDown())
    assert sentence in cadence.told(watched, known, known, reading, NOW, PACE)
