"""robots.txt, as RFC 9309 has it: https://www.rfc-editor.org/rfc/rfc9309#section-2.3

Rule 1: where there is none (4xx), all may be fetched; where it cannot be had for now (5xx, no connection), nothing may.
Rule 2: the groups that name us are ours, all of them; where none does, those for everybody are (2.2.1).
Rule 3: Crawl-delay, which the RFC does not know but sites still write, is heard within bounds.
"""

import asyncio
import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego
from yarl import URL

from ingest.edge.fetch.body import Limit
from ingest.edge.fetch.terms import Terms
from ingest.edge.fetch.turns import Turns
from ingest.edge.net.urls import place
from ingest.errors import FetchError, FetchFailure
from ingest.ports import Clock

ROBOTS_LIMIT = Limit(500 * 1024, cut=True)
"""RFC 9309, 2.5: at least the first 500 KiB are to be read."""
KEPT_FOR = dt.timedelta(days=1)
"""RFC 9309, 2.4."""
TRIED_AGAIN_AFTER = dt.timedelta(minutes=1)
DELAY_MOST_S = 30.0
"""Longest Crawl-delay that is heard: two pages a minute. Some sites write hours, which is meant as a ban."""
MAX_KEPT = 8 * 1024 * 1024
"""Characters of robots.txt that are remembered, the longest unused go first; parsed, they take 20 times that."""
WEIGHT = 1024
"""Characters that an entry counts besides its text: so at most 8,192 origins."""
LINK = re.compile(r"\+?https?://\S+")
WORD = re.compile(r"[\w-]+")
USER_AGENT = re.compile(r"\s*user(?:-|\s*)agent[\s:]+(?P<name>\*?[\w-]*)", re.IGNORECASE)
"""A line that names a robot, in all spellings that protego reads; a version behind the name does not count."""
US, NOBODY = "us", "nobody"

Known = tuple[URL, Terms]
"""An origin, and who asks it through what: another name may have other rules."""


@dataclass(frozen=True)
class Rules:
    """What we know of an origin's robots.txt."""

    until: dt.datetime
    parsed: Protego | None = None
    """None where nothing is forbidden."""
    delay_s: float = 0.0
    """Spacing of pages; 0 where none is asked for."""
    weight: int = WEIGHT
    unknown: tuple[FetchFailure, str, float | None] | None = None
    """Why it could not be had; then nothing may be fetched for now."""


class Robots:
    """The rules of the origins that were asked lately, for each of the names that we go by.

    Args:
        ask: fetches a robots.txt; gives status and body.
    """

    def __init__(self, ask: Callable[[URL, Terms], Awaitable[tuple[int, bytes]]], clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._asking = Turns(1)
        self._kept: OrderedDict[Known, Rules] = OrderedDict()
        self._weight = 0

    async def check(self, url: URL, terms: Terms) -> float:
        """The spacing that pages need, in seconds; raises FetchError where this one may not be fetched."""
        rules = await self._rules((url.origin(), terms))
        if rules.unknown:
            raise FetchError(*rules.unknown)
        if rules.parsed and not rules.parsed.can_fetch(str(url), US):
            raise FetchError("robots", f"{place(url)}: its robots.txt disallows the page")
        return rules.delay_s

    async def _rules(self, known: Known) -> Rules:
        async with self._asking.turn(known):
            rules = self._kept.get(known)
            if rules is None or rules.until <= self._clock.now():
                rules = await self._learn(*known)
                self._keep(known, rules)
            self._kept.move_to_end(known)
            return rules

    async def _learn(self, origin: URL, terms: Terms) -> Rules:
        now = self._clock.now()
        try:
            status, body = await self._ask(origin.with_path("/robots.txt"), terms)
        except FetchError as error:
            if not error.transient:
                return Rules(now + KEPT_FOR)
            unknown = error.kind, f"robots.txt of {error}", error.retry_after_s
            return Rules(now + TRIED_AGAIN_AFTER, unknown=unknown)
        if status >= 500 or status == 429:
            why = f"{place(origin)}: answers {status} for robots.txt, without which no page may be fetched"
            return Rules(now + TRIED_AGAIN_AFTER, unknown=("resting", why, TRIED_AGAIN_AFTER.total_seconds()))
        if not 200 <= status < 300:
            return Rules(now + KEPT_FOR)
        text = body.decode("utf-8-sig", "replace")
        parsed = await asyncio.to_thread(parse, text, names_of(terms.user_agent))
        return Rules(now + KEPT_FOR, parsed, delay_of(parsed), len(text) + WEIGHT)

    def _keep(self, known: Known, rules: Rules) -> None:
        old = self._kept.pop(known, None)
        self._kept[known] = rules
        self._weight += rules.weight - (old.weight if old else 0)
        while self._weight > MAX_KEPT:
            self._weight -= self._kept.popitem(last=False)[1].weight


def names_of(user_agent: str) -> frozenset[str]:
    """The names by which robots.txt may call us: the words of a user agent, but for those of its address."""
    return frozenset(WORD.findall(LINK.sub("", user_agent).lower()))


def delay_of(parsed: Protego) -> float:
    """The Crawl-delay for us, in seconds; 0 where there is none that makes sense."""
    delay_s = float(parsed.crawl_delay(US) or 0.0)
    return min(delay_s, DELAY_MOST_S) if delay_s > 0 else 0.0


def parse(text: str, names: frozenset[str]) -> Protego:
    """The rules for a robot of these names, who is called US in them.

    Protego keeps every rule once for each robot that its group names: half a megabyte of names and rules would take
    gigabytes. So all others go by one name before it reads them.
    """
    lines = text.splitlines()
    named = [line and (line["name"].strip("*") or line["name"]).lower() for line in map(USER_AGENT.match, lines)]
    ours = names if names.intersection(named) else {"*"}
    return Protego.parse(
        "\n".join(
            line if name is None else f"User-agent: {US if name in ours else NOBODY}"
            for line, name in zip(lines, named, strict=True)
        )
    )
