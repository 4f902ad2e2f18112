"""What a failed poll means for the next.

Rule 1: BACKOFF says for each kind of failure how long the first wait is and by which factor it grows, up to a day, or
        to the feed's own interval if that is longer. A cron line keeps its turns.
Rule 2: what may pass by itself is tried again soon, even if the feed's turn is far off; a refusal at its own turn.
Rule 3: Retry-After is heard up to a day; what waited on account of this feed goes first when it ends.
Rule 4: a feed whose host rests was not asked: it is charged with nothing, and its turn, be it of a cron line, comes
        when the pause ends.
Rule 5: a feed is never given up, but for 410; one that fails often and for long is broken, and goes on slowly.
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
"""Part of a wait that may be added: many feeds fail at once with their host, and should not come back at once."""
RESTING = "resting"
OUTAGE = "outage"
"""The kind of a failure that our own network is taken to be the cause of: it is charged to no feed."""
OTHERS_FIRST = dt.timedelta(minutes=1)
"""How long after a pause the one comes that was refused: the others of its host, who rested, are due when it ends."""
BROKEN_FAILURES = 4
BROKEN_SPAN = dt.timedelta(days=3)
"""A server that is down over a weekend is not broken."""


class Backoff(NamedTuple):
    """How the waits grow after a kind of failure."""

    first: dt.timedelta | None
    """At most; None where the feed is not asked before its own turn."""
    factor: float


AT_ONCE, SOON, LATER = dt.timedelta(seconds=10), dt.timedelta(minutes=5), dt.timedelta(minutes=15)

BACKOFF: dict[str, Backoff] = {
    "dns": Backoff(SOON, 2),
    "refused": Backoff(SOON, 2),
    "timeout": Backoff(SOON, 2),
    "reset": Backoff(SOON, 2),
    "resting": Backoff(AT_ONCE, 1),  # when the pause of its host ends, as `retry_after_s` says
    "tls": Backoff(LATER, 2),
    "protocol": Backoff(LATER, 2),
    "unreadable": Backoff(LATER, 2),
    "too-large": Backoff(None, 2),
    "redirects": Backoff(None, 2),
    "robots": Backoff(None, 2),
    "blocked": Backoff(None, 2),
    "bad-url": Backoff(None, 2),
    "http-408": Backoff(SOON, 2),
    "http-429": Backoff(None, 3),
    "http-4": Backoff(None, 2),
    "http-5": Backoff(SOON, 2),
}
"""By kind; `http-4` and `http-5` stand for all other statuses of their class. By doubling from five minutes, an outage
of an hour costs four polls, and the day is reached with the tenth."""

OTHER = Backoff(LATER, 2)


@dataclass(frozen=True)
class Failure:
    """A poll that gave no document."""

    kind: str
    """An `errors.FetchFailure`, `http-NNN`, or `unreadable`."""
    problem: str
    """In one line, for people."""
    retry_after_s: float | None = None
    """What the server asks for."""
    unheard: str = ""
    """What else it asks for, if nothing can be made of it; in one line."""


def after_failure(
    feed: Feed, state: FeedState, failure: Failure, now: dt.datetime, pace: Pace, cron: Cron
) -> FeedState:
    """The state after a poll that gave no document; what was learned stays."""
    failed = state.model_copy(
        update={
            "polls": state.polls + 1,
            "polled_at": now,
            "failures": state.failures + (0 if failure.kind == RESTING else 1),
            "failing_since": state.failing_since if failure.kind == RESTING else state.failing_since or now,
            "failure": failure.kind,
            "problem": failure.problem,
        }
    )
    update = _address(failed, now)
    repeated = 1 if "moved_to" in update else failed.failures
    usual = usual_wait(feed, state, now, pace, cron)
    wait = _wait(failure.kind, repeated, usual, part(state.feed_id, state.polls))
    asked = pause(failure.retry_after_s, was_refused=failure.kind != RESTING)
    keeps_turns = is_cron(feed.interval) and failure.kind != RESTING
    due_at = cron(feed.interval, now + asked) if keeps_turns else now + max(wait, asked)
    return failed.model_copy(update={**update, "due_at": due_at})


def pause(retry_after_s: float | None, was_refused: bool = True) -> dt.timedelta:
    """How long to wait where a server asks for it, a day at most; whoever was refused himself lets others go first.

    Args:
        retry_after_s: what the server asks for, if it does.
        was_refused: or else only the others of its host were.
    """
    if not retry_after_s or retry_after_s < 0:
        return dt.timedelta()
    asked = dt.timedelta(seconds=min(retry_after_s, LONGEST.total_seconds()))
    return min(asked + OTHERS_FIRST, LONGEST) if was_refused else asked


def is_broken(state: FeedState, now: dt.datetime) -> bool:
    """Whether a feed has failed so often and for so long that it may be elsewhere."""
    since = state.failing_since
    return since is not None and state.failures >= BROKEN_FAILURES and now - since >= BROKEN_SPAN


def backoff_of(kind: str) -> Backoff:
    """The row of BACKOFF for a kind."""
    return BACKOFF.get(kind) or BACKOFF.get(kind[: len("http-4")]) or OTHER


def _address(state: FeedState, now: dt.datetime) -> moves.Update:
    if state.moved_to and (state.failure == "http-410" or is_broken(state, now)):
        return moves.undone(state)
    if state.failure == "http-410":
        notice = "gone for good, says its server (410); it is polled no more"
        return {"ended": "gone", "notice": notice, "problem": ""}  # the notice tells the reason
    return {}


def _wait(kind: str, repeated: int, usual: dt.timedelta, by_chance: float) -> dt.timedelta:
    first, factor = backoff_of(kind)
    start = usual if first is None else min(first, usual)
    wait_s = start.total_seconds() * factor ** min(repeated - 1, 40) * (1 + JITTER * by_chance)
    return min(dt.timedelta(seconds=min(wait_s, 1e9)), max(LONGEST, usual))
