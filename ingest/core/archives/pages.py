"""A page of an archive, sorted by the range that is looked for."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from ingest.model import Entry, Found
from ingest.ports import Search


class Listing(NamedTuple):
    """What one page lists."""

    found: tuple[Found, ...]
    """What lies within the range, or has no date to tell it by."""
    outside: int
    oldest: dt.datetime | None


def listing(entries: Sequence[Entry], search: Search) -> Listing:
    """The entries of a page by the dates that they bear."""
    listed = [Found(entry, at=dated(entry)) for entry in entries]
    found = tuple(one for one in listed if one.at is None or not (search.is_before(one.at) or search.is_after(one.at)))
    return Listing(found, len(listed) - len(found), oldest(entries))


def is_past(entries: Sequence[Entry], search: Search) -> bool:
    """Whether a page as a whole lies before the range: then so do the pages behind it.

    One date may be wrong, and entries may stand in any order (RFC 5005, section 4), so that it takes all that are
    dated, and most of all.
    """
    dates = [at for entry in entries if (at := dated(entry))]
    return 2 * len(dates) > len(entries) and all(map(search.is_before, dates))


def oldest(entries: Sequence[Entry]) -> dt.datetime | None:
    """The oldest date on a page."""
    return min((at for entry in entries if (at := dated(entry))), default=None)


def dated(entry: Entry) -> dt.datetime | None:
    """When it was published; where that is not said, when it was changed."""
    stated = entry.published or entry.updated
    return stated.at if stated else None


def digest(entries: Sequence[Entry]) -> str:
    """What tells a page by its entries, in whatever order they stand; empty for a page without any.

    Ids may be the same for all of a feed, and queries change from answer to answer where readers are counted.
    """
    names = sorted({f"{entry.guid} {entry.url.partition('?')[0]} {entry.title}" for entry in entries})
    return hashlib.blake2b("\0".join(names).encode("utf-8", "replace"), digest_size=8).hexdigest() if names else ""
