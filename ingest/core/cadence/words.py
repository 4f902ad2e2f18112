"""A poll, and what follows from it, told in sentences that need no knowledge of protocols.

They go from what came back over what the server asks for and what was learned to when the next poll is and why; what is
odd comes last. Each of them is a function that gives its sentences or none.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import chain

from ingest.core.amounts import counted, ends, span
from ingest.core.cadence.failure import BROKEN_SPAN, OTHERS_FIRST, OUTAGE, RESTING, Failure, is_broken
from ingest.core.cadence.gaps import found_gap
from ingest.core.cadence.hints import LONGEST, stretched_s
from ingest.core.cadence.meanings import meaning
from ingest.core.cadence.rhythm import DAY, Forecast, faded, is_day_only, watched_for
from ingest.core.cadence.silence import silence
from ingest.core.cadence.success import Reading
from ingest.core.cadence.turns import is_cron, is_pushed, stretched_within_s
from ingest.model import Document, Feed, FeedState, Rhythm
from ingest.ports import Pace

HOURS = range(24)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TELLING = 10.0
"""Hours with entries from which on times of day are told."""
BEYOND_CHANCE = 49.7
"""Chi-squared of the hours of the day, which chance exceeds once in a thousand (23 degrees of freedom). Since an hour
counts once a day, k days of the same n hours come to k · (24 - n): two days never suffice, three or four mostly do."""
TWICE_S = 14 * DAY
"""Every day of the week was seen twice: before that, nothing is said of days without entries."""
BUSY, IDLE = 1.5, 0.4
"""How much of the mean an hour has that is told as busy, and a day that is told as idle."""


def told(
    feed: Feed, before: FeedState, after: FeedState, came: Reading | Failure, now: dt.datetime, pace: Pace
) -> list[str]:
    """Sentences about a poll of a feed that was only tried, for people who edit news.

    Args:
        before: the state that the poll found.
        after: the state that it would leave.
        came: what it brought.
    """
    if isinstance(came, Failure):
        parts = [told_failure(came), _lately(before, " too"), _broken(before, now), _next_try(feed, after, came, now)]
    else:
        parts = [
            _answered(came),
            _lately(before, ""),
            _moving(before, after),
            _wishes(feed, after, now, pace),
            _hub(feed, after, now),
            _habits(after.rhythm, now),
            _next(feed, before, after, now, pace),
            _odd_document(came.document, now),
            _gap(feed, before, came),
        ]
    return list(chain(*parts, _silent(before, after, now), _noticed(before, after)))


def told_failure(came: Failure) -> Iterable[str]:
    """What a failure says and means."""
    yield f"The poll failed: {came.problem}."
    if means := meaning(came.kind):
        yield means
    if came.unheard:
        yield f"It asks for something of which nothing can be made: {came.unheard}."


def _at(time: dt.datetime, now: dt.datetime) -> str:
    left_s = (time - now).total_seconds()
    return f"in {span(left_s) if left_s >= 1 else 'less than 1 s'}, at {time:%Y-%m-%d %H:%M} UTC"


def _answered(came: Reading) -> Iterable[str]:
    if came.response.status == 304:
        yield "The server says that nothing has changed since the last poll."
    elif came.document is None:
        yield "The server sent the same document as at the last poll."
    else:
        total = len(came.document.entries)
        new = {0: "none of them new", total: "all of them new"}.get(came.written.new, f"{came.written.new} of them new")
        yield (f"The feed lists {counted(total, 'entry')}, {new}." if total else "The feed is empty.")


def _moving(before: FeedState, after: FeedState) -> Iterable[str]:
    if before.moved_to:
        yield f"It is asked at {before.moved_to}, where it moved to."
    if after.moving_to:
        yield f"It says that it has moved for good to {after.moving_to}; it is asked there once another poll says so."


def _wishes(feed: Feed, after: FeedState, now: dt.datetime, pace: Pace) -> Iterable[str]:
    hints = after.hints
    longest = "a year or longer" if hints.wait_s >= LONGEST.total_seconds() else span(hints.wait_s)
    wishes = [f"to wait {longest} between two polls"] if hints.wait_s else []
    alone = [_spans([hour in hints.skip_hours for hour in HOURS])] if hints.skip_hours else []
    alone += [f"on {_listed([WEEKDAYS[day] for day in hints.skip_days])}"] if hints.skip_days else []
    wishes += [f"to be left alone {_listed(alone)}"] if alone else []
    if wishes:
        yield f"It asks {_listed(wishes)}: {_heed(feed, after, now, pace)}."
    yield from (f"It asks for something of which nothing can be made: {wish}." for wish in hints.unheard)


def _heed(feed: Feed, after: FeedState, now: dt.datetime, pace: Pace) -> str:
    """How far the wishes are followed."""
    if feed.interval != "auto":
        what = "a cron line" if is_cron(feed.interval) else "an interval"
        return f"that is not followed, since {what} was written for it"
    if len(after.hints.skip_hours) == len(HOURS) or len(after.hints.skip_days) == len(WEEKDAYS):
        return "that leaves no time to ask it, and is not followed"
    learned_s = after.pace_s or 0.0
    if _is_stretched(after, now, pace):
        return "that makes the learned interval longer, twofold at most, since most such wishes are mere defaults"
    if stretched_s(learned_s, after.hints, now.timestamp()) > learned_s:
        return "the learned interval is as long as `poll.interval_max` lets it be"
    return "the learned interval keeps to that as it is"


def _is_stretched(after: FeedState, now: dt.datetime, pace: Pace) -> bool:
    learned_s = after.pace_s or 0.0
    return stretched_within_s(learned_s, after, now, pace) > learned_s


def _hub(feed: Feed, after: FeedState, now: dt.datetime) -> Iterable[str]:
    if not after.hub:
        return
    if is_pushed(feed, now):
        slower = ", so that polling is only the safety net" if feed.interval == "auto" else ""
        yield f"Its hub at {after.hub} tells us at once when there is news{slower}."
    else:
        yield f"It names a hub at {after.hub} that can tell at once when there is news, and does not tell us now."


def _habits(rhythm: Rhythm | None, now: dt.datetime) -> Iterable[str]:
    if rhythm is None or rhythm.newest is None:
        yield "Its entries tell nothing yet about when it publishes."
        return
    forecast = Forecast(faded(rhythm, now.timestamp()), now.timestamp())
    yield f"It gives about {_rate(forecast.mean)}; the newest came {span(forecast.silence_s)} ago."
    if sum(rhythm.hours) < TELLING:
        return
    busy = [share >= BUSY for share in forecast.hours]
    if any(busy) and _unevenness(rhythm.hours) >= BEYOND_CHANCE:
        yield f"Most come {_spans(busy)}."
    if watched_for(rhythm) < TWICE_S:
        return
    if idle := [WEEKDAYS[day] for day, share in enumerate(forecast.weekdays) if share <= IDLE]:
        yield f"Few come on {_listed(idle)}."


def _unevenness(counts: Sequence[float]) -> float:
    """Chi-squared of counts that should be alike."""
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean


def _rate(an_hour: float) -> str:
    for hours, name in ((1, "an hour"), (24, "a day"), (24 * 7, "a week"), (24 * 30, "a month")):
        if an_hour * hours >= 1.5:
            return f"{an_hour * hours:.0f} entries {name}"
    return "one entry a month or fewer"


def _spans(chosen: Sequence[bool]) -> str:
    """Hours of the day in words, as spans around the clock."""
    if all(chosen):
        return "at all hours"
    starts = [hour for hour in HOURS if chosen[hour] and not chosen[hour - 1]]
    return _listed([f"from {start}:00 to {_end(chosen, start)}:00" for start in starts]) + " UTC"


def _end(chosen: Sequence[bool], start: int) -> int:
    return next(hour % 24 for hour in range(start, start + 24) if not chosen[hour % 24])


def _next(feed: Feed, before: FeedState, after: FeedState, now: dt.datetime, pace: Pace) -> Iterable[str]:
    if not feed.enabled or after.ended:
        return
    if feed.interval != "auto" and not is_cron(feed.interval):
        turns = f"Its turns come every {feed.interval}, as written, whatever came between"
        yield f"{turns}; the next {_at(after.due_at, now)}."
    else:
        yield f"After such a poll the next one is {_at(after.due_at, now)}: {_why(feed, before, after, now, pace)}."


def _why(feed: Feed, before: FeedState, after: FeedState, now: dt.datetime, pace: Pace) -> str:
    if is_cron(feed.interval):
        return f"by its cron line, {feed.interval}"
    learned = f"the learned interval of {span(after.pace_s or 0.0)}"
    if _is_stretched(after, now, pace):
        learned += ", made longer since the feed asks for it"
    if before.polls:
        return f"{learned}, for this hour and what has come of late"
    return f"some part of {learned}, so that feeds added together do not stay in step"


def _odd_document(document: Document | None, now: dt.datetime) -> Iterable[str]:
    if document is None or not document.entries:
        return
    dates = [entry.published or entry.updated for entry in document.entries]
    if not any(dates):
        yield "None of its entries has a date that can be read; they count from when they are first seen."
    elif all(date is None or is_day_only(date) for date in dates):
        yield "Its entries state a day without a time; the hour is taken from when they are first seen."
    if any(date and date.at > now for date in dates):
        yield "Some entries are dated in the future; that is not believed."
    yield from (f"The document is damaged: {warning}." for warning in document.warnings)


def _gap(feed: Feed, before: FeedState, came: Reading) -> Iterable[str]:
    gap = found_gap(before, came.document, came.written, came.response.fetched_at)
    if gap:
        advice = "it is polled sooner from now on" if feed.interval == "auto" else "a shorter interval would help"
        dropped = ends(gap.since, gap.until)
        yield f"It shows nothing of the last poll, so entries may be missing between {dropped}; {advice}."


def _lately(before: FeedState, too: str) -> Iterable[str]:
    """How its last polls went, of which the try is none."""
    if before.failures and before.failing_since:
        last = "Its last poll" if before.failures == 1 else f"Each of its last {before.failures} polls"
        why = f": {before.problem}" if before.problem else ""
        yield f"{last} failed{too}, since {before.failing_since:%Y-%m-%d %H:%M} UTC{why}."
    elif before.problem:
        yield f"It waits: {before.problem}."
    if before.failure == OUTAGE:
        yield "At its last poll most hosts failed, which is taken for our own network and not held against the feed."


def _broken(before: FeedState, now: dt.datetime) -> Iterable[str]:
    if is_broken(before, now):
        yield f"That is more than {span(BROKEN_SPAN.total_seconds())}: its address may be wrong by now."


def _next_try(feed: Feed, after: FeedState, came: Failure, now: dt.datetime) -> Iterable[str]:
    if feed.enabled and not after.ended:
        yield f"After such a poll the next try is {_at(after.due_at, now)}: {_why_then(feed, after, came, now)}."


def _why_then(feed: Feed, after: FeedState, came: Failure, now: dt.datetime) -> str:
    if is_cron(feed.interval) and came.kind != RESTING:
        return f"by its cron line, {feed.interval}"
    if came.retry_after_s and after.due_at - now <= dt.timedelta(seconds=came.retry_after_s + 1) + OTHERS_FIRST:
        return f"the server asks to wait {span(came.retry_after_s)}, which is heard up to a day"
    return "the longer it fails, the longer the wait, up to a day"


def _silent(before: FeedState, after: FeedState, now: dt.datetime) -> Iterable[str]:
    """A silence that is found only now: how it stands in the feed list tells any other."""
    if (quiet := silence(after, now)) and not silence(before, now):
        chance = f"one in {1 / quiet.probability:,.0f}" if quiet.probability > 1e-6 else "less than one in a million"
        yield f"It is silent since {quiet.since:%Y-%m-%d %H:%M} UTC; by its own rhythm the chance of that is {chance}."


def _noticed(before: FeedState, after: FeedState) -> Iterable[str]:
    if after.notice and after.notice != before.notice:
        yield f"A poll would note: {after.notice}."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))
