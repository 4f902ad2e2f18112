"""Who may work on a row now.

A lease is taken within the transaction that reads the row, and ends by itself: whoever works prolongs it. A row is free
when nobody holds it, when its lease is over, or when its holder is known to be dead.
"""

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, Connection, FromClause, delete, or_, select, update

from ingest.edge.store.tables import backfills, entries, feed_states, outages, sinks

T = TypeVar("T")
Write = Callable[[Connection], T]
Run = Callable[[Write[T]], Awaitable[T]]
"""Runs a write in one transaction."""

LEASE = dt.timedelta(seconds=60)
"""How long what is claimed stays with a process that shows no sign of life."""

LEASED = (feed_states, entries, backfills, sinks)

FREED: dict[str, None] = {"lease_owner": None, "lease_until": None}

Alive = Callable[[str], bool | None]
"""Whether an owner lives; None where that cannot be known."""


def unknown(owner: str) -> None:
    """The Alive of those who know nothing of other processes: they wait until a lease is over."""


@dataclass(frozen=True)
class Holder:
    """This process, among those that share the database."""

    owner: str
    alive: Alive
    left: list[tuple[Column[int], tuple[int, ...]]] = field(default_factory=list)
    """Ours, in nobody's hands any more, and not given back: the database was away, or the work broke off."""

    def lease(self, now: dt.datetime) -> dict[str, str | dt.datetime]:
        """The values that make a row ours."""
        return {"lease_owner": self.owner, "lease_until": now + LEASE}

    def free(self, connection: Connection, table: FromClause, now: dt.datetime) -> ColumnElement[bool]:
        """Rows that nobody holds, not even ourselves: what we hold is in work."""
        held, until = table.c.lease_owner, table.c.lease_until
        others = connection.scalars(select(held).where(held.is_not(None), held != self.owner).distinct())
        dead = [other for other in others if self.alive(other) is False]
        return or_(held.is_(None), until <= now, held.in_(dead))

    def renew(self, connection: Connection, key: Column[int], ids: Sequence[int], now: dt.datetime) -> None:
        """Prolong what is ours of these rows; what is in nobody's hands any more is left to become free."""
        ours = (key.table.c.lease_owner == self.owner, key.in_(ids))
        connection.execute(update(key.table).where(*ours).values(self.lease(now)))

    def leave(self, key: Column[int], ids: Sequence[int]) -> None:
        """Give these back when something is taken next, which needs the database anyway."""
        self.left.append((key, tuple(ids)))

    async def taking(self, run: Run[T], take: Write[T]) -> T:
        """What takes something, run in one transaction with the giving back of what was left, which comes before.

        Where that fails, it is left still.
        """
        left = tuple(self.left)
        self.left.clear()

        def work(connection: Connection) -> T:
            for key, ids in left:
                ours = (key.table.c.lease_owner == self.owner, key.in_(ids))
                connection.execute(update(key.table).where(*ours).values(FREED))
            return take(connection)

        try:
            return await run(work)
        except BaseException:
            self.left.extend(left)
            raise

    def release(self, connection: Connection) -> None:
        """Give back all that is ours, and take back our word on an outage."""
        connection.execute(delete(outages).where(outages.c.owner == self.owner))
        for table in LEASED:
            connection.execute(update(table).where(table.c.lease_owner == self.owner).values(FREED))
