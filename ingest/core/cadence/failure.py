"""What a failed poll means for the next.

Rule 1: BACKOFF says for each kind of failure how long the first wait is and how it grows, up to a day, or to the feed's
        own interval if that is longer. A cron line keeps its turns.
Rule 2: what may pass by itself is tried again soon, even if the feed's turn is far off; a refusal never before it.
Rule 3: Retry-After is heard up to a day.
Rule 4: a feed is never given up, but for 410; one that fails often and for long is broken, and goes on slowly.
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

from ingest.core.cadence import moves
from ingest.core.cadence.turns import is_cron, part, usual_wait
from ingest.model import Feed, FeedState
from ingest.ports import Cron, Pace

LONGEST = dt.timedelta(days=1)
JITTER = 0.2
"""Part of a wait that may be cut off: many feeds fail at once with their host, and should not come back at once."""
BROKEN_FAILURES = 4
BROKEN_SPAN = dt.timedelta(days=3)
"""A server that is down over a weekend is not broken."""


class Backoff(NamedTuple):
    """How the waits grow after a kind of failure."""

    first: dt.timedelta
    factor: float
    refusal: bool = False
    """Never before the feed's own turn."""


_MINUTES, _HOURS = dt.timedelta(minutes=1), dt.timedelta(hours=1)

BACKOFF: dict[str, Backoff] = {
    "dns": Backoff(5 * _MINUTES, 2),
    "refused": Backoff(5 * _MINUTES, 2),
    "timeout": Backoff(5 * _MINUTES, 2),
    "reset": Backoff(5 * _MINUTES, 2),
    "tls": Backoff(15 * _MINUTES, 2),
    "protocol": Backoff(15 * _MINUTES, 2),
    "unreadable": Backoff(15 * _MINUTES, 2),
    "too-large": Backoff(1 * _HOURS, 2, refusal=True),
    "redirects": Backoff(1 * _HOURS, 2, refusal=True),
    "blocked": Backoff(1 * _HOURS, 2, refusal=True),
    "bad-url": Backoff(6 * _HOURS, 2, refusal=True),
    "robots": Backoff(6 * _HOURS, 2, refusal=True),
    "http-408": Backoff(5 * _MINUTES, 2),
    "http-429": Backoff(15 * _MINUTES, 3, refusal=True),
    "http-4": Backoff(1 * _HOURS, 2, refusal=True),
    "http-5": Backoff(5 * _MINUTES, 2),
}
"""By kind; `http-4` and `http-5` are all other statuses of their class."""

_OTHER = Backoff(15 * _MINUTES, 2)


@dataclass(frozen=True)
class Failure:
    """A poll that gave no document."""

    kind: str
    """An `errors.FetchFailure`, `http-NNN`, or `unreadable`."""
    problem: str
    """In one line, for people."""
    retry_after_s: float | None = None
    """What the server asks for."""


def after_failure(
    feed: Feed, state: FeedState, failure: Failure, now: dt.datetime, pace: Pace, cron: Cron
) -> FeedState:
    """The state after a poll that gave no document; what was learned stays."""
    failed = state.model_copy(
        update={
            "polls": state.polls + 1,
            "polled_at": now,
            "failures": state.failures + 1,
            "failing_since": state.failing_since or now,
            "failure": failure.kind,
            "problem": failure.problem,
        }
    )
    update = _address(failed, now)
    asked = dt.timedelta(seconds=min(max(failure.retry_after_s or 0.0, 0.0), LONGEST.total_seconds()))
    repeated = 1 if "moved_to" in update else failed.failures
    return failed.model_copy(
        update={**update, "due_at": _due_at(feed, state, failure.kind, repeated, asked, now, pace, cron)}
    )


def is_broken(state: FeedState, now: dt.datetime) -> bool:
    """Whether a feed has failed so often and for so long that it may be elsewhere."""
    since = state.failing_since
    return since is not None and state.failures >= BROKEN_FAILURES and now - since >= BROKEN_SPAN


def backoff_of(kind: str) -> Backoff:
    """The row of BACKOFF for a kind."""
    return BACKOFF.get(kind) or BACKOFF.get(kind[: len("http-4")]) or _OTHER


def _address(state: FeedState, now: dt.datetime) -> moves.Update:
    if state.moved_to and (state.failure == "http-410" or is_broken(state, now)):
        return moves.undone(state)
    if state.failure == "http-410":
        return {"ended": "gone", "notice": "gone for good, says its server (410); it is polled no more"}
    return {}


def _due_at(
    feed: Feed,
    state: FeedState,
    kind: str,
    repeated: int,
    asked: dt.timedelta,
    now: dt.datetime,
    pace: Pace,
    cron: Cron,
) -> dt.datetime:
    if is_cron(feed.interval):
        return cron(feed.interval, now + asked)
    usual, (first, factor, refusal) = usual_wait(feed, state, now, pace, cron), backoff_of(kind)
    start = max(first, usual) if refusal else min(first, usual)
    longest = max(LONGEST, usual)
    wait = min(start.total_seconds() * factor ** min(repeated - 1, 40), longest.total_seconds())
    return now + max(dt.timedelta(seconds=wait * (1 - JITTER * part(state.feed_id, state.polls))), asked)
