"""How a feed does: in one word, the first of HEALTHS whose test it passes, and in remarks for people.

A feed waits where its last poll says nothing of it: its host rested, it is to be asked elsewhere, or our own network is
down, which is told once for all feeds.
"""

import datetime as dt
from collections.abc import Callable

from ingest.core.amounts import counted, ends, span
from ingest.core.cadence import is_broken, silence
from ingest.core.cadence.failure import OUTAGE
from ingest.model import FeedState, FeedStatus, Outage


def _waits(state: FeedState, outage: Outage | None) -> bool:
    if state.failures:
        return False
    return bool(state.problem) or (state.failure == OUTAGE and (outage is not None or state.succeeded_at is None))


Test = Callable[[FeedStatus, dt.datetime, Outage | None], bool]

HEALTHS: tuple[tuple[str, Test], ...] = (
    ("disabled", lambda status, now, outage: not status.feed.enabled),
    ("gone", lambda status, now, outage: status.state.ended == "gone"),
    ("merged", lambda status, now, outage: status.state.ended == "merged"),
    ("broken", lambda status, now, outage: is_broken(status.state, now)),
    ("waiting", lambda status, now, outage: _waits(status.state, outage)),
    ("failing", lambda status, now, outage: bool(status.state.problem)),
    ("never polled", lambda status, now, outage: status.state.polled_at is None),
    ("empty", lambda status, now, outage: not status.state.window),
    ("quiet", lambda status, now, outage: silence(status.state, now) is not None),
    ("fine", lambda status, now, outage: True),
)


def health_of(status: FeedStatus, now: dt.datetime, outage: Outage | None) -> str:
    """The one word or two.

    Args:
        outage: of our own network, as `Totals` has it.
    """
    return next(name for name, passes in HEALTHS if passes(status, now, outage))


def remarks(status: FeedStatus, now: dt.datetime) -> list[str]:
    """What should be known of a feed beside why its last poll failed: what it became, its silence, its gaps."""
    found = [status.state.notice] if status.state.notice else []
    if quiet := silence(status.state, now):
        chance = f"one in {1 / quiet.probability:,.0f}" if quiet.probability > 1e-6 else "less than one in a million"
        long = span((now - quiet.since).total_seconds())
        found.append(f"silent for {long}; by its own rhythm the chance of that is {chance}")
    if gap := status.last_gap:
        last = f"the last between {ends(gap.since, gap.until)}"
        found.append(f"{counted(status.gaps, 'gap')}: it dropped entries between two polls, {last}")
    if status.lost_gaps:
        found.append(f"{counted(status.lost_gaps, 'gap')} that no archive could close")
    return found
