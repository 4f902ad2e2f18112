"""What an RSS document asks of those who poll it: `ttl`, `skipHours`, `skipDays` (RSS 2.0) and `sy:` (RSS 1.0).

feedparser keeps the last hour and the last day only, so that those are read from the text.
"""

import re
from collections.abc import Iterator

from ingest.core.parse.values import Fields, string
from ingest.model import Hints

PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
"""Hours of `sy:updatePeriod`, https://web.resource.org/rss/1.0/modules/syndication/."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

LIST_MAX = 2000
"""Characters in which a list of hours or days ends: 24 hours take 500."""

LONGEST_S = 365 * 86400.0

SHOWN_MAX = 40
"""Characters of a text that is no wish, as it is shown to people."""

_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*<")
_DAY = re.compile(r"<day>\s*([A-Za-z]{6,9})\s*<")


def hints(feed: Fields, xml: str) -> Hints:
    """The wishes of a document; what is no number, period, hour or day is none."""
    hours = {int(hour) % 24 for hour in _HOUR.findall(_listed(xml, "skipHours")) if int(hour) <= 24}
    days = {day.lower() for day in _DAY.findall(_listed(xml, "skipDays"))}
    ttl, period = string(feed, "ttl").strip(), string(feed, "sy_updateperiod").strip()
    return Hints(
        wait_s=min(max(60.0 * (_number(ttl) or 0), _period_s(feed, period)), LONGEST_S),
        skip_hours=tuple(sorted(hours)),
        skip_days=tuple(number for number, day in enumerate(DAYS) if day in days),
        unheard=tuple(_unheard(ttl, period)),
    )


def _unheard(ttl: str, period: str) -> Iterator[str]:
    if ttl and _number(ttl) is None:
        yield f"its ttl, {_shown(ttl)}, is no whole number of minutes"
    if period and period.lower() not in PERIODS:
        yield f"its sy:updatePeriod, {_shown(period)}, is none of {', '.join(PERIODS)}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN_MAX else f"{text[:SHOWN_MAX]}…")


def _listed(xml: str, name: str) -> str:
    start = xml.find(f"<{name}>")
    return xml[start : start + LIST_MAX].partition(f"</{name}>")[0] if start >= 0 else ""


def _number(text: str) -> int | None:
    """A whole number, huge ones cut; None for any other text."""
    return int(text[:18]) if re.fullmatch(r"[0-9]+", text) else None


def _period_s(feed: Fields, period: str) -> float:
    hours = PERIODS.get(period.lower(), 0)
    return 3600.0 * hours / max(_number(string(feed, "sy_updatefrequency").strip()) or 1, 1)
