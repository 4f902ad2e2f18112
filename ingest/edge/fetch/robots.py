"""robots.txt, as RFC 9309 has it: https://www.rfc-editor.org/rfc/rfc9309#section-2.3

Rule 1: where there is none (4xx), all may be fetched; where it cannot be had for now (5xx, no connection), nothing may.
Rule 2: the groups that name us are ours, all of them; where none does, those for everybody are (2.2.1).
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
from ingest.edge.fetch.politeness import Turns
from ingest.edge.fetch.urls import place
from ingest.errors import FetchError, FetchFailure
from ingest.ports import Clock

ROBOTS_LIMIT = Limit(500 * 1024, cut=True)
"""RFC 9309, 2.5: at least the first 500 KiB are to be read."""
KEPT_FOR = dt.timedelta(days=1)
"""RFC 9309, 2.4."""
TRIED_AGAIN_AFTER = dt.timedelta(minutes=1)
MAX_KEPT = 8 * 1024 * 1024
"""Characters of robots.txt that are remembered, the longest unused go first; parsed, they take 20 times that."""
WEIGHT = 1024
"""Characters that an entry counts besides its text: so at most 8,192 origins."""
LINK = re.compile(r"\+?https?://\S+")
WORD = re.compile(r"[\w-]+")
USER_AGENT = re.compile(r"\s*user(?:-|\s*)agent[\s:]+(?P<name>\*?[\w-]*)", re.IGNORECASE)
"""A line that names a robot, in all spellings that protego reads; a version behind the name does not count."""
US, NOBODY = "us", "nobody"


@dataclass(frozen=True)
class Rules:
    """What we know of an origin's robots.txt."""

    until: dt.datetime
    parsed: Protego | None = None
    """None where nothing is forbidden."""
    weight: int = WEIGHT
    unknown: tuple[FetchFailure, str] | None = None
    """Why it could not be had; then nothing may be fetched for now."""


class Robots:
    """The rules of the origins that were asked lately.

    Args:
        ask: fetches a robots.txt; gives status and body.
    """

    def __init__(self, ask: Callable[[URL], Awaitable[tuple[int, bytes]]], user_agent: str, clock: Clock) -> None:
        self._ask = ask
        self._names = frozenset(WORD.findall(LINK.sub("", user_agent).lower()))  # not the words of its address
        self._clock = clock
        self._asking = Turns(1)
        self._kept: OrderedDict[URL, Rules] = OrderedDict()
        self._weight = 0

    async def check(self, url: URL) -> None:
        """Raise FetchError where the page may not be fetched, for good or for now."""
        rules = await self._rules(url.origin())
        if rules.unknown:
            raise FetchError(*rules.unknown)
        if rules.parsed and not rules.parsed.can_fetch(str(url), US):
            raise FetchError("robots", f"{place(url)}: its robots.txt disallows the page")

    async def _rules(self, origin: URL) -> Rules:
        async with self._asking.turn(str(origin)):
            rules = self._kept.get(origin)
            if rules is None or rules.until <= self._clock.now():
                rules = await self._learn(origin)
                self._keep(origin, rules)
            self._kept.move_to_end(origin)
            return rules

    async def _learn(self, origin: URL) -> Rules:
        now = self._clock.now()
        try:
            status, body = await self._ask(origin.with_path("/robots.txt"))
        except FetchError as error:
            if not error.transient:
                return Rules(now + KEPT_FOR)
            return Rules(now + TRIED_AGAIN_AFTER, unknown=(error.kind, f"robots.txt of {error}"))
        if status >= 500 or status == 429:
            why = f"{place(origin)}: answers {status} for robots.txt, without which no page may be fetched"
            return Rules(now + TRIED_AGAIN_AFTER, unknown=("refused", why))
        if not 200 <= status < 300:
            return Rules(now + KEPT_FOR)
        text = body.decode("utf-8-sig", "replace")
        return Rules(now + KEPT_FOR, await asyncio.to_thread(parse, text, self._names), len(text) + WEIGHT)

    def _keep(self, origin: URL, rules: Rules) -> None:
        old = self._kept.pop(origin, None)
        self._kept[origin] = rules
        self._weight += rules.weight - (old.weight if old else 0)
        while self._weight > MAX_KEPT:
            self._weight -= self._kept.popitem(last=False)[1].weight


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
