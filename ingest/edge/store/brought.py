"""The entries that archives bring: written down, leased to whoever works on their backfill, and forgotten.

What lies outside of the range of a backfill is counted, and known until that ends, so that its page is asked for once;
then it is forgotten: another range may want it. What its feed showed before is bounded by no range.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Select, and_, delete, insert, or_, select, update

from ingest.core.backfill import UNDATED
from ingest.core.dedupe.identity import KnownEntries, KnownEntry
from ingest.edge.store import collection, outcomes
from ingest.edge.store.known import NEW, Keyed, candidates, known_entry, values_of
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.partial import LEFT_OUT, is_brought, is_left_out, is_pending
from ingest.edge.store.rows import packed_page
from ingest.edge.store.tables import backfills, entries, entry_pages
from ingest.model import Backfill, Found, Outcome, PendingEntry
from ingest.ports import Shares

PATIENCE = dt.timedelta(minutes=1)
"""How long entries of feeds go before: what nobody takes for longer waits for a daemon that does not run."""


def write_down(
    connection: Connection, run: Backfill, shown: Sequence[tuple[Keyed, Found]], now: dt.datetime
) -> tuple[Collection[int], int]:
    """(ids of the entries that are to be collected, how many there is nothing to do for).

    What failed before this backfill is tried again; what waits in one that was stopped, or was left out of it, is this
    one's now. What this one brought before is not counted again.
    """
    rows = candidates(connection, run.feed_id, [one.keys for one, _ in shown])
    of_others = [row for row in rows if row.backfill_id != run.id]
    of_feed = {row.id for row in of_others if not row.via}
    idle = {row.id for row in of_others if row.state == "failed" or (row.data is not None and row.backfill_id)}
    ours = {row.id for row in rows if row.backfill_id == run.id}
    known = KnownEntries(known_entry(row) for row in rows)
    wanted: dict[int, Found] = {}
    listed_before = 0
    for one, found in shown:
        before = known.find(one.keys)
        if before is None:
            values = _values(run, one, found, now) | {"feed_id": run.feed_id, "seen_at": now, **NEW}
            entry_id = connection.execute(insert(entries).returning(entries.c.id), values).scalar_one()
        elif before.id in idle:
            entry_id = before.id
            again = _values(run, one, found, now) | {"state": "pending", "attempts": 0, "why": ""}
            again |= {"via": ""} if before.id in of_feed else {}
            connection.execute(update(entries).where(entries.c.id == entry_id).values(again))
            idle.discard(entry_id)
        else:
            listed_before += before.id in ours
            continue
        wanted[entry_id] = found
        ours.add(entry_id)
        if before is None:
            known.add(KnownEntry(entry_id, one.keys))
    _keep_pages(connection, wanted)
    return wanted.keys(), len(shown) - len(wanted) - listed_before


def _keep_pages(connection: Connection, wanted: Mapping[int, Found]) -> None:
    """Put the pages that were brought beside their entries; what another archive brought before says nothing now."""
    connection.execute(delete(entry_pages).where(entry_pages.c.entry_id.in_(wanted.keys())))
    pages = [{"entry_id": key, "response": packed_page(one.page)} for key, one in wanted.items() if one.page]
    if pages:
        connection.execute(insert(entry_pages), pages)


def _values(run: Backfill, one: Keyed, found: Found, now: dt.datetime) -> dict[str, object]:
    brought = {"backfill_id": run.id, "via": run.via, "archive_at": found.at, "copy_url": found.copy_url}
    recency = {} if one.entry.published else {"recency": found.at or now}
    return values_of(one, now) | brought | recency | {"due_at": now}


def due(run: Backfill, now: dt.datetime) -> Select[tuple[object, ...]]:
    waiting = (is_brought(entries), entries.c.backfill_id == run.id, is_pending(entries), entries.c.due_at <= now)
    newest = (entries.c.recency.desc(), entries.c.id.desc())
    return select(entries.c.id, entries.c.publisher).where(*waiting).order_by(*newest)


def lease(
    connection: Connection,
    holder: Holder,
    now: dt.datetime,
    due: Select[tuple[object, ...]],
    limit: int,
    shares: Shares,
) -> list[PendingEntry]:
    busy = collection.busy(connection, holder, now, None, shares, PATIENCE)
    ids = collection.lease_after(connection, holder, now, due, limit, shares, busy)
    return collection.pending_of(connection, ids)


def leave_out(connection: Connection, holder: Holder, pending: PendingEntry, why: str) -> Outcome:
    if pending.brought is None or not outcomes.is_ours(connection, holder, pending):
        return outcomes.lost(pending)
    if outcomes.is_the_feeds(connection, pending):
        return outcomes.given_back(connection, pending)
    gone = update(entries).where(entries.c.id == pending.id)
    connection.execute(gone.values(state="failed", why=LEFT_OUT, **FREED))
    connection.execute(delete(entry_pages).where(entry_pages.c.entry_id == pending.id))
    name = "undated" if why == UNDATED else "left"
    of_run = update(backfills).where(backfills.c.id == pending.brought.backfill_id)
    connection.execute(of_run.values({name: backfills.c[name] + 1}))
    return outcomes.with_page_counted(connection, pending, Outcome(entry_id=pending.id, state="left out", why=why))


def end(connection: Connection, backfill_id: int) -> None:
    """Forget what waits in a backfill and what was left out of it; what its feed showed goes back to that."""
    of_run = and_(is_brought(entries), entries.c.backfill_id == backfill_id)
    shown = update(entries).where(of_run, is_pending(entries), entries.c.via == "")
    connection.execute(shown.values(backfill_id=None, archive_at=None, copy_url="", **FREED))
    useless = select(entries.c.id).where(of_run, or_(is_pending(entries), is_left_out(entries)))
    _forget(connection, connection.scalars(useless).all())


def _forget(connection: Connection, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        connection.execute(delete(entry_pages).where(entry_pages.c.entry_id.in_(some)))
        connection.execute(delete(entries).where(entries.c.id.in_(some)))
