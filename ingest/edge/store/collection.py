"""Which pending entries are collected next.

Rule 1: the feeds take turns. Each feed's freshest entry goes first; what is left to take is shared equally among the
  feeds that have more, and so on, so that a feed with a thousand new entries does not keep the others waiting.
Rule 2: no publisher has more in hand than its share, whichever feeds its entries come from.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, true, update

from ingest.edge.store import feeds as feed_rows
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.partial import is_pending
from ingest.edge.store.rows import UNREADABLE, unpacked, unpacked_page
from ingest.edge.store.shares import taken_up, with_more, within
from ingest.edge.store.tables import backfills, entries, entry_pages, feeds
from ingest.model import BackfillSpec, Brought, PendingEntry
from ingest.ports import Shares

LOOK_AHEAD = 8
"""How many times more entries than wanted are looked at, to find some whose publishers are not taken up."""
FRESH = entries.alias("fresh")


def lease(
    connection: Connection,
    holder: Holder,
    now: dt.datetime,
    limit: int,
    only: Sequence[int] | None,
    due_by: dt.datetime | None,
    shares: Shares,
) -> list[PendingEntry]:
    """Lease entries that are due, turn by turn (rule 1); costs nothing for those that stay behind."""
    free = and_(holder.free(connection, FRESH, now), FRESH.c.backfill_id.is_(None))
    ids: list[int] = []
    givers, each = only, 1
    while left := limit - len(ids):
        among = true() if givers is None else feeds.c.id.in_(givers)
        turn = _turn(due_by or now, and_(free, FRESH.c.publisher.not_in(taken_up(shares))), each)
        offered = connection.execute(turn.where(among).limit(left)).all()
        if not offered:
            break
        taken = within(shares, offered)
        shares = with_more(shares, taken)
        connection.execute(update(entries).where(entries.c.id.in_([row.id for row in taken])).values(holder.lease(now)))
        ids += [row.id for row in taken]
        givers = list({row.feed_id for row in offered})
        each = max(1, (limit - len(ids)) // len(givers))
    return pending_of(connection, ids)


def busy(
    connection: Connection,
    holder: Holder,
    now: dt.datetime,
    only: Sequence[int] | None,
    shares: Shares,
    patience: dt.timedelta | None = None,
) -> list[str] | None:
    """The publishers with pending entries of feeds that are due; None where one of these could be taken now.

    For all work that comes after theirs.

    Args:
        patience: how long it is waited for somebody to take an entry that is due; None: for ever.
    """
    free = holder.free(connection, entries, now)
    fresh = true() if patience is None else entries.c.due_at > now - patience
    waiting = connection.execute(
        select(
            entries.c.publisher,
            func.count().filter(free, fresh, entries.c.due_at <= now).label("due"),
            func.count().filter(~free).label("held"),
        )
        .where(is_pending(entries), entries.c.backfill_id.is_(None))
        .where(true() if only is None else entries.c.feed_id.in_(only))
        .group_by(entries.c.publisher)
    ).all()
    due = [row for row in waiting if row.due]
    return None if any(row.held < shares.each for row in due) else [row.publisher for row in due]


def lease_after(
    connection: Connection,
    holder: Holder,
    now: dt.datetime,
    due: Select[tuple[object, ...]],
    limit: int,
    shares: Shares,
    busy: Sequence[str] | None,
) -> list[int]:
    """Lease entries that come after the pending ones of feeds: the ids of up to `limit` of those that are due.

    Args:
        due: their ids and publishers, in the order in which they are leased.
        busy: as the function of this name gives it.
    """
    if busy is None:
        return []
    free = (holder.free(connection, entries, now), entries.c.publisher.not_in([*busy, *taken_up(shares)]))
    offered = connection.execute(due.where(*free).limit(limit * LOOK_AHEAD)).all()
    ids = [row.id for row in within(shares, offered)][:limit]
    connection.execute(update(entries).where(entries.c.id.in_(ids)).values(holder.lease(now)))
    return ids


def held_elsewhere(connection: Connection, holder: Holder, now: dt.datetime, only: Sequence[int] | None) -> int:
    """How many pending entries others hold."""
    held = entries.c.lease_owner
    of = true() if only is None else entries.c.feed_id.in_(only)
    theirs = (is_pending(entries), held.is_not(None), held != holder.owner, ~holder.free(connection, entries, now), of)
    return connection.scalar(select(func.count()).select_from(entries).where(*theirs)) or 0


def _turn(now: dt.datetime, free: ColumnElement[bool], each: int) -> Select[tuple[object, ...]]:
    """The freshest entries of each feed, `each` at most, the freshest first, as they lie in `ix_entries_pending`."""
    freshest = (
        select(FRESH.c.id)
        .where(FRESH.c.feed_id == feeds.c.id, is_pending(FRESH), FRESH.c.due_at <= now, free)
        .order_by(FRESH.c.recency.desc(), FRESH.c.id.desc())
        .limit(each)
        .correlate(feeds)
    )
    return (
        select(entries.c.id, entries.c.feed_id, entries.c.publisher)
        .join_from(feeds, entries, entries.c.id.in_(freshest))
        .order_by(entries.c.recency.desc(), entries.c.id.desc())
    )


def pending_of(connection: Connection, ids: Sequence[int]) -> list[PendingEntry]:
    """The entries of these ids, as they are handed to whoever collects them."""
    query = select(entries, backfills.c.spec).outerjoin(backfills, backfills.c.id == entries.c.backfill_id)
    rows = {row.id: row for row in connection.execute(query.where(entries.c.id.in_(ids)))}
    by_id = feed_rows.by_id(connection, list({row.feed_id for row in rows.values()}))
    pages = _pages(connection, [row.id for row in rows.values() if row.backfill_id is not None])
    pending: list[PendingEntry] = []
    for row in (rows[entry_id] for entry_id in ids):
        try:
            entry, brought = unpacked(row.data), _brought(row, pages.get(row.id))
        except UNREADABLE as error:  # one such row would keep all others from being leased
            _fail(connection, row.id, f"its row cannot be read: {type(error).__name__}")
        else:
            of_row = {"id": row.id, "attempts": row.attempts, "seen_at": row.seen_at, "brought": brought}
            pending.append(PendingEntry.model_validate({**of_row, "feed": by_id[row.feed_id], "entry": entry}))
    return pending


def _brought(row: Row[Any], page: bytes | None) -> Brought | None:  # Any: rows have no type of their own
    if row.backfill_id is None:
        return None
    spec = BackfillSpec.model_validate(row.spec)
    return Brought(
        backfill_id=row.backfill_id,
        via=row.via,
        since=spec.since,
        until=spec.until,
        at=row.archive_at,
        copy_url=row.copy_url,
        page=unpacked_page(page) if page else None,
    )


def _pages(connection: Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """The pages that archives brought with these entries."""
    if not ids:
        return {}
    return {
        row.entry_id: row.response
        for row in connection.execute(select(entry_pages).where(entry_pages.c.entry_id.in_(ids)))
    }


def _fail(connection: Connection, entry_id: int, why: str) -> None:
    connection.execute(update(entries).where(entries.c.id == entry_id).values(state="failed", why=why, **FREED))
