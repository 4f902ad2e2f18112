"""The figures of `ingest status`."""

import datetime as dt
from statistics import median

from sqlalchemy import Connection, FromClause, func, select

from ingest.edge.store.changes import last
from ingest.edge.store.leases import Holder
from ingest.edge.store.outages import seen_outage
from ingest.edge.store.partial import is_copy, is_left_out, is_pending, is_running, is_unfinished
from ingest.edge.store.rows import noun
from ingest.edge.store.tables import backfills, entries, stories
from ingest.model import Failure, Totals, Wall

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


def totals(connection: Connection, holder: Holder, now: dt.datetime, size: int) -> Totals:
    """The figures of `ingest status`."""
    waiting = (
        select(
            func.count().filter(is_pending(entries)),
            func.count().filter(is_pending(entries), ~holder.free(connection, entries, now)),
            func.count().filter(~is_pending(entries), ~is_left_out(entries)),
            func.count().filter(is_left_out(entries)),
        )
        .select_from(entries)
        .where(is_unfinished(entries))
    )
    pending, leased, failed, outside = connection.execute(waiting).one()
    return Totals(
        stories=_count(connection, stories),
        stories_last_hour=_seen_since(connection, now - HOUR),
        stories_last_day=_seen_since(connection, now - DAY),
        copies=connection.scalar(select(func.count()).where(is_copy(stories))) or 0,
        walls=_walls(connection, now - DAY),
        entries=_count(connection, entries) - outside,
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
    told = (is_unfinished(entries), entries.c.why != "", ~is_left_out(entries))
    rows = connection.execute(
        select(entries.c.state, entries.c.why, func.count().label("count"))
        .where(*told)
        .group_by(entries.c.state, entries.c.why)
        .order_by(func.count().desc(), entries.c.why)
        .limit(10)
    ).mappings()
    return tuple(noun(Failure, row) for row in rows)
