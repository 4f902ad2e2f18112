"""Where changes are delivered to."""

import datetime as dt

from sqlalchemy import Column, Integer, UniqueConstraint
from sqlmodel import Field

from ingest.edge.store.columns import Utc
from ingest.edge.store.tables.base import Leased, Row


class SinkRow(Leased, table=True):
    """How far a sink is; one that left the settings keeps its place."""

    __tablename__ = "sinks"

    name: str = Field(primary_key=True)
    kind: str
    position: int
    forgone: int
    until: int | None
    size: int
    due_at: dt.datetime = Field(sa_type=Utc)
    tries: int
    refusals: int
    refused_since: dt.datetime | None = Field(sa_type=Utc)
    error: str
    stopped: str
    delivered: int
    delivered_at: dt.datetime | None = Field(sa_type=Utc)


class DeadLetterRow(Row, table=True):
    """A change that a sink would not take."""

    __tablename__ = "dead_letters"
    __table_args__ = (UniqueConstraint("sink", "seq"),)

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    sink: str = Field(foreign_key="sinks.name")
    seq: int
    kind: str
    story_id: str
    why: str
    tries: int
    at: dt.datetime = Field(sa_type=Utc)
