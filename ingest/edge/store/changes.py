"""Changes as they are read: along `seq`, each with its story as it is now.

Rule 1: `seq` follows the order of commits, since transactions that write follow one another (`engine`): a reader that
        saw a `seq` has every lower one before it.
Rule 2: a reader is given every change beyond its place, or told that there is no going on from it: some were dropped,
        or the database was put back to before it. Never a hole.
"""

from functools import partial

from sqlalchemy import Connection, func, select

from ingest.core.announcing import is_wanted
from ingest.edge.store import reading
from ingest.edge.store.rows import columns, noun
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import changes, identity, stories
from ingest.errors import LateError
from ingest.model import Announced, Announcement, Change, ChangeFilter


class SqlChanges:
    """Implements `ports.Changes`."""

    def __init__(self, read: Read) -> None:
        self._read = read

    async def after(self, seq: int, where: ChangeFilter, limit: int, forgone: int = 0) -> Announced:
        return await self._read(partial(_after, seq=seq, where=where, limit=limit, forgone=forgone))

    async def last(self) -> int:
        return await self._read(last)

    async def dropped(self) -> int:
        return await self._read(dropped)

    async def expect(self, seq: int) -> None:
        await self._read(partial(_expect, seq=seq))

    async def identity(self) -> str:
        return await self._read(lambda connection: connection.scalar(select(identity.c.id)) or "")


def last(connection: Connection) -> int:
    """The `seq` of the last change; 0 where there is none."""
    return connection.scalar(select(func.max(changes.c.seq))) or 0


def _expect(connection: Connection, seq: int) -> None:
    reached = max(last(connection), dropped(connection))
    if seq > reached:
        raise LateError(
            f"this database has only come to {reached}, and {seq} lies beyond that: it is an earlier state of the one "
            "that gave you this `seq`; read the stories anew, and go on from the highest `seq` among them"
        )


def dropped(connection: Connection) -> int:
    """Up to which `seq` changes were dropped."""
    return connection.scalar(select(identity.c.dropped)) or 0


def _after(connection: Connection, seq: int, where: ChangeFilter, limit: int, forgone: int) -> Announced:
    gone = dropped(connection)
    if seq < gone > forgone:
        raise LateError(
            f"changes up to {gone} were dropped, and {seq} lies before that: read the stories anew, and go on from "
            "the highest `seq` among them"
        )
    query = select(*columns(changes, Change)).where(changes.c.seq > seq).order_by(changes.c.seq).limit(limit)
    rows = connection.execute(query).mappings().all()
    if not rows:
        _expect(connection, seq)
    ids = {row["story_id"] for row in rows}
    found = {story.id: story for story in reading.of(connection, stories.c.id.in_(ids), len(ids))}
    told = [Announcement(change=noun(Change, row), story=found.get(row["story_id"])) for row in rows]
    wanted = tuple(one for one in told if is_wanted(one, where))
    return Announced(announcements=wanted, position=told[-1].change.seq if told else seq, is_end=len(rows) < limit)
