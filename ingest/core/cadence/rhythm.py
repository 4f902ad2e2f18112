"""When a feed publishes, learned from its entries; and what is expected of it at a time to come.

Rule 1: what counts is when entries appear. A date between the last poll and this one is believed; an entry with any
        other, or with none, appeared half-way between them. Only a first document is taken by its dates alone.
Rule 2: counts fade with MEMORY_S, so that the expected rate is a mean over the last weeks.
Rule 3: hours and days of the week count an hour with entries once, so that one large batch is no habit.
Rule 4: entries in quick succession raise what is expected for a few hours; entries of one minute are one.
Rule 5: a feed that is alive counts as one of at least RESTING entries an hour, lest the rare feeds pay for the busy;
        with a silence longer than LIVELY_S that falls so that the wait is a fixed share of the silence, and steeply
        for a feed with less than an entry a week.

All constants were tuned with `python -m benchmarks.freshness`; `docs/decisions/0005-polling.md` has the figures.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.model import Entry, Moment, Rhythm

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

MEMORY_S = 28 * DAY
"""Time in which a count fades to 37 %: four of each day of the week."""
BURST_S = 2 * HOUR
"""The same for the count of entries in quick succession."""
SURE_S = 3 * HOUR
"""Between polls no further apart than this, the hour at which an entry without a date appeared is known well enough."""
OCCASION_S = 6 * HOUR
"""Quarters of a day with entries are the occasions by which silence is judged."""

RESTING = 0.6
"""Entries an hour that a living feed counts for at least."""
LIVELY_S = 10 * DAY
"""Silence after which a feed counts for less and less."""
UNKNOWN_S = 4 * HOUR
"""Before anything is seen, a feed counts as one that gave one entry in this time."""

HOUR_DOUBT = 0.3
"""Entries that each hour of the day is supposed to have had, so that one night without any proves nothing."""
DAY_DOUBT = 4.0
"""The same for each day of the week."""
NEIGHBOURS = 0.25
"""What each hour of the day lends to the one before and the one after: habits have no edge at the full hour in UTC."""


@dataclass(frozen=True)
class Appearance:
    """When an entry appeared, in seconds since 1970."""

    at: float
    timed: bool
    """Whether the hour is known."""


def appearances(entries: Iterable[Entry], new: int, since: float | None, now: float) -> list[Appearance]:
    """When the new entries of a document appeared, the earliest first.

    Args:
        entries: all of the document.
        new: how many of them are new.
        since: the last poll that succeeded; None before the first document.
    """
    stated = sorted(
        (Appearance(moment.at.timestamp(), not is_day_only(moment)) for moment in _moments(entries)),
        key=lambda appearance: appearance.at,
    )
    if since is None:
        return [appearance for appearance in stated if appearance.at <= now]
    believed = [appearance for appearance in stated if appearance.timed and since < appearance.at <= now]
    believed = believed[max(len(believed) - new, 0) :]
    unclear = [Appearance((since + now) / 2, timed=now - since <= SURE_S)] * (new - len(believed))
    return sorted(believed + unclear, key=lambda appearance: appearance.at)


def _moments(entries: Iterable[Entry]) -> Iterable[Moment]:
    return (moment for entry in entries if (moment := entry.published or entry.updated))


def is_day_only(moment: Moment) -> bool:
    """Whether a date may state no more than its day."""
    return moment.at.timestamp() % DAY == 0


def learned(rhythm: Rhythm | None, appeared: Sequence[Appearance], now: float) -> Rhythm:
    """The rhythm after a poll at `now` that brought these, the earliest first."""
    begun = rhythm or Rhythm(at=_beginning(appeared, now))
    before = faded(begun, now)
    hours, weekdays = [*before.hours] or [0.0] * 24, [*before.weekdays] or [0.0] * 7
    for first in _firsts([each for each in appeared if each.timed], before.newest, HOUR):
        hours[hour_of(first.at)] += _left(first, now, MEMORY_S)
        weekdays[weekday_of(first.at)] += _left(first, now, MEMORY_S)
    occasions = sum(_left(first, now, MEMORY_S) for first in _firsts(appeared, before.newest, OCCASION_S))
    recent = sum(_left(first, now, BURST_S) for first in _firsts(appeared, before.newest, MINUTE))
    newest = appeared[-1].at if appeared else before.newest
    return before.model_copy(
        update={
            "entries": before.entries + sum(_left(each, now, MEMORY_S) for each in appeared if each.at > begun.at),
            "hours": tuple(hours) if any(hours) else (),
            "weekdays": tuple(weekdays) if any(weekdays) else (),
            "recent": before.recent + recent,
            "occasions": before.occasions + occasions,
            "newest": newest if before.newest is None or newest is None else max(newest, before.newest),
        }
    )


def _firsts(appeared: Iterable[Appearance], newest: float | None, span_s: float) -> Iterator[Appearance]:
    """The first appearance in each span of time after that of the newest entry before."""
    last = -math.inf if newest is None else newest // span_s
    for appearance in appeared:
        if appearance.at // span_s > last:
            yield appearance
            last = appearance.at // span_s


def _left(appearance: Appearance, now: float, life_s: float) -> float:
    """What is left of a count of one."""
    return math.exp(min(appearance.at - now, 0.0) / life_s)


def _beginning(appeared: Sequence[Appearance], now: float) -> float:
    """Since when a first document tells all; its oldest tenth does not count, for old entries may be pinned."""
    return min(appeared[len(appeared) // 10].at, now) if appeared else now


def faded(rhythm: Rhythm, now: float) -> Rhythm:
    """The same counts at a later time, in which nothing came."""
    left = math.exp(-max(now - rhythm.at, 0.0) / MEMORY_S)
    return rhythm.model_copy(
        update={
            "at": max(now, rhythm.at),
            "watched_s": rhythm.watched_s * left + MEMORY_S * (1 - left),
            "entries": rhythm.entries * left,
            "hours": tuple(count * left for count in rhythm.hours),
            "weekdays": tuple(count * left for count in rhythm.weekdays),
            "recent": rhythm.recent * math.exp(-max(now - rhythm.at, 0.0) / BURST_S),
            "occasions": rhythm.occasions * left,
        }
    )


def hour_of(at: float) -> int:
    """The hour of the day in UTC."""
    return int(at // HOUR) % 24


def weekday_of(at: float) -> int:
    """The day of the week in UTC, Monday is 0; 1 January 1970 was a Thursday."""
    return (int(at // DAY) + 3) % 7


@dataclass(frozen=True)
class Forecast:
    """What is expected of a feed from a time on."""

    rhythm: Rhythm
    """Faded to `now`."""
    now: float

    @cached_property
    def mean(self) -> float:
        """Entries an hour, by what was seen."""
        return (self.rhythm.entries + 1) / ((self.rhythm.watched_s + UNKNOWN_S) / HOUR)

    @cached_property
    def silence_s(self) -> float:
        """Time since the last entry; of a feed that never had one, since it is watched."""
        if self.rhythm.newest is not None:
            return max(self.now - self.rhythm.newest, 0.0)
        return watched_for(self.rhythm)

    @cached_property
    def base(self) -> float:
        """Entries an hour to go by."""
        lively = min(1.0, (LIVELY_S / max(self.silence_s, 1.0)) ** 2)
        weekly = min(1.0, self.mean * WEEK / HOUR) ** 4
        return max(self.mean, RESTING * lively * weekly)

    @cached_property
    def hours(self) -> list[float]:
        """How much of the mean each hour of the day has."""
        return _profile(_lent(self.rhythm.hours), HOUR_DOUBT) if self.rhythm.hours else [1.0] * 24

    @cached_property
    def weekdays(self) -> list[float]:
        """How much of the mean each day of the week has."""
        return _profile(self.rhythm.weekdays, DAY_DOUBT) if self.rhythm.weekdays else [1.0] * 7

    @cached_property
    def burst(self) -> float:
        """Entries an hour more than usual, at this moment."""
        return max(self.rhythm.recent - 1 - self.mean * BURST_S / HOUR, 0.0) * HOUR / BURST_S

    def share(self, at: float) -> float:
        """How a time to come relates to the mean of all times."""
        return self.hours[hour_of(at)] * self.weekdays[weekday_of(at)]

    def rate(self, at: float) -> float:
        """Entries an hour that are expected at a time to come."""
        return self.base * self.share(at) + self.burst * math.exp((self.now - at) / BURST_S)


def watched_for(rhythm: Rhythm) -> float:
    """How many seconds a feed has been watched, from the faded ones."""
    return -MEMORY_S * math.log1p(-min(rhythm.watched_s / MEMORY_S, 1 - 1e-12))


def _lent(hours: Sequence[float]) -> list[float]:
    after = (*hours[1:], hours[0])
    return [
        count * (1 - 2 * NEIGHBOURS) + (hours[number - 1] + after[number]) * NEIGHBOURS
        for number, count in enumerate(hours)
    ]


def _profile(counts: Sequence[float], doubt: float) -> list[float]:
    total = sum(counts) + doubt * len(counts)
    return [(count + doubt) * len(counts) / total for count in counts]
