"""Cron lines as people know them (crontab(5)): five fields, and a week that begins on Sunday, which is both 0 and 7.

Where the day of the month and that of the week are both restricted, either is enough: `0 6 1 * mon` means the first of
each month and all Mondays. A field that begins with `*` restricts nothing.

APScheduler 3 begins its week on Monday (see the warning at `CronTrigger.from_crontab`), so that `1-5` or `sun-thu`
would mean other days to it or none: spans of days are written out by name before it sees them.
"""

import datetime as dt
import re

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_DAY = f"[0-7]|{'|'.join(_DAYS)}"
_SPAN = re.compile(rf"(?:\*|(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?)(?:/(?P<step>[1-7]))?")
_LEAP_YEAR = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def cron_trigger(line: str, zone: dt.tzinfo) -> BaseTrigger:
    """The times that a cron line names.

    Raises:
        ValueError: it is no cron line, or names no day that ever comes.
    """
    fields = line.split()
    if len(fields) != 5:
        raise ValueError(f"{line!r} is no cron line; it has {len(fields)} fields, not 5")
    try:
        trigger = _trigger(fields, zone)
    except ValueError as error:
        raise ValueError(f"{line!r} is no cron line: {error}") from error
    if trigger.get_next_fire_time(None, _LEAP_YEAR) is None:
        raise ValueError(f"{line!r} names a day that never comes")
    return trigger


def _trigger(fields: list[str], zone: dt.tzinfo) -> BaseTrigger:
    minute, hour, day, month, weekday = fields
    named = ",".join(map(_named, weekday.lower().split(",")))
    either = not day.startswith("*") and not weekday.startswith("*")
    days = [(day, "*"), ("*", named)] if either else [(day, named)]
    return OrTrigger([
        CronTrigger(minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=zone)
        for day, weekday in days
    ])  # fmt: skip


def _named(span: str) -> str:
    match = _SPAN.fullmatch(span)
    if not match:
        return span
    first = _number(match["first"] or "sun")
    last = _number(match["last"]) if match["last"] else first if match["first"] and not match["step"] else 6
    days = range(first, last + 1 if last >= first else last + 8, int(match["step"] or 1))
    return ",".join(_DAYS[day % 7] for day in days)


def _number(day: str) -> int:
    return int(day) if day.isdigit() else _DAYS.index(day)
