"""Outages of our own network, as the processes that see one tell it to the others.

Rule 1: a process has a row while it sees an outage, and takes it away when that, or its own work, is over.
Rule 2: the word of a dead process counts for nothing, and any other for BELIEVED: a process that lives may have been
        kept from taking it back.
"""

import datetime as dt

from sqlalchemy import Connection, delete, insert, select

from ingest.edge.store.leases import Holder
from ingest.edge.store.rows import noun
from ingest.edge.store.tables import outages
from ingest.model import Outage

BELIEVED = dt.timedelta(minutes=5)
"""Some of the longest times between two probes, each of which is told."""


def note_outage(connection: Connection, holder: Holder, outage: Outage | None) -> None:
    """Put our word in the place of what we said before, and take away that of the dead."""
    owners = connection.scalars(select(outages.c.owner)).all()
    void = [owner for owner in owners if owner == holder.owner or holder.alive(owner) is False]
    connection.execute(delete(outages).where(outages.c.owner.in_(void)))
    if outage:
        connection.execute(insert(outages).values(outage.model_dump() | {"owner": holder.owner}))


def seen_outage(connection: Connection, holder: Holder, now: dt.datetime) -> Outage | None:
    """The longest outage that some living process sees."""
    rows = connection.execute(select(outages)).mappings()
    told = [noun(Outage, row) for row in rows if _is_believed(holder, row["owner"], row["seen_at"], now)]
    return min(told, key=lambda outage: outage.since, default=None)


def _is_believed(holder: Holder, owner: str, seen_at: dt.datetime, now: dt.datetime) -> bool:
    return holder.alive(owner) is not False and now - seen_at <= BELIEVED
