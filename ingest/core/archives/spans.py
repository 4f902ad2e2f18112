"""Spans of time, and what the dates in an address say.

An address states a day or a month of its publisher's own zone, which we do not know: the span is as wide as all zones
make it. So it may be said of a span that it lies outside of a range, never that an address in it lies inside.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ingest.core.dates import EARLIEST_YEAR
from ingest.core.datewords import MONTHS, bare
from ingest.model import Moment

LATEST_YEAR = 2099
"""Numbers beyond it are no years."""
EASTERNMOST, WESTERNMOST = dt.timedelta(hours=14), dt.timedelta(hours=12)
"""How much sooner than in UTC a day begins in Kiribati, and how much later it ends west of Samoa."""


class Span(NamedTuple):
    """A time from `since` on and before `until`; open where one is None."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def is_before(self, other: "Span") -> bool:
        """Whether it is over when the other begins."""
        return self.until is not None and other.since is not None and self.until <= other.since

    def is_after(self, other: "Span") -> bool:
        """Whether it begins when the other is over."""
        return other.is_before(self)

    def misses(self, other: "Span") -> bool:
        """Whether the two have no time in common."""
        return self.is_before(other) or self.is_after(other)


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_MONTH_WORD = r"[^\W\d_]{3,12}"
_IN_PATH = (
    re.compile(rf"/{_YEAR}/(?P<month>0?[1-9]|1[0-2]|{_MONTH_WORD})/(?P<day>0?[1-9]|[12]\d|3[01])/"),
    re.compile(rf"/{_YEAR}(?P<between>[_.-]?){_MONTH}(?P=between){_DAY}(?=[/_.-])"),
    re.compile(rf"/{_YEAR}[/_.-]?(?P<month>0[1-9]|1[0-2])/"),
    re.compile(rf"/{_YEAR}/(?P<month>[1-9]|{_MONTH_WORD})/"),
)
"""Folders, or the beginning of a name: numbers within a title may be the date of what it tells of."""

_IN_NAME = re.compile(rf"(?<!\d){_YEAR}(?:[/_.-]?{_MONTH}(?:[/_.-]?{_DAY})?)?(?!\d)")
_PARAMETER = re.compile(r"(?:^|[?&;])(?P<part>y|m|d|yyyy|mm|dd|year|month|day)=(?P<number>\d{1,4})(?=[&;]|$)", re.I)


def span_of_article(url: str) -> Span | None:
    """The day or month that the folders of an article's address state; None where they state none."""
    stated = _stated(url)
    return _span(*stated) if stated else None


def day_of_article(url: str) -> Moment | None:
    """The day that an article's address states; None where it states a month, or nothing."""
    year, month, number = _stated(url) or ("", "", "")
    day = _date(year, month, number) if number else None
    return Moment(at=dt.datetime.combine(day, dt.time.min, dt.UTC), day=day) if day else None


def span_of_list(url: str) -> Span | None:
    """The span that the name of a list of addresses tells, such as a sitemap's; None where it tells none.

    `/2024/05/`, `sitemap-2024-05.xml`, `?yyyy=2024&mm=05&dd=17`; of several dates the span from the first to the last.
    """
    parts = urlsplit(url)
    spans = list(_named(f"{unquote(parts.path)}?{unquote(parts.query)}"))
    if asked := {match["part"][0].lower(): match["number"] for match in _PARAMETER.finditer(f"?{parts.query}")}:
        asked_span = _span(asked.get("y"), asked.get("m"), asked.get("d"))
        spans = [asked_span] if asked_span else spans
    if not spans:
        return None
    return Span(min(span[0] for span in spans if span[0]), max(span[1] for span in spans if span[1]))


def span_of_time(at: dt.datetime) -> Span:
    """The time during which something stated by a time may have been: all of a day where no more is stated."""
    if at.time() == dt.time.min:
        return Span(at - EASTERNMOST, at + dt.timedelta(days=1) + WESTERNMOST)
    return Span(at, at + dt.timedelta(seconds=1))


@lru_cache(1024)
def _stated(url: str) -> tuple[str, str, str] | None:
    """Year, month, and the day or nothing, as the path has them; remembered, since several ask for one address."""
    path = unquote(urlsplit(url).path)
    for match in filter(None, (pattern.search(path) for pattern in _IN_PATH)):
        stated = match["year"], match["month"], match.groupdict().get("day", "")
        if _date(*stated[:2], stated[2] or "1"):
            return stated
    return None


def _named(text: str) -> Iterator[Span]:
    for match in _IN_NAME.finditer(text):
        if span := _span(**match.groupdict()):
            yield span


def _span(year: str | None, month: str | None = None, day: str | None = None) -> Span | None:
    first = _date(year, month or "1", day or "1")
    if first is None:
        return None
    after = first + dt.timedelta(days=1)
    if not month:
        after = dt.date(first.year + 1, 1, 1)
    elif not day:
        after = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    midnights = (dt.datetime.combine(date, dt.time.min, dt.UTC) for date in (first, after))
    return Span(next(midnights) - EASTERNMOST, next(midnights) + WESTERNMOST)


def _date(year: str | None, month: str, day: str) -> dt.date | None:
    number = int(month) if month.isdecimal() else MONTHS.get(bare(month), 0)
    try:
        date = dt.date(int(year or 0), number, int(day))
    except ValueError:  # no such month or day
        return None
    return date if EARLIEST_YEAR <= date.year <= LATEST_YEAR else None
