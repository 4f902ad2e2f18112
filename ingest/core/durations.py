"""How people write spans of time and amounts of bytes: a whole number with its unit, never a bare number.

Durations: `w d h m s`, the greater unit first, each at most once: `20s`, `1h30m`, `30d`.
Sizes: `B`; `kB MB GB` are powers of 1000 (as on a disk's label), `KiB MiB GiB` powers of 1024.
"""

import datetime as dt
import re

_DURATION = re.compile(
    r"(?:(?P<weeks>[0-9]+)w)?(?:(?P<days>[0-9]+)d)?(?:(?P<hours>[0-9]+)h)?(?:(?P<minutes>[0-9]+)m)?(?:(?P<seconds>[0-9]+)s)?"
)
_SIZE = re.compile(r"(?P<number>[0-9]{1,15})(?P<unit>[A-Za-z]+)")
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_LONGEST = dt.timedelta(days=36_500)


def parse_duration(text: str) -> dt.timedelta:
    """The span of time that `text` writes, at most a hundred years.

    Raises:
        ValueError: it is no duration; the message says what would be one.
    """
    match = _DURATION.fullmatch(text)
    if not text or not match:
        raise ValueError(f"{text!r} is no duration; write a whole number with its unit, such as 20s, 15m, 1h30m or 30d")
    try:
        span = dt.timedelta(**{unit: int(number) for unit, number in match.groupdict().items() if number})
    except (OverflowError, ValueError) as error:  # more digits than Python converts
        raise ValueError(f"{text[:20]!r}… is longer than a hundred years") from error
    if span > _LONGEST:
        raise ValueError(f"{text!r} is longer than a hundred years")
    return span


def parse_size(text: str) -> int:
    """The number of bytes that `text` writes.

    Raises:
        ValueError: it is no size; the message says what would be one.
    """
    match = _SIZE.fullmatch(text)
    factor = _BYTES.get(match["unit"].lower()) if match else None
    if not match or factor is None:
        raise ValueError(f"{text!r} is no size; write a whole number with its unit, such as 512kB, 10MB or 1GiB")
    return int(match["number"]) * factor
