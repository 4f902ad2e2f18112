"""Asking hosts at a pace that suits them, as far as it is known: nothing of it outlives the process.

Rule 1: `per_host` at a time of each registrable domain, and so of each host. Feeds go first, and one of the turns is
        kept for them where there are several: their time is set, while pages come by the hundred.
Rule 2: what `scopes` says is obeyed for the host and for its domain: a short wait in hand, holding the turn; a longer
        one is a failure of kind `resting` at once, so that it holds nobody's hands. So is any pause of a URL that was
        itself refused: the others of its host come first.
Rule 3: what a page is refused holds for pages: a wall that many sites have before their articles stands not before
        their feeds, whose polls are few. What a feed is refused holds for all. A good answer speaks for its own kind.
Rule 4: a server that could not be reached is asked for no page for a minute. Feeds are.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TypeVar

from yarl import URL

from ingest.core.dates import retry_after_s
from ingest.core.dedupe.url import publisher
from ingest.edge.fetch.journey import REDIRECTS
from ingest.edge.fetch.scopes import (
    NEVER,
    UNKNOWN,
    Refusals,
    Scope,
    answered,
    held_s,
    refused,
    refused_again,
    refused_for,
    started,
    wait_s,
)
from ingest.edge.fetch.turns import Turns
from ingest.edge.net.urls import place
from ingest.errors import FetchError, FetchFailure
from ingest.ports import Clock

ASKED_FOR_LESS = frozenset({429, 503})
IN_HAND_S = 10.0
"""Longest wait that holds a turn, but for what robots.txt asks for."""
UNREACHED: dict[FetchFailure, int] = {"dns": 1, "refused": 1, "timeout": 2}
"""How many failures in a row it takes until a server counts as out of reach. One slow page is no proof."""
UNREACHED_FOR = dt.timedelta(minutes=1)
"""The first retry of a page comes after that."""
MAX_KEPT = 8192
"""Scopes, refused URLs and servers out of reach that are remembered; the longest unused go first. A few megabytes."""

Place = tuple[str, bool]
"""A host or a registrable domain, and whether as one of feeds, or of all else."""
KINDS = (True, False)

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Visit:
    """A request that is to be made."""

    url: URL
    feed: bool = False
    delay_s: float = 0.0
    """Spacing that robots.txt asks for."""
    proxy: URL | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    """What is sent, by POST; empty: nothing, and it is a GET."""

    @cached_property
    def host(self) -> str:
        """Its name or address, in one spelling."""
        return (self.url.host_subcomponent or "").rstrip(".")

    @cached_property
    def domain(self) -> str:
        """Its registrable domain; of an address the address."""
        return domain_of(self.host)

    @property
    def at_host(self) -> Place:
        """Where what is remembered of its host holds for it."""
        return self.host, self.feed

    @property
    def at_domain(self) -> Place:
        """The same of its domain."""
        return self.domain, self.feed

    @cached_property
    def server(self) -> tuple[str, int | None, URL | None]:
        """What is in reach or not."""
        return self.host, self.url.port, self.proxy


@dataclass(frozen=True)
class Missed:
    """Failures in a row to reach a server, and the last of them."""

    kind: FetchFailure
    why: str
    times: int
    until: float
    """No page is asked for before."""


class Recent(OrderedDict[K, V]):
    """What was written last, at most MAX_KEPT of it."""

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > MAX_KEPT:
            self.popitem(last=False)


class Politeness:
    """What we know of the hosts that were asked lately, and whose turn it is."""

    def __init__(self, per_host: int, clock: Clock) -> None:
        self._per_host = per_host
        self._clock = clock
        self._turns = Turns(per_host, kept=1 if per_host > 2 else 0)
        self._alone = Turns(1)
        self._hosts: Recent[Place, Scope] = Recent()
        self._domains: Recent[Place, Scope] = Recent()
        """Those of which a host has asked for less."""
        self._refused: Recent[URL, Refusals] = Recent()
        self._missed: Recent[Hashable, Missed] = Recent()

    @asynccontextmanager
    async def turn(self, visit: Visit) -> AsyncIterator[None]:
        """Wait for the time of a visit, and hold its turn; raises FetchError where that would take too long."""
        self._wait_s(visit)
        alone = self._alone.turn(visit.host) if visit.delay_s else nullcontext()
        async with alone, self._turns.turn(visit.domain, first=visit.feed):
            while (seconds := self._wait_s(visit)) > 0:
                await self._clock.sleep(seconds)
            self._start(visit)
            yield

    def _start(self, visit: Visit) -> None:
        """Whoever begins is kept apart from the next, of either kind."""
        now = self._now()
        self._hosts.setdefault(visit.at_host, UNKNOWN)
        for scopes, name in ((self._hosts, visit.host), (self._domains, visit.domain)):
            for feeds in KINDS:
                if known := scopes.get((name, feeds)):
                    scopes[name, feeds] = started(known, now)

    def heard(self, visit: Visit, status: int, retry_after: str, took_s: float) -> None:
        """Learn from an answer."""
        self._missed.pop(visit.server, None)
        before, now = self._refused.pop(visit.url, None), self._now()
        if status in ASKED_FOR_LESS:
            refusals = refused_again(before, now, retry_after_s(retry_after, self._clock.now()))
            self._refused[visit.url] = refusals
            for feeds in KINDS if visit.feed else (False,):
                host, domain = (visit.host, feeds), (visit.domain, feeds)
                self._hosts[host] = refused(self._hosts.get(host, UNKNOWN), refusals)
                self._domains[domain] = refused_for(self._domains.get(domain, UNKNOWN), visit.host, refusals, now)
            return
        began, well = now - took_s, status < 500 and status not in REDIRECTS
        self._hosts[visit.at_host] = answered(self._host(visit), began, took_s, self._per_host, well)
        if known := self._domains.get(visit.at_domain):
            self._domains[visit.at_domain] = answered(known, began, 0.0, self._per_host, well)

    def failed(self, visit: Visit, error: FetchError) -> None:
        """Learn from a failure to get an answer."""
        before = self._missed.pop(visit.server, None)
        if error.kind not in UNREACHED:
            return
        times = before.times + 1 if before else 1
        until = self._now() + UNREACHED_FOR.total_seconds() if times >= UNREACHED[error.kind] else NEVER
        self._missed[visit.server] = Missed(error.kind, str(error), times, until)

    def _wait_s(self, visit: Visit) -> float:
        """How long a visit has to wait in hand; raises FetchError where that is too long."""
        now = self._now()
        missed = self._missed.get(visit.server)
        if missed and not visit.feed and (left_s := missed.until - now) > 0:
            why = f"{missed.why}; a moment ago, so that it is asked for no page for {left_s:.0f} s"
            raise FetchError(missed.kind, why, left_s)
        host, domain = self._host(visit), self._domain(visit)
        refusals = self._refused.get(visit.url)
        if refusals and (left_s := held_s(refusals, (host, domain), now)) > 0:
            raise resting(visit, left_s, now)
        seconds = round(max(wait_s(host, now, visit.delay_s), wait_s(domain, now)), 3)
        if seconds > max(IN_HAND_S, visit.delay_s):
            raise resting(visit, seconds, now)
        return seconds

    def _host(self, visit: Visit) -> Scope:
        return self._hosts.get(visit.at_host, UNKNOWN)

    def _domain(self, visit: Visit) -> Scope:
        return self._domains.get(visit.at_domain, UNKNOWN)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def resting(visit: Visit, left_s: float, now: float) -> FetchError:
    """The failure of a visit that comes too early."""
    again = f"{dt.datetime.fromtimestamp(now + left_s, dt.UTC):%Y-%m-%d %H:%M:%S} UTC"
    return FetchError("resting", f"{place(visit.url)}: asked for a pause; it is asked again at {again}", left_s)


@lru_cache(MAX_KEPT)
def domain_of(host: str) -> str:
    """The registrable domain of a host as URLs write it."""
    return publisher(f"https://{host}/")
