"""Feeds and what polling keeps of them."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index
from sqlmodel import Field

from ingest.edge.store.columns import Utc
from ingest.edge.store.partial import HELD, PINGED, WANTED, WITH_HUB
from ingest.edge.store.tables.base import Leased, Row


class FeedRow(Row, table=True):
    """A feed; one that was removed stays, hidden, for the sightings that name it."""

    __tablename__ = "feeds"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    url: str = Field(index=True)
    interval: str
    tags: list[str] = Field(sa_type=JSON)
    language: str | None
    full_text: str
    headers: dict[str, str] = Field(sa_type=JSON)
    cookies: dict[str, str] = Field(sa_type=JSON)
    basic_auth: str
    bearer_token: str
    user_agent: str
    proxy: str
    timeout: str
    enabled: bool
    """As written in the file or the command."""
    switched: bool | None
    """As switched by command, which goes before what is written."""
    origin: str
    removed: bool


class FeedStateRow(Leased, table=True):
    """What is remembered of a feed between two polls."""

    __tablename__ = "feed_states"
    __table_args__ = (
        Index("ix_feed_states_held", "lease_owner", sqlite_where=HELD, postgresql_where=HELD),
        Index("ix_feed_states_hub", "feed_id", sqlite_where=WITH_HUB, postgresql_where=WITH_HUB),
    )

    feed_id: int = Field(primary_key=True, foreign_key="feeds.id")
    due_at: dt.datetime = Field(sa_type=Utc, index=True)
    publisher: str
    """Of `moved_to`, or else of the feed's URL: publishers take turns."""
    ended: str
    polls: int
    etag: str
    last_modified: str
    body_hash: str
    polled_at: dt.datetime | None = Field(sa_type=Utc)
    succeeded_at: dt.datetime | None = Field(sa_type=Utc)
    pace_s: float | None
    hub: str
    topic: str
    window: int
    failures: int
    failing_since: dt.datetime | None = Field(sa_type=Utc)
    failure: str
    problem: str
    moving_to: str
    moved_to: str = Field(index=True)
    notice: str
    proposal: str
    sought_at: dt.datetime | None = Field(sa_type=Utc)
    title: str
    site_url: str
    hints: dict[str, Any] = Field(sa_type=JSON)
    """A Hints noun."""
    rhythm: dict[str, Any] | None = Field(sa_type=JSON)
    """A Rhythm noun."""


class GapRow(Row, table=True):
    """A span in which a feed's window was rolled over."""

    __tablename__ = "gaps"

    id: int | None = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="feeds.id", index=True)
    since: dt.datetime = Field(sa_type=Utc)
    until: dt.datetime = Field(sa_type=Utc)
    found_at: dt.datetime = Field(sa_type=Utc)
    state: str
    """`open`, until a backfill closes it."""


class SubscriptionRow(Row, table=True):
    """A subscription to a feed at a hub; of those that are wanted, a feed has one at most."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'active', 'ended')", "state"),
        Index("ix_subscriptions_wanted", "feed_id", unique=True, sqlite_where=WANTED, postgresql_where=WANTED),
        Index("ix_subscriptions_pinged", "feed_id", sqlite_where=PINGED, postgresql_where=PINGED),
    )

    id: int | None = Field(default=None, primary_key=True)
    feed_id: int = Field(foreign_key="feeds.id")
    hub: str
    topic: str
    public_url: str
    token: str = Field(unique=True)
    secret: str
    state: str
    ends_at: dt.datetime | None = Field(sa_type=Utc)
    due_at: dt.datetime = Field(sa_type=Utc, index=True)
    failures: int
    pinged_at: dt.datetime | None = Field(sa_type=Utc)
    """A ping that came while its feed was polled, and is still to be heeded."""


class OutageRow(Row, table=True):
    """An outage of our own network, as one process sees it."""

    __tablename__ = "outages"

    owner: str = Field(primary_key=True)
    since: dt.datetime = Field(sa_type=Utc)
    seen_at: dt.datetime = Field(sa_type=Utc)
    hosts: int
