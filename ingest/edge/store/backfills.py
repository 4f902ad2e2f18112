"""Backfills, and the entries that archives bring.

Rule 1: how far a walk is stands in the transaction of what its steps found, so that one that dies is taken up behind
        its last step.
Rule 2: whatever is written of a backfill first makes sure that it is still ours.
Rule 3: entries of a backfill are collected by whoever works on it, and by nobody else; one that its feed shows too is
        the feed's from then on. Pending entries of feeds go before.
"""

import builtins
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, case, func, insert, or_, select, update

from ingest.core.backfill import taken_up
from ingest.edge.store import brought, gaps
from ingest.edge.store.feeds import ENABLED
from ingest.edge.store.files_feed import files_feed
from ingest.edge.store.known import keyed
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.partial import is_brought, is_left_out, is_running
from ingest.edge.store.rows import noun
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import backfills, entries, feeds
from ingest.edge.store.writer import Writer
from ingest.errors import ConflictError
from ingest.model import Backfill, BackfillSpec, BackfillState, Found, Outcome, PendingEntry
from ingest.ports import Mark, Shares

SAMPLES = 300
"""Addresses that tell how those of a feed's articles look."""
GOES_ON = ("running", "stopped", "failed")
"""States from which a backfill can be taken up."""


class SqlBackfills:
    """Implements `ports.Backfills`."""

    def __init__(self, read: Read, writer: Writer, holder: Holder, mark: Mark) -> None:
        self._read = read
        self._writer = writer
        self._holder = holder
        self._mark = mark

    async def begin(self, spec: BackfillSpec, now: dt.datetime, ours: bool = True) -> Backfill:
        lease = self._holder.lease(now) if ours else FREED
        return await self._writer.run(partial(_begin, spec=spec, lease=lease, now=now))

    async def begin_for_gap(self, via: Sequence[str], now: dt.datetime) -> Backfill | None:
        if not await self._read(lambda connection: connection.execute(gaps.untried()).first()):
            return None
        return await self._writer.run(partial(_begin_for_gap, via=via, holder=self._holder, now=now))

    async def take(self, backfill_id: int | None, now: dt.datetime, even_if_done: bool = False) -> Backfill | None:
        waiting = select(backfills.c.id).where(gaps.goes_on(now)).limit(1)
        if backfill_id is None and not await self._read(lambda connection: connection.execute(waiting).first()):
            return None
        states = (*GOES_ON, "done") if even_if_done else GOES_ON
        take = partial(_take, backfill_id=backfill_id, states=states, holder=self._holder, now=now)
        return await self._holder.taking(self._writer.run, take)

    async def renew(self, run: Backfill, now: dt.datetime) -> bool:
        def write(connection: Connection) -> bool:
            mine = update(backfills).where(*_ours(run, self._holder)).values(self._holder.lease(now))
            return bool(connection.execute(mine).rowcount)

        return await self._writer.run(write)

    def leave(self, run: Backfill) -> None:
        self._holder.leave(backfills.c.id, [run.id])

    async def write_down(
        self, run: Backfill, advanced: Backfill, found: Sequence[Found], now: dt.datetime
    ) -> Backfill | None:
        shown = keyed(run.feed_id, [one.entry for one in found])

        def write(connection: Connection) -> None:
            new, known = brought.write_down(connection, run, list(zip(shown, found, strict=True)), now)
            self._mark("store.backfill.entries")
            counts = {"found": len(new) + known, "known": known, "outside": advanced.outside - run.outside}
            _set(connection, run, **_place(advanced), **{name: backfills.c[name] + n for name, n in counts.items()})

        return await self._write(run, write)

    async def lease_entries(self, run: Backfill, now: dt.datetime, limit: int, shares: Shares) -> list[PendingEntry]:
        due = brought.due(run, now)
        if not limit or not await self._read(lambda connection: connection.execute(due.limit(1)).first()):
            return []
        lease = partial(brought.lease, holder=self._holder, now=now, due=due, limit=limit, shares=shares)
        return await self._holder.taking(self._writer.run, lease)

    async def leave_out(self, pending: PendingEntry, why: str) -> Outcome:
        return await self._writer.run(partial(brought.leave_out, holder=self._holder, pending=pending, why=why))

    async def end(self, run: Backfill, state: BackfillState, now: dt.datetime) -> Backfill | None:
        ended = await self._write(run, partial(_end, run=run, state=state, now=now))
        return await self.get(run.id) if ended else None

    async def retry(self, run: Backfill, now: dt.datetime) -> Backfill | None:
        def write(connection: Connection) -> None:
            failed = (entries.c.backfill_id == run.id, entries.c.state == "failed", ~is_left_out(entries))
            connection.execute(update(entries).where(*failed).values(state="pending", attempts=0, due_at=now, why=""))

        return await self.get(run.id) if await self._write(run, write) else None

    async def cancel(self, backfill_id: int, now: dt.datetime) -> Backfill | None:
        def write(connection: Connection) -> Backfill | None:
            run = _get(connection, backfill_id)
            if run is None or run.state not in GOES_ON:
                return None
            _end(connection, run, "cancelled", now)
            return _get(connection, backfill_id)

        return await self._writer.run(write)

    async def get(self, backfill_id: int) -> Backfill | None:
        return await self._read(partial(_get, backfill_id=backfill_id))

    async def list(self) -> builtins.list[Backfill]:
        return await self._read(lambda connection: _runs(connection, _SELECT.order_by(backfills.c.id.desc())))

    async def samples(self, feed_id: int) -> tuple[str, ...]:
        newest = select(entries.c.url).where(entries.c.feed_id == feed_id, entries.c.via == "", entries.c.url != "")
        query = newest.order_by(entries.c.id.desc()).limit(SAMPLES)
        return await self._read(lambda connection: tuple(connection.scalars(query)))

    async def _write(self, run: Backfill, write: Callable[[Connection], object]) -> Backfill | None:
        """What it is after a write, its entries not counted; None where it is ours no more (rule 2)."""

        def work(connection: Connection) -> Backfill | None:
            ours = connection.scalar(select(backfills.c.id).where(*_ours(run, self._holder)))
            if ours is None:
                return None
            write(connection)
            row = connection.execute(_SELECT.where(backfills.c.id == run.id)).mappings().one()
            return noun(Backfill, row)

        return await self._writer.run(work)


def _ours(run: Backfill, holder: Holder) -> tuple[ColumnElement[bool], ...]:
    return backfills.c.id == run.id, is_running(backfills), backfills.c.lease_owner == holder.owner


def _begin(connection: Connection, spec: BackfillSpec, lease: Mapping[str, object], now: dt.datetime) -> Backfill:
    feed_id = files_feed(connection, now) if spec.feed_id is None else spec.feed_id
    running = select(backfills.c.id).where(backfills.c.feed_id == feed_id, is_running(backfills))
    if (other := connection.scalar(running)) is not None:
        raise ConflictError(
            f"backfill {other} of the same feed is running; `ingest backfill show {other}` tells how far it is, and "
            f"`ingest backfill resume {other}` goes on with it where nobody does"
        )
    new: dict[str, object] = {
        "feed_id": feed_id,
        "gap_id": spec.gap_id,
        "spec": spec.model_dump(mode="json"),
        "state": "running",
        "started_at": now,
        "finished_at": None,
        "place": 0,
        "cursor": None,
        "walked": [],
        **dict.fromkeys(("found", "known", "outside", "left", "undated", "fetched"), 0),
    }
    made = connection.execute(insert(backfills).returning(backfills.c.id), new | dict(lease)).scalar_one()
    return _present(connection, made)


def _begin_for_gap(connection: Connection, via: Sequence[str], holder: Holder, now: dt.datetime) -> Backfill | None:
    spec = gaps.wanted(connection, via)
    return _begin(connection, spec, holder.lease(now), now) if spec else None


def _take(
    connection: Connection, backfill_id: int | None, states: Sequence[str], holder: Holder, now: dt.datetime
) -> Backfill | None:
    free = (holder.free(connection, backfills, now), ~feeds.c.removed)
    unasked = and_(gaps.goes_on(now), or_(ENABLED, feeds.c.origin == "files"))
    which = unasked if backfill_id is None else backfills.c.id == backfill_id
    facts = (backfills.c.id, backfills.c.feed_id, backfills.c.state)
    able = select(*facts).join_from(backfills, feeds).where(which, backfills.c.state.in_(states), *free)
    row = connection.execute(able.order_by(backfills.c.id).limit(1)).first()
    if row is None:
        return None
    others = (backfills.c.feed_id == row.feed_id, is_running(backfills), backfills.c.id != row.id)
    if connection.scalar(select(backfills.c.id).where(*others)) is not None:
        return None
    mine = {"state": "running", "finished_at": None, **holder.lease(now)}
    connection.execute(update(backfills).where(backfills.c.id == row.id).values(mine))
    if row.state == "failed":
        run = _present(connection, row.id)
        tried = taken_up(run)
        _set(connection, run, **_place(tried), outside=tried.outside)
    return _present(connection, row.id)


def _place(run: Backfill) -> dict[str, object]:
    """How far a walk is."""
    return {"place": run.place, "cursor": run.cursor, "walked": [one.model_dump(mode="json") for one in run.walked]}


def _set(connection: Connection, run: Backfill, **values: object) -> None:
    connection.execute(update(backfills).where(backfills.c.id == run.id).values(values))


def _end(connection: Connection, run: Backfill, state: BackfillState, now: dt.datetime) -> None:
    if state not in ("stopped", "failed"):
        brought.end(connection, run.id)
    _set(connection, run, state=state, finished_at=now, **FREED)
    gaps.end(connection, _present(connection, run.id), now)


_SELECT = select(backfills, feeds.c.name.label("feed")).join_from(backfills, feeds)


def _get(connection: Connection, backfill_id: int) -> Backfill | None:
    return next(iter(_runs(connection, _SELECT.where(backfills.c.id == backfill_id))), None)


def _present(connection: Connection, backfill_id: int) -> Backfill:
    run = _get(connection, backfill_id)
    assert run
    return run


def _runs(connection: Connection, query: Select[tuple[object, ...]]) -> builtins.list[Backfill]:
    return [noun(Backfill, row, **_counts(connection, row)) for row in connection.execute(query).mappings().all()]


def _counts(connection: Connection, row: RowMapping) -> dict[str, object]:
    """What became of the entries; a story is of the entry that was first to have it."""
    brought = (is_brought(entries), entries.c.backfill_id == row["id"], ~is_left_out(entries))
    why = case((entries.c.state == "failed", entries.c.why), else_="")
    states = select(entries.c.state, why.label("why"), func.count().label("count")).where(*brought)
    rows = [tuple(row) for row in connection.execute(states.group_by(entries.c.state, why))]
    counted = {state: count for state, _, count in rows if state != "failed"}
    first = entries.alias("first")
    earlier = select(first.c.id).where(first.c.story_id == entries.c.story_id, first.c.id < entries.c.id).exists()
    made = connection.scalar(select(func.count()).where(*brought, entries.c.state == "stored", ~earlier)) or 0
    done = counted.get("stored", 0)
    return {
        "stored": made,
        "seen": done - made,
        "pending": counted.get("pending", 0),
        "failed": {why: count for state, why, count in rows if state == "failed"},
    }
