"""A feed that is silent far beyond its own rhythm.

Judged by occasions, not entries, so that a burst is one: if a feed with n occasions in the time that it was watched
goes on as it did, the chance that none comes where x were expected is (1 + x/n) ** -n. That is the chance of a Poisson
process whose rate is itself known from n occasions only, so that few occasions prove little. Nights and weekends
without news are expected to be so, as far as they were learned.
"""

import datetime as dt
import math
from dataclasses import dataclass

from ingest.core.cadence.rhythm import DAY, HOUR, MEMORY_S, Forecast, watched_for
from ingest.model import FeedState, Rhythm

UNLIKELY = 1e-3
"""A feed that is looked at daily would so be called quiet without reason about once in three years."""
SHORTEST_S = DAY
FEWEST = 3.0
"""Occasions, as they counted when the silence began, below which nothing is known."""


@dataclass(frozen=True)
class Silence:
    """Since when a feed is silent, and how likely that would be if it were as ever."""

    since: dt.datetime
    probability: float


def silence(state: FeedState, now: dt.datetime) -> Silence | None:
    """The silence of a feed; None where it is not unusual, or too little is known."""
    rhythm = state.rhythm
    if rhythm is None or rhythm.newest is None or now.timestamp() - rhythm.newest < SHORTEST_S:
        return None
    then = _as_it_began(rhythm, rhythm.newest)
    if then.occasions < FEWEST:
        return None
    expected = then.occasions / then.watched_s * _usual_seconds(then, rhythm.newest, _heard_until(state, now))
    probability = math.exp(-then.occasions * math.log1p(expected / then.occasions))
    since = dt.datetime.fromtimestamp(rhythm.newest, dt.UTC)
    return Silence(since, probability) if probability < UNLIKELY else None


def _heard_until(state: FeedState, now: dt.datetime) -> float:
    """Up to when the feed is known to be silent: nobody listened after the last answer."""
    return min(now, state.succeeded_at or now).timestamp()


def _as_it_began(rhythm: Rhythm, newest: float) -> Rhythm:
    """The rhythm when its last entry came: what faded since is given back."""
    back = max(rhythm.at - newest, 0.0)
    watched_s = MEMORY_S * -math.expm1(-max(watched_for(rhythm) - back, HOUR) / MEMORY_S)
    grown = math.exp(min(back / MEMORY_S, 100.0))
    return rhythm.model_copy(update={"at": newest, "watched_s": watched_s, "occasions": rhythm.occasions * grown})


def _usual_seconds(rhythm: Rhythm, since: float, until: float) -> float:
    """The seconds between two times, those in which the feed usually publishes counting for more."""
    forecast = Forecast(rhythm, since)
    week = [forecast.share(since + hour * HOUR) * HOUR for hour in range(7 * 24)]
    hours = max(until - since, 0.0) / HOUR
    weeks, rest = divmod(int(hours), 7 * 24)
    return weeks * sum(week) + sum(week[:rest])
