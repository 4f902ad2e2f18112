"""A feed, read; its items; and what becomes of an item that was written down."""

import datetime as dt
from typing import Literal

from ingest.model.feed import Feed, Hints
from ingest.model.noun import Noun
from ingest.model.wire import Response


class Moment(Noun):
    """A date as its publisher stated it."""

    at: dt.datetime
    """The instant in UTC; midnight UTC of `day` where only a day was stated."""
    day: dt.date
    """The day in the publisher's own zone."""


class Enclosure(Noun):
    """A file that an entry carries."""

    url: str
    type: str = ""
    length: int | None = None


class Entry(Noun):
    """One item of a document."""

    guid: str = ""
    """The feed's own id of the item, or the hash of one too long to keep; empty where it gives none."""
    url: str = ""
    """Absolute link to the article; empty where there is none."""
    site: str = ""
    """What the feed calls the publication: the item's own source, else the feed's title."""
    title: str = ""
    """Plain text on one line."""
    summary: str = ""
    """Plain text."""
    content: str = ""
    """The fullest HTML that the feed gives of the article; empty where it gives only a summary."""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: Moment | None = None
    updated: Moment | None = None
    language: str | None = None
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    shares_page: bool = False
    """Whether other entries of the document lie at other fragments of its page, which so tells more than this one."""


class Document(Noun):
    """A feed, read."""

    format: str
    """`rss20`, `atom10`, `json11`, …"""
    title: str = ""
    site_url: str = ""
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()
    hubs: tuple[str, ...] = ()
    """Where its news can be subscribed to (WebSub)."""
    self_url: str = ""
    """Where it says that it lies."""
    older_url: str = ""
    """Where older entries are: the archive before this document (RFC 5005), else its next page."""
    complete: bool = False
    """Whether it says that it lists every entry that there is (RFC 5005)."""
    archived: bool = False
    """Whether it says that it is an archive (RFC 5005): where it names none before it, there is none."""
    hints: Hints = Hints()
    """What the document itself says about when to ask again."""


class Brought(Noun):
    """What is known of an entry that an archive led to, and within which bounds it is wanted."""

    backfill_id: int
    via: str
    """The kind of archive; empty where its feed had shown the entry before, and its page could not be had then."""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    at: dt.datetime | None = None
    """When it appeared by the archive's word."""
    copy_url: str = ""
    """Where the archive keeps its page, for when the live one is gone."""
    page: Response | None = None
    """The page, where the archive held it."""


class PendingEntry(Noun):
    """An entry that was written down and is leased to us, with what its collection needs."""

    id: int
    feed: Feed
    entry: Entry
    attempts: int
    """Failed tries so far."""
    seen_at: dt.datetime
    brought: Brought | None = None
    """By an archive; None: its feed shows it."""
    fetched: bool = False
    """Whether its page was had in this try, from where it lies or from an archive."""


class Outcome(Noun):
    """What became of a pending entry."""

    entry_id: int
    state: Literal["stored", "failed", "pending", "left out", "deleted", "lost"]
    """`pending`: will be tried again at `due_at`. `left out`: it lies outside of the range of its backfill.
    `deleted`: its story was taken down. `lost`: another process took the entry over and finishes it."""
    fetched: bool = False
    """Whether its page was had."""
    story_id: str | None = None
    settled: Literal["new", "same", "version", "copy"] | None = None
    why: str = ""
    due_at: dt.datetime | None = None
