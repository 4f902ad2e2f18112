"""Polls: which feeds are asked next, and what came of it."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, func, insert, select, true, update

from ingest.core import outage
from ingest.core.cadence.failure import OUTAGE
from ingest.core.cadence.gaps import may_be_pinned
from ingest.core.dedupe.identity import KnownEntries, KnownEntry
from ingest.core.dedupe.url import publisher
from ingest.edge.store.columns import Utc
from ingest.edge.store.edits import Told, heed
from ingest.edge.store.feeds import ENABLED, FEED, STATE
from ingest.edge.store.known import NEW, Keyed, candidates, known_entry, values_of
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.partial import is_pending
from ingest.edge.store.rows import of_columns, packed
from ingest.edge.store.shares import taken_up, within
from ingest.edge.store.tables import entries, feed_states, feeds, gaps
from ingest.edge.store.twins import let_go_on, twin_of
from ingest.model import Feed, FeedState, WrittenDown
from ingest.ports import Conclude, Conclusion, Mark, Shares

LOOK_AHEAD = 8
"""How many times more feeds than wanted are looked at, to find some whose hosts are not taken up."""

OF_FEED = {"backfill_id": None, "via": "", "archive_at": None, "copy_url": ""}
"""Of an entry that its feed itself shows."""

CLAIMED = (
    select(*FEED, *STATE)
    .join_from(feeds, feed_states)
    .where(feeds.c.id.in_(bindparam("feeds", expanding=True)))
    .order_by(feed_states.c.due_at, feeds.c.id)
)
LEASE = (
    update(feed_states)
    .where(feed_states.c.feed_id.in_(bindparam("feeds", expanding=True)))
    .values({name: bindparam(name) for name in FREED})
)
ASKED = (
    select(feeds.c.id, feeds.c.url, feed_states.c.moved_to, feed_states.c.publisher)
    .join_from(feeds, feed_states)
    .where(feeds.c.id.in_(bindparam("feeds", expanding=True)), ~feeds.c.removed)
)
"""Where feeds are asked."""
END_CLAIM = (
    update(feed_states)
    .where(feed_states.c.feed_id == bindparam("feed"), feed_states.c.lease_owner == bindparam("holder"))
    .values({name: bindparam(name) for name in ("publisher", *FeedState.model_fields) if name != "feed_id"} | FREED)
)
"""All built once: they run for every poll, and building takes SQLAlchemy longer than running."""

FORGIVE = (
    update(feed_states)
    .where(feed_states.c.feed_id == bindparam("feed"))
    .values(
        failures=feed_states.c.failures - 1,
        failing_since=case((feed_states.c.failures == 1, None), else_=feed_states.c.failing_since),
        failure=OUTAGE,
        problem=case((feed_states.c.failures == 1, ""), else_=feed_states.c.problem),
        due_at=bindparam("due", type_=Utc),
    )
)


@dataclass(frozen=True)
class Shown:
    """What a poll found."""

    feed_id: int
    entries: Sequence[Keyed]
    conclude: Conclude
    now: dt.datetime


@dataclass(frozen=True)
class End:
    """What is written at the end of a claim: parameters of END_CLAIM, and a row of gaps."""

    state: dict[str, object]
    gap: dict[str, object] | None


def claim(
    connection: Connection,
    holder: Holder,
    now: dt.datetime,
    limit: int,
    only: Sequence[int] | None,
    due_by: dt.datetime | None,
    shares: Shares,
) -> list[tuple[Feed, FeedState]]:
    """Claim feeds, the longest due first (None: due or not), of each host no more than its share."""
    due = connection.execute(
        select(feeds.c.id, feed_states.c.publisher)
        .join_from(feeds, feed_states)
        .where(
            ~feeds.c.removed,
            and_(ENABLED, feed_states.c.ended == "") if only is None else feeds.c.id.in_(only),
            true() if due_by is None else feed_states.c.due_at <= due_by,
            feed_states.c.publisher.not_in(taken_up(shares)),
            holder.free(connection, feed_states, now),
        )
        .order_by(feed_states.c.due_at, feeds.c.id)
        .limit(limit * LOOK_AHEAD)
    ).all()
    ids = [row.id for row in within(shares, due)][:limit]
    rows = connection.execute(CLAIMED, {"feeds": ids}).all()
    connection.execute(LEASE, {"feeds": ids, **holder.lease(now)})
    return [(of_columns(Feed, FEED, row[: len(FEED)]), of_columns(FeedState, STATE, row[len(FEED) :])) for row in rows]


def write_down(connection: Connection, found: Sequence[Shown], holder: Holder, mark: Mark) -> list[WrittenDown]:
    """Keep what polls found, and each feed's state if the claim is still ours; of a removed feed, nothing."""
    feeds_asked = connection.execute(ASKED, {"feeds": [one.feed_id for one in found]}).all()
    asked = {row.id: row for row in feeds_asked}
    outcomes: list[WrittenDown] = []
    ends: list[End] = []
    for one in found:
        where = asked.get(one.feed_id)
        if where is None:
            outcomes.append(WrittenDown())
            continue
        if where.moved_to:  # a feed that came to its end just now is nobody's twin
            _end_claims(connection, holder, ends)
            ends = []
        written = _write_entries(connection, one) if one.entries else WrittenDown()
        mark("store.write-down.entries")
        twin = twin_of(connection, one.feed_id, where.moved_to) if where.moved_to else ""
        written = written.model_copy(update={"twin": twin})
        outcomes.append(written)
        ends.append(_end(one, where, one.conclude(written)))
    _end_claims(connection, holder, ends)
    return outcomes


def count_known(connection: Connection, feed_id: int, found: Sequence[Keyed]) -> WrittenDown:
    """What would be new and known of a feed's entries."""
    known = KnownEntries(known_entry(row) for row in candidates(connection, feed_id, [one.keys for one in found]))
    new = 0
    for one in found:
        if known.find(one.keys) is None:
            new += 1
            known.add(KnownEntry(0, one.keys))
    return WrittenDown(new=new, known=len(found) - new)


def forgive(connection: Connection, kinds: Collection[str], why: str, since: dt.datetime, now: dt.datetime) -> int:
    """Take back what was charged to feeds that failed like this from a time on; returns how many.

    They become due within `outage.SPREAD`, and the entries that wait for this reason at once.
    """
    connection.execute(update(entries).where(is_pending(entries), entries.c.why == why).values(due_at=now))
    charged = (feed_states.c.failure.in_(kinds), feed_states.c.polled_at >= since, feed_states.c.failures > 0)
    rows = connection.execute(select(feed_states.c.feed_id, feed_states.c.polls).where(*charged)).all()
    if rows:
        dues = [{"feed": row.feed_id, "due": outage.spread(row.feed_id, row.polls, now)} for row in rows]
        connection.execute(FORGIVE, dues)
    return len(rows)


def _end(one: Shown, asked: Row[*tuple[Any, ...]], conclusion: Conclusion) -> End:  # Any: rows have no type
    moved_to = conclusion.state.moved_to
    owner = asked.publisher if moved_to == asked.moved_to else publisher(moved_to or asked.url)
    state = conclusion.state.model_dump(exclude={"feed_id"}) | {"publisher": owner, "feed": one.feed_id}
    gap = conclusion.gap.model_dump() | {"feed_id": one.feed_id, "found_at": one.now} if conclusion.gap else None
    return End(state, gap)


def _end_claims(connection: Connection, holder: Holder, ends: Sequence[End]) -> None:
    """With one statement for all that have no gap: of several at once it cannot be told which of them were ours."""
    ours = {"holder": holder.owner}
    if plain := [end.state | ours for end in ends if end.gap is None]:
        connection.execute(END_CLAIM, plain)
    for end in ends:
        if end.gap and connection.execute(END_CLAIM, end.state | ours).rowcount:
            connection.execute(insert(gaps).values(end.gap | {"state": "open"}))
    if any(end.state["ended"] for end in ends):
        let_go_on(connection)


def _write_entries(connection: Connection, one: Shown) -> WrittenDown:
    feed_id, now = one.feed_id, one.now
    rows = {row.id: row for row in candidates(connection, feed_id, [shown.keys for shown in one.entries])}
    found = list(rows.values())
    known = KnownEntries(known_entry(row) for row in found)
    new: list[dict[str, object]] = []
    told: list[Told] = []
    for shown in one.entries:
        before = known.find(shown.keys)
        row = rows.pop(before.id, None) if before else None  # shown twice in one document, the first one counts
        if before is None:
            new.append(values_of(shown, now) | {"feed_id": feed_id, "seen_at": now, "due_at": now, **NEW, **OF_FEED})
        elif row and row.data is not None:
            known.drop(before)  # or else what follows would be known by keys that the row has no more
            if row.data != packed(shown.entry) or row.backfill_id is not None:
                values = values_of(shown, row.seen_at) | OF_FEED
                values |= {"due_at": now, **NEW} if row.state == "failed" else {}  # it was left out of a backfill
                connection.execute(update(entries).where(entries.c.id == row.id).values(values))
        elif row and row.edition != shown.edition:
            told.append(Told(row, shown.edition, shown.entry, shown.keys))
        known.add(KnownEntry(before.id if before else 0, shown.keys))
    heed(connection, told, now)
    written = WrittenDown(new=len(new), known=len(one.entries) - len(new))
    if may_be_pinned(written):
        written = written.model_copy(update={"passed": _passed(connection, feed_id, found)})
    if new:
        connection.execute(insert(entries), new[::-1])  # the first of a document gets the highest id: it goes first
    return written


def _passed(connection: Connection, feed_id: int, shown: Collection[Row[Any]]) -> int:  # Any: rows have no type
    """How many entries of a feed are newer than each of those that it still shows."""
    if not shown:  # what is known is a repeat within the document
        return 0
    newer = (
        entries.c.recency > max(row.recency for row in shown),
        entries.c.id.not_in([row.id for row in shown]),
    )
    query = select(func.count()).select_from(entries).where(entries.c.feed_id == feed_id, entries.c.via == "", *newer)
    return connection.execute(query).scalar_one()
