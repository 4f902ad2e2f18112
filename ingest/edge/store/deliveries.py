"""How far the sinks are.

Rule 1: the place of a sink moves on in one transaction with what became of its batch; until then the batch is repeated.
Rule 2: it is moved on only by whoever holds its lease, and from where that process saw it: what somebody put it to
        meanwhile stays.
"""

import builtins
import datetime as dt
from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from ingest.core.delivery import MOST, replayed
from ingest.edge.store.changes import last
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.rows import noun
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import dead_letters, identity, sinks
from ingest.edge.store.writer import Writer
from ingest.errors import ConfigError
from ingest.model import DeadLetter, SinkSpec, SinkState
from ingest.ports import Mark


class SqlDeliveries:
    """Implements `ports.Deliveries`."""

    def __init__(self, read: Read, writer: Writer, holder: Holder, mark: Mark) -> None:
        self._read = read
        self._writer = writer
        self._holder = holder
        self._mark = mark

    async def sync(self, specs: Sequence[SinkSpec], now: dt.datetime) -> None:
        await self._writer.run(partial(_sync, specs=specs, now=now))

    async def due(self, names: Sequence[str], closing: Sequence[str], now: dt.datetime) -> builtins.list[str]:
        def query(connection: Connection) -> builtins.list[str]:
            wanted = or_(sinks.c.position < last(connection), sinks.c.name.in_(closing))
            ready = (sinks.c.due_at <= now, sinks.c.stopped == "", wanted)
            ours = select(sinks.c.name).where(sinks.c.name.in_(names), *ready)
            return builtins.list(connection.scalars(ours.where(self._holder.free(connection, sinks, now))))

        return await self._read(query) if names else []

    async def claim(self, name: str, now: dt.datetime) -> SinkState | None:
        def write(connection: Connection) -> SinkState | None:
            ready = (sinks.c.name == name, sinks.c.due_at <= now, sinks.c.stopped == "")
            free = select(sinks).where(*ready, self._holder.free(connection, sinks, now))
            row = connection.execute(free).mappings().first()
            if row is None:
                return None
            connection.execute(update(sinks).where(sinks.c.name == name).values(self._holder.lease(now)))
            return noun(SinkState, row)

        return await self._writer.run(write)

    async def write(
        self, before: SinkState, after: SinkState, now: dt.datetime, letter: DeadLetter | None = None
    ) -> SinkState | None:
        def write(connection: Connection) -> SinkState | None:
            seen = (sinks.c.position == before.position, sinks.c.until.is_not_distinct_from(before.until))
            ours = (sinks.c.name == before.name, sinks.c.lease_owner == self._holder.owner, *seen)
            moved = update(sinks).where(*ours).values({**after.model_dump(), **self._holder.lease(now)})
            if not connection.execute(moved).rowcount:
                return None
            self._mark("store.sinks.moved")
            _forget(connection, before, after.position)
            if letter:
                connection.execute(insert(dead_letters), letter.model_dump())
            return after

        return await self._writer.run(write)

    async def release(self, name: str) -> None:
        def write(connection: Connection) -> None:
            ours = (sinks.c.name == name, sinks.c.lease_owner == self._holder.owner)
            connection.execute(update(sinks).where(*ours).values(FREED))

        await self._writer.run(write)

    async def move(self, name: str, position: int, now: dt.datetime) -> SinkState:
        return await self._writer.run(partial(_move, name=name, position=position, now=now))

    async def list(self) -> builtins.list[SinkState]:
        def query(connection: Connection) -> builtins.list[SinkState]:
            rows = connection.execute(select(sinks).order_by(sinks.c.name)).mappings()
            return [noun(SinkState, row) for row in rows]

        return await self._read(query)

    async def letters(self, name: str | None = None, limit: int = 100) -> builtins.list[DeadLetter]:
        def query(connection: Connection) -> builtins.list[DeadLetter]:
            newest = select(dead_letters).order_by(dead_letters.c.id.desc()).limit(limit)
            wanted = newest if name is None else newest.where(dead_letters.c.sink == name)
            return [noun(DeadLetter, row) for row in connection.execute(wanted).mappings()]

        return await self._read(query)

    async def count_letters(self) -> dict[str, int]:
        count = select(dead_letters.c.sink, func.count()).group_by(dead_letters.c.sink)
        return await self._read(lambda connection: {row[0]: row[1] for row in connection.execute(count)})


def _sync(connection: Connection, specs: Sequence[SinkSpec], now: dt.datetime) -> None:
    known = set(connection.scalars(select(sinks.c.name)))
    for spec in specs:
        if spec.name in known:
            kind = update(sinks).where(sinks.c.name == spec.name).values(kind=spec.kind)
            connection.execute(kind)
            failing = update(sinks).where(sinks.c.name == spec.name, sinks.c.error != "")
            connection.execute(failing.values(due_at=now, stopped=""))
        else:
            place = last(connection) if spec.start == "now" else _dropped(connection)
            new = SinkState(name=spec.name, kind=spec.kind, position=place, size=MOST, due_at=now)
            connection.execute(insert(sinks), new.model_dump())


def _move(connection: Connection, name: str, position: int, now: dt.datetime) -> SinkState:
    row = connection.execute(select(sinks).where(sinks.c.name == name)).mappings().first()
    if row is None:
        raise ConfigError(f"there is no sink {name!r}; `ingest sinks list` shows those there are")
    first, beyond = _dropped(connection), last(connection)
    if not first <= position <= beyond:
        raise ConfigError(f"sink {name}: the changes that are kept go from {first + 1} to {beyond}")
    after = replayed(noun(SinkState, row), position, now)
    connection.execute(update(sinks).where(sinks.c.name == name).values(after.model_dump()))
    return after


def _forget(connection: Connection, before: SinkState, position: int) -> None:
    """The dead letters of what was delivered now."""
    between = (dead_letters.c.seq > before.position, dead_letters.c.seq <= position)
    connection.execute(delete(dead_letters).where(dead_letters.c.sink == before.name, *between))


def _dropped(connection: Connection) -> int:
    """The `seq` up to which changes may be missing."""
    return connection.scalar(select(identity.c.dropped)) or 0
