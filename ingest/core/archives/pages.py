"""A page of an archive, sorted by the range that is looked for."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ingest.model import Entry, Found
from ingest.ports import Search

OUTLIERS = 2
"""Dates of a list that may be far from the others."""

FAR = dt.timedelta(days=30)
"""Between two dates of one page; few papers are silent for so long."""


class Listing(NamedTuple):
    """What of one page, or list, is of use."""

    found: tuple[Found, ...]
    """What lies within the range, or has no date to tell it by."""
    outside: int
    oldest: dt.datetime | None
    """How far back it goes, by what it lists outside too."""


def listing(entries: Sequence[Entry], search: Search, front: bool = False) -> Listing:
    """The entries of a page by the dates that they bear.

    Args:
        front: it is the first page, where old entries may be pinned.
    """
    found = tuple(Found(entry, at=dated(entry)) for entry in entries if not _is_outside(entry, search))
    back_to = reach(filter(None, map(dated, entries))) if front else oldest(entries)
    return Listing(found, len(entries) - len(found), back_to)


def _is_outside(entry: Entry, search: Search) -> bool:
    """By its publication; by its last change only where that lies before the range: nothing is published after it."""
    at = dated(entry)
    return at is not None and (search.is_before(at) or (entry.published is not None and search.is_after(at)))


def is_past(entries: Sequence[Entry], search: Search) -> bool:
    """Whether a page as a whole lies before the range: then so do the pages behind it.

    One date may be wrong, and entries may stand in any order (RFC 5005, section 4), so that it takes all that are
    dated, and most of all.
    """
    dates = [at for entry in entries if (at := dated(entry))]
    return 2 * len(dates) > len(entries) and all(map(search.is_before, dates))


def reach(dates: Iterable[dt.datetime]) -> dt.datetime | None:
    """How far back a list goes that holds these dates: beyond one or two that are pinned there, or lie."""
    found = sorted(dates)
    return found[min(OUTLIERS, len(found) // 2)] if found else None


def oldest(entries: Sequence[Entry]) -> dt.datetime | None:
    """The oldest date on a page, but for one that is far from all others, which is wrong, or of a pinned entry."""
    dates = sorted(at for entry in entries if (at := dated(entry)))
    if len(dates) > 1 and dates[1] - dates[0] > max(FAR, dates[-1] - dates[1]):
        return dates[1]
    return dates[0] if dates else None


def dated(entry: Entry) -> dt.datetime | None:
    """When it was published; where that is not said, when it was changed."""
    stated = entry.published or entry.updated
    return stated.at if stated else None


def digest(entries: Sequence[Entry]) -> str:
    """What tells a page by its entries, in whatever order they stand; empty for a page without any.

    Ids may be the same for all of a feed, and queries change from answer to answer where readers are counted: they are
    left out, unless entries of the page differ in nothing else.
    """
    plain = {f"{entry.guid} {entry.url.partition('?')[0]} {entry.title}" for entry in entries}
    whole = {f"{entry.guid} {entry.url} {entry.title}" for entry in entries}
    names = "\0".join(sorted(plain if len(plain) == len(whole) else whole))
    return hashlib.blake2b(names.encode("utf-8", "replace"), digest_size=8).hexdigest() if entries else ""
