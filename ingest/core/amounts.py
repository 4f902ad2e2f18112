"""How amounts are said to people: `1 feed`, `3 entries`, `4 min`, `2 days`, and the ends of a span."""

import datetime as dt

_UNITS = ((120, 1, "s"), (120 * 60, 60, "min"), (48 * 3600, 3600, "h"))
"""(below so many seconds, seconds a unit, unit); beyond the last, days."""


def counted(count: int, noun: str) -> str:
    """So many of something, in the singular or in the regular plural."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {f'{noun[:-1]}ies' if noun.endswith('y') else f'{noun}s'}"


def span(seconds: float) -> str:
    """A length of time in its largest fitting unit, rounded down."""
    length = max(int(seconds), 0)
    for below, unit, name in _UNITS:
        if length < below:
            return f"{length // unit} {name}"
    return f"{length // 86400} days"


def ends(since: dt.datetime, until: dt.datetime) -> str:
    """Two times in UTC to follow `between`: to the minute, and to the second where that would make them one."""
    told = f"{since:%Y-%m-%d %H:%M}", f"{until:%Y-%m-%d %H:%M}"
    if told[0] == told[1]:
        told = f"{since:%Y-%m-%d %H:%M:%S}", f"{until:%Y-%m-%d %H:%M:%S}"
    return f"{' and '.join(told)} UTC"
