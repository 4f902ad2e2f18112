"""What all tables have in common."""

import datetime as dt
from typing import ClassVar

from sqlalchemy import MetaData
from sqlmodel import Field, SQLModel

from ingest.edge.store.columns import Utc

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a migration can change it on any database."""

metadata = MetaData(naming_convention=NAMES)


class Row(SQLModel):
    """Base of all tables."""

    metadata: ClassVar[MetaData] = metadata


class Leased(Row):
    """What one process at a time may work on; the lease is over when its time is up."""

    lease_owner: str | None = None
    lease_until: dt.datetime | None = Field(default=None, sa_type=Utc)
