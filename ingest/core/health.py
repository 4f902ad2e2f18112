"""How a feed does: in one word, the first of HEALTHS whose test it passes, and in remarks for people."""

import datetime as dt
from collections.abc import Callable

from ingest.core.amounts import counted, span
from ingest.core.cadence import is_broken, silence
from ingest.model import FeedStatus

HEALTHS: tuple[tuple[str, Callable[[FeedStatus, dt.datetime], bool]], ...] = (
    ("disabled", lambda status, now: not status.feed.enabled),
    ("gone", lambda status, now: status.state.ended == "gone"),
    ("merged", lambda status, now: status.state.ended == "merged"),
    ("broken", lambda status, now: is_broken(status.state, now)),
    ("waiting", lambda status, now: bool(status.state.problem) and not status.state.failures),
    ("failing", lambda status, now: bool(status.state.problem)),
    ("never polled", lambda status, now: status.state.polled_at is None),
    ("empty", lambda status, now: not status.state.window),
    ("quiet", lambda status, now: silence(status.state, now) is not None),
    ("fine", lambda status, now: True),
)


def health_of(status: FeedStatus, now: dt.datetime) -> str:
    """The one word or two."""
    return next(name for name, passes in HEALTHS if passes(status, now))


def remarks(status: FeedStatus, now: dt.datetime) -> list[str]:
    """What should be known of a feed beside why its last poll failed: what it became, its silence, its gaps."""
    found = [status.state.notice] if status.state.notice else []
    if quiet := silence(status.state, now):
        chance = f"one in {1 / quiet.probability:,.0f}" if quiet.probability > 1e-6 else "less than one in a million"
        long = span((now - quiet.since).total_seconds())
        found.append(f"silent for {long}; by its own rhythm the chance of that is {chance}")
    if gap := status.last_gap:
        last = f"{gap.since:%Y-%m-%d %H:%M} and {gap.until:%Y-%m-%d %H:%M} UTC"
        found.append(f"{counted(status.gaps, 'gap')}: it dropped entries between two polls, the last between {last}")
    return found
