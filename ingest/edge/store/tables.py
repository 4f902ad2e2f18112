"""The tables, and what the database itself guards.

The classes declare them; statements are built on the `Table` objects at the end. `docs/glossary.md` explains the words.
What is unique here must never be twice: a feed's name, an entry within its feed, an address, a text at one publisher, a
`seq`. Long columns stand last, since SQLite reads a row from its beginning.
"""

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from ingest.edge.store.columns import Utc
from ingest.edge.store.partial import HELD, PENDING, PINGED, UNFINISHED, WANTED, WITH_HUB

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


class EntryRow(Leased, table=True):
    """An entry from the moment that it was seen; with its story it is a sighting."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("guid", "feed_id", "url_key"),
        CheckConstraint("state IN ('pending', 'stored', 'failed')", "state"),
        CheckConstraint("(state = 'stored') = (story_id IS NOT NULL)", "stored_has_story"),
        Index("ix_entries_feed_id_state_story_id", "feed_id", "state", "story_id"),
        Index("ix_entries_pending", "feed_id", "recency", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_entries_unfinished", "state", "why", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index("ix_entries_held", "lease_owner", sqlite_where=HELD, postgresql_where=HELD),
        {"sqlite_autoincrement": True},  # the id of a dropped entry is never that of another
    )

    id: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    feed_id: int = Field(foreign_key="feeds.id")
    guid: str
    url: str
    url_key: str = Field(index=True)
    publisher: str
    """Of its URL: publishers take turns."""
    title_key: str
    published_at: dt.datetime | None = Field(sa_type=Utc)
    seen_at: dt.datetime = Field(sa_type=Utc)
    recency: dt.datetime = Field(sa_type=Utc)
    """`published_at`, or `seen_at` where that is unknown: what collection is ordered by."""
    state: str
    attempts: int
    due_at: dt.datetime = Field(sa_type=Utc)
    why: str
    story_id: str | None = Field(foreign_key="stories.id", index=True)
    data: bytes = Field(sa_type=LargeBinary)
    """The Entry as JSON, compressed with zlib."""


class StoryRow(Row, table=True):
    """One text at one publisher."""

    __tablename__ = "stories"
    __table_args__ = (UniqueConstraint("publisher", "text_hash"),)

    id: str = Field(primary_key=True)
    seq: int = Field(foreign_key="changes.seq", unique=True)
    """Of its last change."""
    url: str | None
    title: str
    text_hash: str | None
    fingerprint_version: int
    summary: str
    authors: list[str] = Field(sa_type=JSON)
    site: str
    language: str | None
    published_at: dt.datetime | None = Field(sa_type=Utc)
    published_date: dt.date | None
    modified_at: dt.datetime | None = Field(sa_type=Utc)
    first_seen_at: dt.datetime = Field(sa_type=Utc, index=True)
    image: str | None
    version: int
    cluster: str
    duplicate_of: str | None = Field(foreign_key="stories.id")
    publisher: str
    source: str
    note: str
    methods: dict[str, str] = Field(sa_type=JSON)
    text: str


class AliasRow(Row, table=True):
    """A canonical URL that a story is known under; no two stories share one."""

    __tablename__ = "aliases"

    url_key: str = Field(primary_key=True)
    story_id: str = Field(foreign_key="stories.id", index=True)


class StoryHashtagRow(Row, table=True):
    """A hashtag of a story; `key` is its form for comparing."""

    __tablename__ = "story_hashtags"

    story_id: str = Field(primary_key=True, foreign_key="stories.id")
    position: int = Field(primary_key=True)
    tag: str
    key: str = Field(index=True)
    source: str


class ChangeRow(Row, table=True):
    """One committed step in the life of a story; outlives the story, so that its deletion can be told."""

    __tablename__ = "changes"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_autoincrement": True}  # a seq is never given twice

    seq: int | None = Field(default=None, sa_column=Column(Integer, primary_key=True))
    kind: str
    at: dt.datetime = Field(sa_type=Utc)
    story_id: str = Field(index=True)
    version: int


class RawPageRow(Row, table=True):
    """The page that a story was made from, until retention takes it."""

    __tablename__ = "raw_pages"

    story_id: str = Field(primary_key=True, foreign_key="stories.id")
    fetched_at: dt.datetime = Field(sa_type=Utc, index=True)
    type: str
    body: bytes = Field(sa_type=LargeBinary)
    """Compressed with zlib."""


class OutageRow(Row, table=True):
    """An outage of our own network, as one process sees it."""

    __tablename__ = "outages"

    owner: str = Field(primary_key=True)
    since: dt.datetime = Field(sa_type=Utc)
    seen_at: dt.datetime = Field(sa_type=Utc)
    hosts: int


feeds = metadata.tables["feeds"]
feed_states = metadata.tables["feed_states"]
gaps = metadata.tables["gaps"]
subscriptions = metadata.tables["subscriptions"]
entries = metadata.tables["entries"]
stories = metadata.tables["stories"]
aliases = metadata.tables["aliases"]
story_hashtags = metadata.tables["story_hashtags"]
changes = metadata.tables["changes"]
raw_pages = metadata.tables["raw_pages"]
outages = metadata.tables["outages"]
