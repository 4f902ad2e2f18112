"""Dates in any notation that a feed or a page may hold.

Rule 1: the notation decides, never the place where we run: a time without a zone is in the zone that the caller
        names, or UTC.
Rule 2: what cannot be told is None. `03/04/2024` is two days, `2024-03` is thirty-one; a time without a day is none.
        So no reader that fills gaps is used, be it with the first of a month or with today.
Rule 3: a date that cannot be true is not believed: before feeds were, or well after now.

READERS, tried in order, turn text into a Stated: ISO 8601 with its relatives, seconds since 1970, and everything
that spells the month.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from ingest.core.datewords import MONTHS, ZONES, bare
from ingest.model import Moment

EARLIEST_YEAR = 1990
"""The first newspapers on the web are younger; an older date is a default value, or the date of something else."""

RETRY_WITHIN = dt.timedelta(days=400)
"""A Retry-After may lie so far ahead; who hears it bounds it."""
FUTURE_TOLERANCE = dt.timedelta(days=1)
"""A local time passed off as UTC is at most 14 hours ahead; with a clock that is wrong, a day covers it."""

MAX_LENGTH = 120
"""The longest notation, JavaScript's with its zone in words, takes 80 characters."""


class Stated(NamedTuple):
    """What a notation says; `time` is None where only a day is stated, `zone` where none is."""

    day: dt.date
    time: dt.time | None = None
    zone: dt.tzinfo | None = None


def moment(text: str, now: dt.datetime, zone: dt.tzinfo | None = None) -> Moment | None:
    """The instant and the day that a text states, or None where it states none that we believe.

    Args:
        text: any text; never raises.
        now: aware; later dates are not believed, but for FUTURE_TOLERANCE.
        zone: of a time that names none; default UTC.
    """
    if len(text) > MAX_LENGTH:
        return None
    stated = _stated(" ".join(text.split()))
    if stated is None or not EARLIEST_YEAR <= stated.day.year <= now.year + 1:
        return None
    at = _instant(stated, zone or dt.UTC)
    return Moment(at=at, day=stated.day) if at <= now + FUTURE_TOLERANCE else None


def retry_after_s(value: str, now: dt.datetime) -> float | None:
    """Seconds that a Retry-After asks for, which may be a date; None where it does not say: RFC 9110, 10.2.3."""
    value = value.strip()
    if value.isdecimal():
        return float(value[:9])
    until = moment(value, now + RETRY_WITHIN)
    return max(0.0, (until.at - now).total_seconds()) if until else None


def _stated(text: str) -> Stated | None:
    for reader in READERS:
        try:
            stated = reader(text)
        except (ValueError, OverflowError):  # the notation fits, the numbers do not: 31 February, 25 o'clock
            return None
        if stated:
            return stated
    return None


def _instant(stated: Stated, default_zone: dt.tzinfo) -> dt.datetime:
    if stated.time is None:
        return dt.datetime.combine(stated.day, dt.time.min, dt.UTC)
    return dt.datetime.combine(stated.day, stated.time, stated.zone or default_zone).astimezone(dt.UTC)


_SECOND = r"(?:[:.]?(?P<second>\d\d|(?<=:)\d)(?:[.,:]\d{1,9})?)?"
_TIME = rf"(?P<hour>\d{{1,2}}(?=[:.h])|\d\d)[:.h]?(?P<minute>\d\d){_SECOND}\s?(?P<half>[ap]\.?m\b\.?)?"
_ZONE = r"(?P<zone>(?:GMT|UTC?)?\s?[+\-−]\d\d?(?::?\d\d)?\b|[^\W\d_]{1,5}\b)"

_ISO = re.compile(
    rf"(?=\d{{4}}\D|\d{{8}})(?P<year>\d{{4}})(?P<separator>[-/.]?)(?P<month>\d{{1,2}})(?P=separator)(?P<day>\d{{1,2}})"
    rf"(?:(?:\s?[T,]\s?|\s){_TIME}\s?{_ZONE}?)?(?:\s?\[[\w/+-]+\])?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?P<year>\d{4})-?(?P<nth>\d{3})")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?=\D|$)")
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?")
_CJK_HALF = re.compile(r"\s?(?:(오전|午前|上午)|오후|午後|下午)\s?(\d{1,2}:\d\d(?::\d\d)?)")
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")


def _read_iso(text: str) -> Stated | None:
    """RFC 3339, ISO 8601, W3CDTF, and their relatives with `/` or a space."""
    text = _CJK_HALF.sub(_half_last, _CJK.sub(r"\1-\2-\3", text))
    if ordinal := _ORDINAL.fullmatch(text):
        return Stated(dt.date(int(ordinal["year"]), 1, 1) + dt.timedelta(days=int(ordinal["nth"]) - 1))
    match = _ISO.fullmatch(_year_first(text))
    if not match:
        return None
    day = dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    return _with_time(day, match, match["zone"] or "")


def _half_last(match: re.Match[str]) -> str:
    morning, time = match.groups()
    return f" {time} {'am' if morning else 'pm'}"


def _year_first(text: str) -> str:
    """Turn a numeric date with the year at its end; with slashes only where one number can be no month."""
    match = _DAY_FIRST.match(text)
    if not match:
        return text
    first, separator, second, year = match.groups()
    if int(first) > 12 or (separator == "." and int(second) <= 12):
        return f"{year}-{second}-{first}{text[match.end() :]}"
    if int(second) > 12 or first == second:
        return f"{year}-{first}-{second}{text[match.end() :]}"
    return text


def _read_epoch(text: str) -> Stated | None:
    match = _EPOCH.fullmatch(text)
    if not match:
        return None
    seconds, milliseconds = match.groups()
    at = dt.datetime.fromtimestamp(int(seconds) if seconds else int(milliseconds) // 1000, dt.UTC)
    return Stated(at.date(), at.time(), dt.UTC)


_WORD_TIME = re.compile(r"(?<!\d)" + _TIME.replace("[:.h]?", "[:.h]", 1) + r"\s?(?P<word>[^\W\d_]*)", re.IGNORECASE)
_OFFSET = re.compile(r"(?<![^\W\d]|-)(?:GMT|UTC?)?\s?([+\-−]\d\d?(?::?\d\d)?)(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_COMMENT = re.compile(r"\([^)]*\)?")
_RFC_822 = re.compile(r"(?:[^\W\d_]+[.,]*\s*)?\d{1,2}[\s-]+[^\W\d_]+\.?[\s-]+\d{2,3}\b(?=\W*$)")
"""The one order in which a year of two digits is believed: `March 24, 10 comments` is no day of 2010."""


def _read_words(text: str) -> Stated | None:
    """RFC 822 and 2822, asctime, `date`, JavaScript, prose: a month's name, two numbers, perhaps time and zone."""
    text = _COMMENT.sub(" ", text)
    time = _WORD_TIME.search(text)
    is_rfc_822 = _RFC_822.match(text[: time.start()] if time else text)
    zone = ""
    if time:
        offset = _OFFSET.search(text, time.end("minute"))
        zone = offset[1] if offset else time["word"]
        text = f"{text[: time.start()]} {_OFFSET.sub(' ', text[time.start('word') :])}"
    months = [MONTHS[word] for word in map(bare, _WORD.findall(text)) if word in MONTHS]
    numbers = _NUMBER.findall(text)
    if not months or len(numbers) != 2 or not (is_rfc_822 or any(len(number) == 4 for number in numbers)):
        return None
    day = _day(months[-1], *numbers)  # the last: `mar` before the day is a weekday in half of Europe
    return _with_time(day, time, zone)


def _day(month: int, first: str, second: str) -> dt.date:
    year, day = (first, second) if len(first) == 4 else (second, first)
    return dt.date(_full_year(year), month, int(day))


def _full_year(digits: str) -> int:
    """RFC 2822, section 4.3: two digits below 50 are of this century, others and three digits of the last."""
    year = int(digits)
    if len(digits) > 3:
        return year
    return year + (2000 if len(digits) == 2 and year < 50 else 1900)


def _with_time(day: dt.date, match: re.Match[str] | None, zone: str) -> Stated:
    if not match or not match["hour"]:
        return Stated(day)
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if (hour, minute, second) == (24, 0, 0):
        day, hour = day + dt.timedelta(days=1), 0
    return Stated(day, dt.time(hour, minute, min(second, 59)), _zone(zone))  # second 60 is a leap second


def _zone(text: str) -> dt.tzinfo | None:
    digits = re.fullmatch(r"\D*([+\-−])(\d\d?):?(\d\d)?", text)
    if not digits:
        minutes = ZONES.get(bare(text))
        return None if minutes is None else dt.timezone(dt.timedelta(minutes=minutes))
    sign, hours, minutes_text = digits.groups()
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes_text or 0))
    if offset > dt.timedelta(hours=14):  # no zone on Earth
        return None
    return dt.timezone(offset if sign == "+" else -offset)


READERS: tuple[Callable[[str], Stated | None], ...] = (_read_iso, _read_epoch, _read_words)
"""Each returns None where the notation is not its own, and raises ValueError where it is and makes no date."""
