"""The life of a gap, from where polling found it to its end.

1. It is open. A backfill is begun for it, of the time that it spans and some before and behind.
2. That ends, and the gap is `closed` or `not closable`; where its archives failed, or somebody stopped it, it is taken
   up every few hours, until it closes the gap or is told to have tried for long enough.
3. One that was cancelled leaves its gap open, and nothing else is begun for it.
4. Where its feed is removed, it is forgotten.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, delete, func, or_, select, update

from ingest.core.backfill import ADDRESSES_ALONE, gap_after
from ingest.edge.store.feeds import ENABLED
from ingest.edge.store.partial import is_running
from ingest.edge.store.tables import backfills, entries, feeds, gaps
from ingest.model import Backfill, BackfillSpec

LATE = dt.timedelta(hours=1)
"""How long after its publication an article may appear in its feed; what is known costs nothing."""
STALE = dt.timedelta(days=7)
"""How long a cache may give a feed as it was: what it listed last lies that far back at most."""
ONE_SECOND = dt.timedelta(seconds=1)
"""What dates of feeds are exact to."""
TRIED_EVERY = dt.timedelta(hours=6)
"""How often it is tried to close a gap whose archives fail."""
RUNS = backfills.alias("runs")


def untried() -> Select[tuple[object, ...]]:
    """Open gaps of feeds that are watched, the oldest first, which no backfill is for."""
    tried = select(backfills.c.gap_id).where(backfills.c.gap_id.is_not(None))
    busy = select(backfills.c.feed_id).where(is_running(backfills))
    return (
        select(gaps, feeds.c.full_text)
        .join_from(gaps, feeds)
        .where(gaps.c.state == "open", ~feeds.c.removed, ENABLED)
        .where(gaps.c.id.not_in(tried), gaps.c.feed_id.not_in(busy))
        .order_by(gaps.c.id)
    )


def wanted(connection: Connection, via: Sequence[str]) -> BackfillSpec | None:
    """What closes the oldest gap that nobody tried to close, by these kinds of archives; None without a gap."""
    gap = connection.execute(untried().limit(1)).mappings().first()
    if gap is None:
        return None
    since, until = _range_of(connection, gap)
    via = [kind for kind in via if gap["full_text"] != "never" or kind not in ADDRESSES_ALONE]
    what = {"feed_id": gap["feed_id"], "since": since, "until": until, "gap_id": gap["id"], "via": via}
    return BackfillSpec.model_validate(what)


def _range_of(connection: Connection, gap: RowMapping) -> tuple[dt.datetime, dt.datetime]:
    """Where a backfill for a gap begins and ends.

    What was listed last before the gap, or the poll that saw it, is where it begins, whichever is earlier.
    """
    before = (entries.c.feed_id == gap["feed_id"], entries.c.via == "", entries.c.seen_at <= gap["since"])
    last = connection.scalar(select(func.max(entries.c.recency)).where(*before)) or gap["since"]
    since = max(gap["since"] - STALE, min(last, gap["since"] - LATE))
    return since, gap["until"] + ONE_SECOND  # what shares its second with the oldest still listed is missing too


def goes_on(now: dt.datetime) -> ColumnElement[bool]:
    """Backfills that the daemon goes on with: what is running, and for a gap that is still open what failed, or was
    stopped."""
    busy = select(RUNS.c.feed_id).where(is_running(RUNS))
    unclosed = select(gaps.c.id).where(gaps.c.state == "open")
    ended = and_(backfills.c.state.in_(("failed", "stopped")), backfills.c.gap_id.in_(unclosed))
    again = and_(ended, backfills.c.finished_at <= now - TRIED_EVERY, backfills.c.feed_id.not_in(busy))
    return or_(is_running(backfills), again)


def end(connection: Connection, run: Backfill, now: dt.datetime) -> None:
    """What becomes of the gap, if any, that a backfill was for which has just ended."""
    if run.spec.gap_id is not None and (state := gap_after(run, now)):
        connection.execute(update(gaps).where(gaps.c.id == run.spec.gap_id).values(state=state))


def forget(connection: Connection, feed_id: int) -> None:
    """Those of a removed feed that are open. Their ids may be given again: no backfill keeps them."""
    unclosed = (gaps.c.feed_id == feed_id, gaps.c.state == "open")
    tried = update(backfills).where(backfills.c.gap_id.in_(select(gaps.c.id).where(*unclosed)))
    connection.execute(tried.values(gap_id=None))
    connection.execute(delete(gaps).where(*unclosed))
