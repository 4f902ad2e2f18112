"""Figures, retention, and whether the database is sound."""

import datetime as dt
from statistics import median

from sqlalchemy import Connection, FromClause, and_, delete, func, or_, select, text

from ingest.edge.store.changes import last
from ingest.edge.store.leases import Holder
from ingest.edge.store.outages import seen_outage
from ingest.edge.store.partial import is_copy, is_pending, is_running, is_unfinished
from ingest.edge.store.rows import noun
from ingest.edge.store.tables import backfills, entries, entry_pages, raw_pages, stories
from ingest.model import Failure, Totals, Wall

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)

PRUNED_AT_ONCE = 500
"""Pages a transaction; the first prune after a long time would hold up every other write for minutes."""

INVARIANTS = {
    "entries that are leased and have no work before them": """
        SELECT id FROM entries WHERE state <> 'pending' AND check_at IS NULL AND lease_owner IS NOT NULL""",
    "entries without a story that are to be looked at again": """
        SELECT id FROM entries WHERE story_id IS NULL AND check_at IS NOT NULL""",
    "pending entries of removed feeds": """
        SELECT entries.id FROM entries JOIN feeds ON feeds.id = feed_id WHERE state = 'pending' AND removed""",
    "stories that no entry has": """
        SELECT id FROM stories WHERE id NOT IN (SELECT story_id FROM entries WHERE story_id IS NOT NULL)""",
    "stories whose seq is not that of their last change": """
        SELECT id FROM stories
        WHERE seq <> COALESCE((SELECT MAX(seq) FROM changes WHERE story_id = stories.id), 0)""",
    "stories whose version is not that of their last change": """
        SELECT stories.id FROM stories JOIN changes ON changes.seq = stories.seq
        WHERE changes.version <> stories.version""",
    "stories without a cluster": """
        SELECT id FROM stories WHERE cluster NOT IN (SELECT id FROM stories)""",
    "copies whose origin is a copy itself, or of another cluster": """
        SELECT copy.id FROM stories AS copy JOIN stories AS origin ON origin.id = copy.duplicate_of
        WHERE origin.duplicate_of IS NOT NULL OR origin.cluster <> copy.cluster""",
    "feeds without a state": """
        SELECT id FROM feeds WHERE id NOT IN (SELECT feed_id FROM feed_states)""",
}
"""What must never be found, and no constraint prevents → the query that finds it."""


def totals(connection: Connection, holder: Holder, now: dt.datetime, size: int) -> Totals:
    """The figures of `ingest status`."""
    waiting = (
        select(
            func.count().filter(is_pending(entries)),
            func.count().filter(is_pending(entries), ~holder.free(connection, entries, now)),
            func.count().filter(~is_pending(entries)),
        )
        .select_from(entries)
        .where(is_unfinished(entries))
    )
    pending, leased, failed = connection.execute(waiting).one()
    return Totals(
        stories=_count(connection, stories),
        stories_last_hour=_seen_since(connection, now - HOUR),
        stories_last_day=_seen_since(connection, now - DAY),
        copies=connection.scalar(select(func.count()).where(is_copy(stories))) or 0,
        walls=_walls(connection, now - DAY),
        entries=_count(connection, entries),
        pending=pending,
        leased=leased,
        failed=failed,
        lag_s=_lag_s(connection, now - DAY),
        failures=_failures(connection),
        bytes=size,
        seq=last(connection),
        backfills=connection.scalar(select(func.count()).where(is_running(backfills))) or 0,
        outage=seen_outage(connection, holder, now),
    )


def prune(connection: Connection, raw_before: dt.datetime) -> int:
    """Drop some of the raw pages fetched before a time; returns how many, 0 when none is left."""
    old = select(raw_pages.c.story_id).where(raw_pages.c.fetched_at < raw_before).limit(PRUNED_AT_ONCE)
    return connection.execute(delete(raw_pages).where(raw_pages.c.story_id.in_(old))).rowcount


def prune_entry_pages(connection: Connection, failed_before: dt.datetime) -> int:
    """Drop some of the pages that archives brought with entries; returns how many, 0 when all that are left have a use.

    Without one are those of entries that have their story, that their feed took over, or that failed in a backfill
    which ended before a time: until then it may try them again.
    """
    failed = and_(entries.c.state == "failed", backfills.c.finished_at < failed_before)
    useless = or_(entries.c.state == "stored", entries.c.backfill_id.is_(None), failed)
    kept = select(entry_pages.c.entry_id).join_from(entry_pages, entries)
    some = kept.outerjoin(backfills, backfills.c.id == entries.c.backfill_id).where(useless).limit(PRUNED_AT_ONCE)
    return connection.execute(delete(entry_pages).where(entry_pages.c.entry_id.in_(some))).rowcount


def touch(connection: Connection) -> None:
    """A write that changes nothing and still has to reach the disk."""
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def broken_invariants(connection: Connection) -> list[str]:
    """A line for each invariant that does not hold, with examples."""
    found = {what: connection.scalars(text(query)).fetchmany(4) for what, query in INVARIANTS.items()}
    return [
        f"{what}: {', '.join(map(str, ids[:3]))}{', …' if len(ids) > 3 else ''}" for what, ids in found.items() if ids
    ]


def _count(connection: Connection, table: FromClause) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _seen_since(connection: Connection, since: dt.datetime) -> int:
    return connection.scalar(select(func.count()).where(stories.c.first_seen_at >= since)) or 0


def _walls(connection: Connection, since: dt.datetime) -> tuple[Wall, ...]:
    count = func.count().label("count")
    query = select(stories.c.problem, count).where(stories.c.first_seen_at >= since, stories.c.problem != "")
    rows = connection.execute(query.group_by(stories.c.problem).order_by(count.desc(), stories.c.problem))
    return tuple(noun(Wall, row) for row in rows.mappings())


def _lag_s(connection: Connection, since: dt.datetime) -> float | None:
    dated = (stories.c.first_seen_at >= since, stories.c.published_at.is_not(None), stories.c.via == "")
    rows = connection.execute(select(stories.c.first_seen_at, stories.c.published_at).where(*dated)).all()
    return median((seen - published).total_seconds() for seen, published in rows) if rows else None


def _failures(connection: Connection) -> tuple[Failure, ...]:
    told = (is_unfinished(entries), entries.c.why != "")
    rows = connection.execute(
        select(entries.c.state, entries.c.why, func.count().label("count"))
        .where(*told)
        .group_by(entries.c.state, entries.c.why)
        .order_by(func.count().desc(), entries.c.why)
        .limit(10)
    ).mappings()
    return tuple(noun(Failure, row) for row in rows)
