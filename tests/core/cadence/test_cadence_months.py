"""Months of polls in milliseconds: what becomes of feeds of several kinds."""

import datetime as dt
import statistics
from bisect import bisect_right
from collections.abc import Sequence

import pytest
from given_polls import DAY, HOUR, MINUTE, NOW, answer, entry, read, state

from ingest.core import cadence
from ingest.model import Document, Entry, FeedState

MONTHS = 90 * DAY


class Watched:
    """A feed that was polled for months."""

    def __init__(self, dates: Sequence[dt.datetime], window: int = 15) -> None:
        self.lags: list[dt.timedelta] = []
        self.polls: list[dt.datetime] = []
        self.gaps = 0
        entries = [entry(number, at) for number, at in enumerate(dates)]
        known, now, seen = state(polls=0), NOW, 0
        while now < NOW + MONTHS:
            shown = bisect_right(dates, now)
            known = self._polled(known, now, entries[max(shown - window, 0) : shown], shown - seen)
            self.lags += [now - at for at in dates[seen:shown] if at > NOW]
            self.polls.append(now)
            now, seen = known.due_at, shown
        self.known = known

    def _polled(self, known: FeedState, now: dt.datetime, shown: list[Entry], new: int) -> FeedState:
        document = Document(format="rss20", entries=tuple(shown)) if new else None
        conclusion = read(known, answer(now), document, min(new, len(shown)))
        self.gaps += conclusion.gap is not None
        return conclusion.state

    def a_day(self, since: dt.timedelta = 0 * DAY) -> float:
        """Polls a day, after some time."""
        return sum(at >= NOW + since for at in self.polls) / ((MONTHS - since) / DAY)


def every(wait: dt.timedelta) -> list[dt.datetime]:
    """Entries at a steady pace, from before the first poll until after the last."""
    return [NOW - 30 * DAY + 7 * MINUTE + number * wait for number in range(int(121 * DAY / wait))]


@pytest.fixture(scope="module")
def hourly() -> Watched:
    return Watched(every(HOUR))


def test_a_feed_that_publishes_by_the_hour_is_polled_within_the_hour(hourly: Watched) -> None:
    assert max(hourly.lags) < 40 * MINUTE
    assert 24 < hourly.a_day() < 24 * 4
    assert hourly.gaps == 0


def test_a_monthly_blog_is_not_polled_by_the_hour_once_it_rests() -> None:
    monthly = Watched(every(30 * DAY))
    late = [later - at for at, later in zip(monthly.polls, monthly.polls[1:], strict=False)]
    assert max(late) > HOUR
    assert monthly.a_day() < 48


def test_a_dead_feed_is_polled_now_and_then() -> None:
    dead = Watched([NOW - 400 * DAY - number * DAY for number in range(20)][::-1])
    assert dead.a_day() < 4
    assert cadence.silence(dead.known, NOW + MONTHS)


def test_a_daily_digest_is_awaited_at_its_hour() -> None:
    digest = Watched([at for at in every(DAY) for _ in range(5)])
    assert statistics.median(digest.lags[len(digest.lags) // 3 :]) < 12 * MINUTE
    assert digest.a_day(30 * DAY) < 72


def test_a_feed_that_dies_is_polled_less_and_less_and_found_quiet() -> None:
    dying = Watched([at for at in every(4 * HOUR) if at < NOW + 30 * DAY])
    assert dying.a_day(80 * DAY) < dying.a_day() / 2
    assert cadence.silence(dying.known, NOW + MONTHS)
