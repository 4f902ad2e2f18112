"""What an RSS document asks of those who poll it: `ttl`, `skipHours`, `skipDays` (RSS 2.0) and `sy:` (RSS 1.0).

feedparser keeps the last hour and the last day only, so that those are read from the text.
"""

import re

from ingest.core.parse.values import Fields, string
from ingest.model import Hints

PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
"""Hours of `sy:updatePeriod`, https://web.resource.org/rss/1.0/modules/syndication/."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

LIST_MAX = 2000
"""Characters in which a list of hours or days ends: 24 hours take 500."""

LONGEST_S = 365 * 86400.0

_HOUR = re.compile(r"<hour>\s*(\d{1,2})\s*<")
_DAY = re.compile(r"<day>\s*([A-Za-z]{6,9})\s*<")


def hints(feed: Fields, xml: str) -> Hints:
    """The wishes of a document; what is no number, period, hour or day is none."""
    hours = {int(hour) % 24 for hour in _HOUR.findall(_listed(xml, "skipHours")) if int(hour) <= 24}
    days = {day.lower() for day in _DAY.findall(_listed(xml, "skipDays"))}
    return Hints(
        wait_s=min(max(60.0 * _number(string(feed, "ttl")), _period_s(feed)), LONGEST_S),
        skip_hours=tuple(sorted(hours)),
        skip_days=tuple(number for number, day in enumerate(DAYS) if day in days),
    )


def _listed(xml: str, name: str) -> str:
    start = xml.find(f"<{name}>")
    return xml[start : start + LIST_MAX].partition(f"</{name}>")[0] if start >= 0 else ""


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text.strip()) else 0


def _period_s(feed: Fields) -> float:
    hours = PERIODS.get(string(feed, "sy_updateperiod").strip().lower(), 0)
    return 3600.0 * hours / max(_number(string(feed, "sy_updatefrequency")), 1)
