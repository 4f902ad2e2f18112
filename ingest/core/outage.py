"""Whether it is our own network that fails, judged from what was last seen of many hosts.

When most hosts fail together, with errors of the connection, it is hardly they who are down. Then no feed is charged,
polling pauses, and single feeds are polled as probes until one of them answers.

Rule 1: an outage begins when, of the hosts asked within SPAN, at least FEWEST could not be reached, and no more than a
        fifth of them all could.
Rule 2: it ends with the first host that answers, whatever the answer says; so it began after the last answer.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.core.amounts import counted, span
from ingest.core.cadence.failure import OUTAGE
from ingest.core.cadence.turns import part
from ingest.errors import FetchFailure
from ingest.model import FeedState, Outage

UNREACHED: frozenset[FetchFailure] = frozenset({"dns", "refused", "tls", "timeout", "reset"})
"""Failures that our own network can be the cause of."""
UNASKED: frozenset[FetchFailure] = frozenset({"blocked", "bad-url", "robots", "resting"})
"""Failures that say nothing of any network: no server was asked."""
FEWEST = 5
REACHED_SHARE = 0.2
SPAN = dt.timedelta(minutes=2)
MOST = 64
"""Hosts that are remembered."""
PROBE_EVERY = dt.timedelta(seconds=15)
SPREAD = dt.timedelta(minutes=1)
"""Over which feeds that were waiting for the network are asked again."""
WAITING = "most hosts fail, which is taken for our own network"
"""Why an entry waits whose page was not asked for."""
WAIT_S = 300.0
"""How long such an entry waits, if the outage does not end before."""


@dataclass(frozen=True)
class Sight:
    """What was last seen of a host."""

    reached: bool
    at: dt.datetime


@dataclass(frozen=True)
class Network:
    """What we know of our own network."""

    sights: Mapping[str, Sight] = field(default_factory=dict)
    """By host, the latest last; within an outage those of its beginning stay."""
    answered_at: dt.datetime | None = None
    """When a host last answered."""
    down_since: dt.datetime | None = None
    """When the first failure of an outage came; None outside of one."""
    probe_at: dt.datetime | None = None
    """When the next probe may go out."""


def after(network: Network, host: str, reached: bool, now: dt.datetime) -> Network:
    """What we know once a host was asked."""
    sights = dict(network.sights)
    sights.pop(host, None)
    sights[host] = Sight(reached, now)
    if len(sights) > MOST:
        del sights[next(iter(sights))]
    if reached:
        if network.down_since:  # after an outage its failures say nothing of the hosts that failed
            sights = {name: sight for name, sight in sights.items() if sight.reached}
        return Network(sights, now)
    if not network.down_since:
        sights = {name: sight for name, sight in sights.items() if now - sight.at <= SPAN}
    seen = replace(network, sights=sights)
    failed = _failed(seen)
    if network.down_since or len(failed) < FEWEST or len(failed) < (1 - REACHED_SHARE) * len(sights):
        return seen
    answered_at = network.answered_at or failed[0].at
    began = next((sight.at for sight in failed if sight.at >= answered_at), now)
    return replace(seen, down_since=began, probe_at=now + PROBE_EVERY)


def noted(network: Network, now: dt.datetime) -> Outage | None:
    """The outage as it is to be told at a failure; None if there is none."""
    if network.down_since is None:
        return None
    return Outage(since=network.down_since, seen_at=now, hosts=len(_failed(network)))


def told(outage: Outage, now: dt.datetime) -> str:
    """It in words, to follow `our network is`."""
    hosts = f"{MOST} hosts or more" if outage.hosts >= MOST else counted(outage.hosts, "host")
    since = f"down since {outage.since:%Y-%m-%d %H:%M:%S} UTC, for {span((now - outage.since).total_seconds())}"
    probes = f"one is asked every {span(PROBE_EVERY.total_seconds())}, and all within a minute once one answers"
    return f"{since}: {hosts} failed and none answers. No feed is charged; {probes}"


def probed(network: Network, now: dt.datetime) -> Network:
    """What we know once a probe went out."""
    return replace(network, probe_at=now + PROBE_EVERY)


def may_probe(network: Network, now: dt.datetime) -> bool:
    """Whether it is time for a probe; only within an outage."""
    return network.probe_at is not None and now >= network.probe_at


def _failed(network: Network) -> list[Sight]:
    return [sight for sight in network.sights.values() if not sight.reached]


def spread(feed_id: int, polls: int, since: dt.datetime) -> dt.datetime:
    """A time within SPREAD, so that feeds that failed together do not come back together."""
    return since + SPREAD * part(feed_id, polls)


def uncharged(state: FeedState, now: dt.datetime) -> FeedState:
    """The state of a feed after a poll that failed within an outage: what failed before keeps its reason."""
    return state.model_copy(
        update={
            "polls": state.polls + 1,
            "polled_at": now,
            "due_at": spread(state.feed_id, state.polls, now + PROBE_EVERY),
            "failure": OUTAGE,  # so that what it was charged before the outage is never taken back
        }
    )


def excused(problem: str) -> str:
    """Why such a poll failed, for who asked for it."""
    return f"{problem}; {WAITING} and not held against the feed"
