"""Entries that are looked at, by what they may be known again by, and what is written of them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, case, or_, select

from ingest.core.dedupe.edition import edition
from ingest.core.dedupe.identity import EntryKeys, KnownEntry, entry_keys
from ingest.core.dedupe.url import publisher
from ingest.edge.store.partial import is_left_out, is_pending
from ingest.edge.store.rows import packed
from ingest.edge.store.tables import entries
from ingest.model import Entry

CHUNK = 400
"""Entries that are looked up with one query: two parameters each, where older builds of SQLite allow 999."""

CANDIDATE = (
    *("id", "guid", "url", "url_key", "title_key", "seen_at", "recency"),
    *("state", "edition", "edited_at", "check_at", "backfill_id", "via"),
)


UNCHECKED = {"checks": 0, "page_etag": "", "page_last_modified": "", "page_missing": False}
NEW = {"state": "pending", "attempts": 0, "why": "", **UNCHECKED}
"""Of an entry that is new."""


class Keyed(NamedTuple):
    """An entry with what must be known of it to compare it."""

    entry: Entry
    keys: EntryKeys
    edition: str


def keyed(feed_id: int, found: Sequence[Entry]) -> list[Keyed]:
    """Entries with their keys; costs time, so that it is done before the transaction."""
    return [Keyed(entry, entry_keys(entry, feed_id), edition(entry)) for entry in found]


def candidates(connection: Connection, feed_id: int, keys: Sequence[EntryKeys]) -> list[Row[Any]]:
    """The entries of a feed that share an id or an address with these; the data only of those that still wait, or were
    left out of a backfill.

    The feed stands in a sum, lest SQLite look through all its entries: without statistics it takes each column for as
    selective as the next.
    """
    columns = (entries.c[name] for name in CANDIDATE)
    known = select(
        *columns, case((or_(is_pending(entries), is_left_out(entries)), entries.c.data)).label("data")
    ).where(entries.c.feed_id + 0 == feed_id)
    found: list[Row[Any]] = []  # Any: rows have no type of their own
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        same_guid = entries.c.guid.in_([key.guid for key in chunk])
        same_url = entries.c.url_key.in_([key.url_key for key in chunk])
        found += connection.execute(known.where(or_(same_guid, same_url)))
    return found


def known_entry(row: Row[*tuple[Any, ...]]) -> KnownEntry:  # Any: rows have no type of their own
    return KnownEntry(row.id, EntryKeys(row.guid, row.url, row.url_key, row.title_key))


def values_of(shown: Keyed, seen_at: dt.datetime) -> dict[str, object]:
    entry = shown.entry
    published_at = entry.published.at if entry.published else None
    return {
        **asdict(shown.keys),
        "publisher": publisher(entry.url),
        "published_at": published_at,
        "recency": published_at or seen_at,
        "edition": shown.edition,
        "data": packed(entry),
    }
