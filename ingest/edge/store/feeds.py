"""Feeds as they are read: by id, by name, with their state and counts. A removed feed is seen by none of these but
`ever`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, select, true

from ingest.edge.store.partial import is_left_out, is_wanted
from ingest.edge.store.rows import columns, noun
from ingest.edge.store.tables import entries, feed_states, feeds, gaps, subscriptions
from ingest.model import Feed, FeedState, FeedStatus, Gap

ENABLED = func.coalesce(feeds.c.switched, feeds.c.enabled)
"""What was switched by command goes before what is written."""

ID_DIGITS = 18
"""Decimal digits that always fit into an id of the database."""

PUSHED_UNTIL = (
    select(subscriptions.c.ends_at)
    .where(subscriptions.c.feed_id == feeds.c.id, is_wanted(subscriptions))
    .scalar_subquery()
)
FEED = (*columns(feeds, Feed, ["enabled"]), ENABLED.label("enabled"), PUSHED_UNTIL.label("pushed_until"))
STATE = columns(feed_states, FeedState)


SHOWN = and_(~feeds.c.removed, feeds.c.origin != "files")
"""What lists show."""


def by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Feed]:
    """The feeds of these ids."""
    rows = connection.execute(select(*FEED).where(feeds.c.id.in_(ids), ~feeds.c.removed)).mappings()
    return {row["id"]: noun(Feed, row) for row in rows}


def ever(connection: Connection, feed_id: int) -> Feed:
    """A feed that stories are seen in, removed or not."""
    return noun(Feed, connection.execute(select(*FEED).where(feeds.c.id == feed_id)).mappings().one())


def statuses(connection: Connection, feed_id: int | None = None) -> list[FeedStatus]:
    """All feeds by name, or one."""
    which = true() if feed_id is None else feeds.c.id == feed_id
    rows = connection.execute(
        select(*FEED, *STATE).join_from(feeds, feed_states).where(which, SHOWN).order_by(feeds.c.name)
    ).mappings()
    counts, dropped = _counts(connection, feed_id), _gaps(connection, feed_id)
    return [
        FeedStatus(
            feed=noun(Feed, row),
            state=noun(FeedState, row),
            **(counts.get(row["id"], {}) | dropped.get(row["id"], {})),
        )
        for row in rows
    ]


def find(connection: Connection, reference: str) -> FeedStatus | None:
    """By id, else by name, else by URL."""
    tests = [feeds.c.name == reference, feeds.c.url == reference]
    if reference.isdecimal() and len(reference) <= ID_DIGITS:
        tests.insert(0, feeds.c.id == int(reference))
    for test in tests:
        feed_id = connection.scalar(select(feeds.c.id).where(test, SHOWN).order_by(ENABLED.desc()))
        if feed_id is not None:
            return statuses(connection, feed_id)[0]
    return None


def _counts(connection: Connection, feed_id: int | None) -> dict[int, dict[str, Any]]:  # Any: as below
    which = true() if feed_id is None else entries.c.feed_id == feed_id
    rows = connection.execute(
        select(
            entries.c.feed_id,
            func.count().label("entries"),
            func.count().filter(entries.c.state == "pending").label("pending"),
            func.count().filter(entries.c.state == "failed").label("failed"),
            func.count(entries.c.story_id.distinct()).label("stories"),
        )
        .where(which)
        .group_by(entries.c.feed_id)
    ).mappings()
    counts = {row["feed_id"]: {name: row[name] for name in ("entries", "pending", "failed", "stories")} for row in rows}
    outside = select(entries.c.feed_id, func.count().label("count")).where(which, is_left_out(entries))
    for row in connection.execute(outside.group_by(entries.c.feed_id)):
        of_feed = counts[row.feed_id]
        counts[row.feed_id] = of_feed | {name: of_feed[name] - row[1] for name in ("entries", "failed")}
    return counts


def _gaps(connection: Connection, feed_id: int | None) -> dict[int, dict[str, Any]]:  # Any: fields of a FeedStatus
    """Open gaps by feed, and the last of them; and those that could not be closed."""
    of_feed = true() if feed_id is None else gaps.c.feed_id == feed_id
    lost = select(gaps.c.feed_id, func.count().label("lost")).where(gaps.c.state == "not closable", of_feed)
    found = {row.feed_id: {"lost_gaps": row.lost} for row in connection.execute(lost.group_by(gaps.c.feed_id))}
    which = (gaps.c.state == "open", of_feed)
    counted = select(func.max(gaps.c.id).label("last"), func.count().label("gaps")).where(*which)
    latest = counted.group_by(gaps.c.feed_id).subquery()
    rows = connection.execute(
        select(gaps.c.feed_id, gaps.c.since, gaps.c.until, latest.c.gaps).join(latest, gaps.c.id == latest.c.last)
    )
    for row in rows:
        last = Gap(since=row.since, until=row.until)
        found[row.feed_id] = found.get(row.feed_id, {}) | {"gaps": row.gaps, "last_gap": last}
    return found
