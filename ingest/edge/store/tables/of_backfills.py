"""Walks along archives, and the pages that archives brought themselves."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, LargeBinary
from sqlmodel import Field

from ingest.edge.store.columns import Utc
from ingest.edge.store.partial import RUNNING
from ingest.edge.store.tables.base import Leased, Row


class BackfillRow(Leased, table=True):
    """A backfill; of one feed one runs at a time."""

    __tablename__ = "backfills"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'stopped', 'done', 'failed', 'cancelled')", "state"),
        Index("ix_backfills_running", "feed_id", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: int | None = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="feeds.id", index=True)
    gap_id: int | None = Field(index=True)
    spec: dict[str, Any] = Field(sa_type=JSON)
    """The BackfillSpec."""
    state: str
    started_at: dt.datetime = Field(sa_type=Utc)
    finished_at: dt.datetime | None = Field(sa_type=Utc)
    place: int
    cursor: dict[str, Any] | None = Field(sa_type=JSON)
    walked: list[dict[str, Any]] = Field(sa_type=JSON)
    """A Walked for each archive so far."""
    found: int
    known: int
    outside: int
    left: int
    undated: int
    fetched: int


class EntryPageRow(Row, table=True):
    """The page that an archive brought with an entry, until the entry is collected."""

    __tablename__ = "entry_pages"

    entry_id: int = Field(primary_key=True, foreign_key="entries.id")
    response: bytes = Field(sa_type=LargeBinary)
    """A Response as JSON, its body apart, compressed as `core.packing` does it."""
