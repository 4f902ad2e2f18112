"""What is left of stories that were taken down."""

import datetime as dt

from sqlmodel import Field

from ingest.edge.store.columns import Utc
from ingest.edge.store.tables.base import Row


class TombstoneRow(Row, table=True):
    """A story that nothing brings back."""

    __tablename__ = "tombstones"

    story_id: str = Field(primary_key=True)
    deleted_at: dt.datetime = Field(sa_type=Utc)
    reason: str


class TraceRow(Row, table=True):
    """What such a story is known again by, see `core.dedupe.traces`."""

    __tablename__ = "traces"

    trace: str = Field(primary_key=True)
    story_id: str = Field(primary_key=True, foreign_key="tombstones.story_id")
