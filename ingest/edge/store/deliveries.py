"""How far the sinks are.

Rule 1: the place of a sink moves on in one transaction with what became of its batch; until then the batch is repeated.
Rule 2: it is moved on only where no other process holds its lease, and from where it was seen: what somebody put it to
        meanwhile stays.
Rule 3: a process delivers to a sink in one place, and asks only for those that it has not in hand. So a lease of its
        own is one that it could not give back, as when the database was away: it takes the sink up again at once.
"""

import builtins
import datetime as dt
from collections.abc import Sequence
from functools import partial

from sqlalchemy import ColumnElement, Connection, Update, delete, func, insert, or_, select, update

from ingest.core.delivery import MOST, replayed
from ingest.edge.store.changes import dropped, last
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.rows import noun
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import dead_letters, sinks
from ingest.edge.store.writer import Writer
from ingest.errors import ConfigError
from ingest.model import DeadLetter, SinkSpec, SinkState
from ingest.ports import Mark
from ingest.ports.sinks import Now


class SqlDeliveries:
    """Implements `ports.Deliveries`."""

    def __init__(self, read: Read, writer: Writer, holder: Holder, mark: Mark) -> None:
        self._read = read
        self._writer = writer
        self._holder = holder
        self._mark = mark

    async def sync(self, specs: Sequence[SinkSpec], now: dt.datetime) -> None:
        await self._writer.run(partial(_sync, specs=specs, now=now))

    async def due(self, names: Sequence[str], closing: Sequence[str], now: dt.datetime) -> builtins.list[SinkState]:
        def query(connection: Connection) -> builtins.list[SinkState]:
            wanted = or_(sinks.c.position < last(connection), sinks.c.name.in_(closing))
            ready = (*_ready(now), wanted, self._free(connection, now))
            rows = connection.execute(select(sinks).where(sinks.c.name.in_(names), *ready)).mappings()
            return [noun(SinkState, row) for row in rows]

        return await self._read(query) if names else []

    async def hold(self, before: SinkState, after: SinkState, now: Now) -> SinkState | None:
        def write(connection: Connection) -> SinkState | None:
            at = now()
            ready = (*_seen(before), *_ready(at), self._free(connection, at))
            held = update(sinks).where(*ready).values({**after.model_dump(), **self._holder.lease(at)})
            return after if self._moved(connection, held) else None

        return await self._writer.run(write)

    async def write(
        self, before: SinkState, after: SinkState, now: Now, letter: DeadLetter | None = None
    ) -> SinkState | None:
        def write(connection: Connection) -> SinkState | None:
            free = self._free(connection, now())
            moved = update(sinks).where(*_seen(before), free).values({**after.model_dump(), **FREED})
            if not self._moved(connection, moved):
                return None
            _forget(connection, before, after.position)
            if letter:
                connection.execute(insert(dead_letters), letter.model_dump())
            return after

        return await self._writer.run(write)

    def _free(self, connection: Connection, now: dt.datetime) -> ColumnElement[bool]:
        """Rule 3."""
        return or_(self._holder.free(connection, sinks, now), sinks.c.lease_owner == self._holder.owner)

    def _moved(self, connection: Connection, statement: Update) -> bool:
        moved = connection.execute(statement).rowcount > 0
        if moved:
            self._mark("store.sinks.moved")
        return moved

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


def _seen(state: SinkState) -> tuple[ColumnElement[bool], ...]:
    """The row, where it is as it was seen."""
    return (
        sinks.c.name == state.name,
        sinks.c.position == state.position,
        sinks.c.until.is_not_distinct_from(state.until),
    )


def _ready(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return sinks.c.due_at <= now, sinks.c.stopped == ""


def _sync(connection: Connection, specs: Sequence[SinkSpec], now: dt.datetime) -> None:
    known = set(connection.scalars(select(sinks.c.name)))
    for spec in specs:
        if spec.name in known:
            kind = update(sinks).where(sinks.c.name == spec.name).values(kind=spec.kind)
            connection.execute(kind)
            failing = update(sinks).where(sinks.c.name == spec.name, sinks.c.error != "")
            connection.execute(failing.values(due_at=now, stopped=""))
        else:
            place = last(connection) if spec.start == "now" else 0
            begun = {"position": place, "forgone": dropped(connection), "size": MOST, "due_at": now}
            new = SinkState.model_validate({"name": spec.name, "kind": spec.kind, **begun})
            connection.execute(insert(sinks), new.model_dump())


def _move(connection: Connection, name: str, position: int, now: dt.datetime) -> SinkState:
    row = connection.execute(select(sinks).where(sinks.c.name == name)).mappings().first()
    if row is None:
        raise ConfigError(f"there is no sink {name!r}; `ingest sinks list` shows those there are")
    gone, beyond = dropped(connection), last(connection)
    if position and not gone <= position <= beyond:  # at 0 it begins anew, with all that are kept
        raise ConfigError(
            f"sink {name}: changes can be followed from {gone + 1} to {beyond}; `ingest sinks replay {name} --from 1` "
            "gives all that are kept"
        )
    after = replayed(noun(SinkState, row), position, gone, now)
    connection.execute(update(sinks).where(sinks.c.name == name).values(after.model_dump()))
    return after


def _forget(connection: Connection, before: SinkState, position: int) -> None:
    """The dead letters of what was delivered now."""
    between = (dead_letters.c.seq > before.position, dead_letters.c.seq <= position)
    connection.execute(delete(dead_letters).where(dead_letters.c.sink == before.name, *between))
