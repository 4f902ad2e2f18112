"""When a feed is due next, if all goes well.

Rule 1: a cron line is kept as written. A fixed interval has its phase from the feed's id: whatever came late, by hand,
        or failed, it comes back to its turns, and feeds that were added or changed together do not stay in step.
Rule 2: `auto` asks at a rate of polls that is proportional to the square root of the expected rate of entries, now and
        through the hours to come: the next poll is due when the integral of eagerness · sqrt(rate) reaches one.
Rule 3: it asks again at the latest when half of the document is expected to be new.
Rule 4: it never grows by more than GROW from poll to poll; it shrinks at once, after a gap to SHRINK at least.
Rule 5: while a hub pings us about a feed, it is asked at 1/PUSHED of that rate, as a safety net; rule 3 stays.
Rule 6: nothing goes beyond the bounds of the settings. Jitter only brings a poll forward, and is a hash, not chance.
"""

import datetime as dt
import hashlib
import math
from dataclasses import dataclass

from ingest.core.cadence.hints import stretched_s
from ingest.core.cadence.rhythm import HOUR, Forecast
from ingest.core.durations import parse_duration
from ingest.model import Feed, FeedState, Rhythm
from ingest.ports import Cron, Pace

GROW = 1.5
SHRINK = 0.5
"""Of one wait to the next. The growth is slow since what was learned may be wrong, and costs next to nothing."""
PUSHED = 6.0
"""How many times slower a feed is polled whose hub pings us: the pings make it due."""
JITTER = 0.1
"""Part of a wait that may be cut off."""
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Turn:
    """When a feed is due, and the learned wait behind it (`auto` only)."""

    due_at: dt.datetime
    pace_s: float | None


def next_turn(feed: Feed, state: FeedState, now: dt.datetime, gap: bool, pace: Pace, cron: Cron) -> Turn:
    """The turn after a poll at `now`.

    Args:
        state: with what this poll taught, but with the polls, the turn and the wait of before.
        gap: whether the poll showed that entries were dropped.
    """
    if is_cron(feed.interval):
        return Turn(cron(feed.interval, now), state.pace_s)
    if feed.interval != "auto":
        interval = parse_duration(feed.interval)
        return Turn(_in_phase(state.feed_id, interval, now), state.pace_s)
    longest_s = _longest_s(state.pace_s, gap, pace)
    learned_s = _within(_learned_s(state, now.timestamp(), longest_s, eagerness(feed, pace, now)), pace)
    wait_s = stretched_within_s(learned_s, state, now, pace)
    return Turn(now + dt.timedelta(seconds=_jittered_s(state, wait_s, pace)), learned_s)


def stretched_within_s(learned_s: float, state: FeedState, now: dt.datetime, pace: Pace) -> float:
    """The learned wait, made longer where the feed asks for it and the bounds allow."""
    return _within(stretched_s(learned_s, state.hints, now.timestamp()), pace)


def usual_wait(feed: Feed, state: FeedState, now: dt.datetime, pace: Pace, cron: Cron) -> dt.timedelta:
    """How long a feed waits between two polls as far as is known, within the bounds as they are now."""
    if is_cron(feed.interval):
        return cron(feed.interval, now) - now
    if feed.interval != "auto":
        return parse_duration(feed.interval)
    known_s = state.pace_s or _learned_s(
        state, now.timestamp(), pace.interval_max.total_seconds(), eagerness(feed, pace, now)
    )
    return dt.timedelta(seconds=_within(known_s, pace))


def is_pushed(feed: Feed, now: dt.datetime) -> bool:
    """Whether a hub pings us about a feed (WebSub)."""
    return feed.pushed_until is not None and feed.pushed_until > now


def eagerness(feed: Feed, pace: Pace, now: dt.datetime) -> float:
    """Polls an hour of a feed that gives one entry an hour."""
    return pace.eagerness / PUSHED if is_pushed(feed, now) else pace.eagerness


def is_cron(interval: str) -> bool:
    """Whether an interval is a cron line."""
    return " " in interval.strip()


def part(feed_id: int, polls: int) -> float:
    """A number in [0, 1) that differs from feed to feed and from poll to poll."""
    digest = hashlib.blake2b(f"{feed_id} {polls}".encode(), digest_size=6).digest()
    return int.from_bytes(digest) / 2**48


def _in_phase(feed_id: int, interval: dt.timedelta, now: dt.datetime) -> dt.datetime:
    """The next of a feed's turns."""
    return now + interval - (now - EPOCH - interval * part(feed_id, 0)) % interval


def _longest_s(pace_s: float | None, gap: bool, pace: Pace) -> float:
    known_s = _within(pace_s, pace) if pace_s else pace.interval_max.total_seconds()
    return min(known_s * (SHRINK if gap else GROW), pace.interval_max.total_seconds())


def _within(seconds: float, pace: Pace) -> float:
    return min(max(seconds, pace.interval_min.total_seconds()), pace.interval_max.total_seconds())


def _jittered_s(state: FeedState, wait_s: float, pace: Pace) -> float:
    """Cut by a small part; the very first wait by any, so that feeds that were added at once do not stay in step."""
    cut = (1.0 if not state.polls else JITTER) * part(state.feed_id, state.polls)
    return max(wait_s * (1 - cut), min(wait_s, pace.interval_min.total_seconds()))


def _learned_s(state: FeedState, now: float, longest_s: float, eagerness: float) -> float:
    """Seconds until eagerness · sqrt(rate) adds up to one poll, or the rate to half of the document."""
    forecast = Forecast(state.rhythm or Rhythm(at=now), now)
    polls, entries = 1.0, state.window / 2 or math.inf
    at, end = now, now + longest_s
    while at < end:
        step = HOUR - at % HOUR
        rate = forecast.rate(at + step / 2)
        hours = min(polls / (eagerness * math.sqrt(rate)), entries / rate)
        if hours * HOUR <= step:
            return min(at + hours * HOUR, end) - now
        polls -= eagerness * math.sqrt(rate) * step / HOUR
        entries -= rate * step / HOUR
        at += step
    return longest_s
