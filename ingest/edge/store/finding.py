"""Which stored stories a draft may be: what settle is told of.

By its addresses, by its text, by likeness; and where a story that it is like belongs to a cluster, the origin of that.
Where the draft appeared before an origin it may take its place: then all copies of that origin are told too.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, select

from ingest.edge.store import likeness_index
from ingest.edge.store.addresses import addresses, own
from ingest.edge.store.columns import Utc
from ingest.edge.store.rows import columns, noun
from ingest.edge.store.tables import aliases, stories
from ingest.model import Candidate, Draft

_TOLD = (stories.c.id.label("story_id"), *columns(stories, Candidate))

AT_ADDRESSES = (
    select(aliases.c.url_key, aliases.c.proven, *_TOLD)
    .join_from(aliases, stories)
    .where(aliases.c.url_key.in_(bindparam("url_keys", expanding=True)))
)
OWN_TEXT = select(*_TOLD).where(
    stories.c.publisher == bindparam("publisher"), stories.c.text_hash == bindparam("text_hash")
)
WITH_TEXT = (
    select(*_TOLD)
    .where(
        stories.c.text_hash == bindparam("text_hash"),
        stories.c.appeared_at.between(bindparam("since", type_=Utc), bindparam("until", type_=Utc)),
    )
    .order_by(stories.c.appeared_at, stories.c.id)
    .limit(likeness_index.OFTEN)
)
WITH_IDS = select(*_TOLD).where(stories.c.id.in_(bindparam("ids", expanding=True)))
COPIES = select(*_TOLD).where(stories.c.duplicate_of == bindparam("origin"))
"""Built once: they run for every story."""


@dataclass(frozen=True)
class Found:
    """What was found for a draft."""

    candidates: list[Candidate]
    """Each once, by the strongest of what led to it."""
    known: dict[str, bool]
    """Those addresses of the draft that a story has already, and whether they are proven."""


def find(connection: Connection, draft: Draft, appeared_at: dt.datetime, window: dt.timedelta) -> Found:
    """All that settle is told of, as it is now."""
    at_addresses = connection.execute(AT_ADDRESSES, {"url_keys": addresses(draft)}).mappings().all()
    found = _alike(connection, draft, appeared_at, window, at_addresses)
    _add_clusters(connection, found, appeared_at)
    return Found(list(found.values()), {row["url_key"]: row["proven"] for row in at_addresses})


def others(
    connection: Connection,
    story_id: str,
    draft: Draft,
    appeared_at: dt.datetime,
    window: dt.timedelta,
    kin: Collection[str],
) -> list[Candidate]:
    """All that a story which lies here already may be a copy of, or the other way round: its kin, and what is found.

    Its addresses lead to nothing but itself.
    """
    found = _alike(connection, draft, appeared_at, window, ())
    _add(found, "cluster", _rows(connection, WITH_IDS, ids=sorted(set(kin) - found.keys())))
    found.pop(story_id, None)
    _add_clusters(connection, found, appeared_at)
    found.pop(story_id, None)
    return list(found.values())


def _alike(
    connection: Connection,
    draft: Draft,
    appeared_at: dt.datetime,
    window: dt.timedelta,
    at_addresses: Sequence[RowMapping],
) -> dict[str, Candidate]:
    """What addresses, text and likeness lead to."""
    found: dict[str, Candidate] = {}
    ours = own(draft)
    _add(found, "url", [row for row in at_addresses if row["proven"] and row["url_key"] in ours])
    _add(found, "canonical", at_addresses)
    if (text := draft.fingerprint.text_hash) is not None:
        span = {"since": appeared_at - window, "until": appeared_at + window}
        _add(found, "text", _rows(connection, OWN_TEXT, publisher=draft.publisher, text_hash=text))
        _add(found, "text", _rows(connection, WITH_TEXT, text_hash=text, **span))
    alike = likeness_index.like(connection, draft.fingerprint, appeared_at, window)
    _add(found, "likeness", _rows(connection, WITH_IDS, ids=[one for one in alike if one not in found]))
    return found


def stored(connection: Connection, story_id: str) -> Candidate:
    """A story as what the draft of its own page may be."""
    row = connection.execute(WITH_IDS, {"ids": [story_id]}).mappings().one()
    return noun(Candidate, row, matched="url")


def _add_clusters(connection: Connection, found: dict[str, Candidate], appeared_at: dt.datetime) -> None:
    origins = {one.duplicate_of for one in found.values() if one.duplicate_of} - found.keys()
    _add(found, "cluster", _rows(connection, WITH_IDS, ids=sorted(origins)))
    later = [one.story_id for one in found.values() if one.duplicate_of is None and one.appeared_at >= appeared_at]
    for origin in later:
        _add(found, "cluster", _rows(connection, COPIES, origin=origin))


def _add(found: dict[str, Candidate], matched: str, rows: Iterable[RowMapping]) -> None:
    for row in rows:
        if row["story_id"] not in found:
            found[row["story_id"]] = noun(Candidate, row, matched=matched)


def _rows(connection: Connection, query: Select[Any], **values: object) -> Sequence[RowMapping]:
    """Nothing is asked where there is nothing to ask for."""
    return connection.execute(query, values).mappings().all() if all(values.values()) else ()
