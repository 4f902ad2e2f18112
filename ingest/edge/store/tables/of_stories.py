"""Entries, the stories that they become, and what finds a story again."""

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field

from ingest.edge.store.columns import Utc
from ingest.edge.store.partial import BROUGHT, CHECKED, COPIES, HELD, PENDING, UNFINISHED
from ingest.edge.store.tables.base import Leased, Row

SHOWN_AT = sql("coalesce(published_at, first_seen_at)")
"""When a story was published; where that is unknown, first seen. Queries say it in the same words."""


class EntryRow(Leased, table=True):
    """An entry from the moment that it was seen; with its story it is a sighting.

    `deleted`: its story was, and its words with it; it stays, so that its feed cannot bring the story back.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("guid", "feed_id", "url_key"),
        CheckConstraint("state IN ('pending', 'stored', 'failed', 'deleted')", "state"),
        CheckConstraint("(state = 'stored') = (story_id IS NOT NULL)", "stored_has_story"),
        Index("ix_entries_feed_id_state_story_id", "feed_id", "state", "story_id"),
        Index("ix_entries_pending", "feed_id", "recency", sqlite_where=PENDING, postgresql_where=PENDING),
        Index("ix_entries_unfinished", "state", "why", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index("ix_entries_check_at", "check_at", sqlite_where=CHECKED, postgresql_where=CHECKED),
        Index("ix_entries_backfill_id", "backfill_id", "state", sqlite_where=BROUGHT, postgresql_where=BROUGHT),
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
    edition: str
    """Digest of what the feed says of it; empty: unknown."""
    edited_at: dt.datetime | None = Field(sa_type=Utc)
    """When it was last due for an edit that the feed showed."""
    check_at: dt.datetime | None = Field(sa_type=Utc)
    """When its page is looked at again; of a story's entries, mostly one has such a time."""
    checks: int
    """How often that was done."""
    page_etag: str
    page_last_modified: str
    page_missing: bool
    """Whether the last re-check found no page."""
    backfill_id: int | None
    """The backfill that brought it, as long as no poll shows it too while it is pending."""
    via: str
    """The archive that led to it; empty: its feed."""
    archive_at: dt.datetime | None = Field(sa_type=Utc)
    """When it appeared by the word of that archive."""
    copy_url: str
    """Where that archive keeps a copy of its page."""
    data: bytes = Field(sa_type=LargeBinary)
    """The Entry as JSON, compressed with zlib."""


class StoryRow(Row, table=True):
    """One text at one publisher."""

    __tablename__ = "stories"
    __table_args__ = (
        UniqueConstraint("publisher", "text_hash"),
        Index("ix_stories_duplicate_of", "duplicate_of", sqlite_where=COPIES, postgresql_where=COPIES),
        Index("ix_stories_language_seq", "language", "seq"),
        Index("ix_stories_publisher_seq", "publisher", "seq"),
        Index("ix_stories_shown_at_seq_number", SHOWN_AT, "seq", "number"),
    )

    id: str = Field(primary_key=True)
    seq: int = Field(foreign_key="changes.seq", unique=True)
    """Of its last change."""
    number: int = Field(unique=True, index=True)
    """The `seq` of its first change: what the index of likeness calls it, shorter than its id."""
    url: str | None
    title: str
    text_hash: str | None = Field(index=True)
    fingerprint_version: int
    shingles: int
    """How many its text has; 0 where it is not in the index of likeness."""
    summary: str
    authors: list[str] = Field(sa_type=JSON)
    site: str
    language: str | None
    published_at: dt.datetime | None = Field(sa_type=Utc)
    published_date: dt.date | None
    modified_at: dt.datetime | None = Field(sa_type=Utc)
    first_seen_at: dt.datetime = Field(sa_type=Utc, index=True)
    appeared_at: dt.datetime = Field(sa_type=Utc)
    """What the stories of a cluster are ordered by; see `settle.appeared`."""
    image: str | None
    version: int
    cluster: str
    duplicate_of: str | None = Field(foreign_key="stories.id")
    withdrawn_at: dt.datetime | None = Field(sa_type=Utc)
    publisher: str
    source: str
    via: str
    """The archive that led to it; empty: a feed as it was polled."""
    kind: str
    section: str
    free: bool | None
    pages: int
    problem: str
    note: str
    methods: dict[str, str] = Field(sa_type=JSON)
    text: str


class VersionRow(Row, table=True):
    """An earlier text of a story."""

    __tablename__ = "versions"

    story_id: str = Field(primary_key=True, foreign_key="stories.id")
    version: int = Field(primary_key=True)
    title: str
    summary: str
    modified_at: dt.datetime | None = Field(sa_type=Utc)
    text: str


class ShingleRow(Row, table=True):
    """A hash in the sketch of a story. Those of a time lie together, so that a search costs the same as they grow."""

    __tablename__ = "shingles"
    __table_args__: ClassVar[dict[str, Any]] = {"sqlite_with_rowid": False}

    period: int = Field(primary_key=True)
    """Of the story's appearance, see `likeness_index.PERIOD`."""
    hash: int = Field(sa_column=Column(BigInteger, primary_key=True))
    story: int = Field(primary_key=True)
    """Its `number`. No foreign key: to guard it would take another index as large as this."""


class SketchRow(Row, table=True):
    """The sketch of a story whose text is so long that nobody should wait while it is made again."""

    __tablename__ = "sketches"

    story: int = Field(primary_key=True)
    """Its `number`."""
    hashes: list[int] = Field(sa_type=JSON)


class SearchStateRow(Row, table=True):
    """How far stories that are older than the search index are in it; one row."""

    __tablename__ = "search_state"

    below: int = Field(primary_key=True)
    """Those whose `number` is lower wait for it."""


class PublisherRow(Row, table=True):
    """What is remembered of a publisher."""

    __tablename__ = "publishers"

    name: str = Field(primary_key=True)
    stories: list[list[int]] = Field(sa_type=JSON)
    """The paragraphs of its last ones, see `furniture.paragraph_keys`."""


class AliasRow(Row, table=True):
    """A canonical URL that a story is known under; no two stories share one."""

    __tablename__ = "aliases"

    url_key: str = Field(primary_key=True)
    story_id: str = Field(foreign_key="stories.id", index=True)
    proven: bool
    """Whether it led to the story; else the story's page only names it as its own."""


class StoryHashtagRow(Row, table=True):
    """A hashtag of a story; `key` is its form for comparing."""

    __tablename__ = "story_hashtags"
    __table_args__ = (Index("ix_story_hashtags_key_story_id", "key", "story_id"),)

    story_id: str = Field(primary_key=True, foreign_key="stories.id")
    position: int = Field(primary_key=True)
    tag: str
    key: str
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


class IdentityRow(Row, table=True):
    """Which database this is; one row."""

    __tablename__ = "identity"

    id: str = Field(primary_key=True)
    """Another in each copy."""
    dropped: int
    """The `seq` up to which changes may be missing."""


class RawPageRow(Row, table=True):
    """The page that a story was made from, until retention takes it."""

    __tablename__ = "raw_pages"

    story_id: str = Field(primary_key=True, foreign_key="stories.id")
    fetched_at: dt.datetime = Field(sa_type=Utc, index=True)
    type: str
    body: bytes = Field(sa_type=LargeBinary)
    """Compressed as `core.packing` does it."""
    answer: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # Any: the fields of `model.Answer`, as JSON
    """How its server gave it; None where that is not known."""


class ReprocessingRow(Row, table=True):
    """A run over the raw pages; one that was not finished is taken up again by whoever asks for the same."""

    __tablename__ = "reprocessings"

    id: int | None = Field(default=None, primary_key=True)
    where: str
    """The StoryFilter as JSON."""
    rules: str
    """What tells the rules that it reads by."""
    started_at: dt.datetime = Field(sa_type=Utc)
    finished_at: dt.datetime | None = Field(sa_type=Utc)
    position: str
    """Id of the last story that is done; empty before the first."""
    tally: dict[str, Any] = Field(sa_type=JSON)  # Any: figures of several shapes, see `model.Tally`
