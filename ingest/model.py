"""The nouns of Ingest, as frozen data. No tables, no I/O; `docs/glossary.md` explains each word.

They are named by the stage that they belong to:

    FeedSpec → Feed + FeedState → Request → Response → Document of Entry → PendingEntry
             → Article → Draft → Settlement → Story + Sighting → Change

Times are aware and in UTC. Unknown is None (text: the empty string), never a guess.
"""

import datetime as dt
from typing import Literal

from pydantic import ConfigDict
from sqlmodel import SQLModel


class Noun(SQLModel):
    """Base of all nouns: frozen, and strict about the names of its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # type: ignore[assignment]  # SQLModel's own type is wider


FullText = Literal["auto", "always", "never"]


class FeedSpec(Noun):
    """What somebody wrote about a feed, in a file or a command."""

    url: str
    name: str
    interval: str = "auto"
    """`auto`, a duration such as `15m`, or a cron line; as written."""
    tags: tuple[str, ...] = ()
    language: str | None = None
    full_text: FullText = "auto"
    headers: dict[str, str] = {}
    """Extra request headers; `${NAME}` stands unsubstituted, so that no secret is stored."""
    enabled: bool = True


class Feed(FeedSpec):
    """A feed that we watch."""

    id: int
    origin: Literal["file", "command"] = "file"


class FeedState(Noun):
    """What we remember of a feed between two polls."""

    feed_id: int
    due_at: dt.datetime
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    """SHA-256 of the last body that was read to its end; the same body is not parsed again."""
    polled_at: dt.datetime | None = None
    succeeded_at: dt.datetime | None = None
    pace_s: float | None = None
    """The learned interval in seconds, for feeds with `interval: auto`."""
    failures: int = 0
    """Failed polls in a row."""
    problem: str = ""
    """Why the last poll failed, in one line; empty after a success."""
    title: str = ""
    site_url: str = ""


class FeedStatus(Noun):
    """A feed with its state and the counts that a person asks for."""

    feed: Feed
    state: FeedState
    entries: int = 0
    pending: int = 0
    failed: int = 0
    stories: int = 0


class Request(Noun):
    """One question to a server."""

    url: str
    purpose: Literal["feed", "page"]
    """Pages obey robots.txt; feeds are published to be polled."""
    headers: dict[str, str] = {}
    etag: str = ""
    last_modified: str = ""


class Response(Noun):
    """What came back for one URL, after redirects; any status."""

    url: str
    """The URL asked for."""
    final_url: str
    """The URL that answered."""
    status: int
    headers: dict[str, str] = {}
    """Lower-case names."""
    body: bytes = b""
    fetched_at: dt.datetime
    redirects: tuple[tuple[int, str], ...] = ()
    """(status, target) of each hop."""


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
    """The feed's own id of the item; empty where it gives none."""
    url: str = ""
    """Absolute link to the article; empty where there is none."""
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


class Document(Noun):
    """A feed, read."""

    format: str
    """`rss20`, `atom10`, `json11`, …"""
    title: str = ""
    site_url: str = ""
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    warnings: tuple[str, ...] = ()


class PendingEntry(Noun):
    """An entry that was written down and is leased to us, with what its collection needs."""

    id: int
    feed: Feed
    entry: Entry
    attempts: int
    """Failed tries so far."""
    seen_at: dt.datetime


TextSource = Literal["page", "feed"]
TagSource = Literal["declared", "category", "headline", "body", "feed"]


class Hashtag(Noun):
    """A tag without its `#`, and where it came from."""

    tag: str
    source: TagSource


class Article(Noun):
    """The readable part of a page, or of a feed's own content, with its metadata."""

    url: str
    """The URL that answered; empty for an entry without a link."""
    canonical_url: str | None = None
    """The absolute URL that the page itself names as canonical."""
    title: str = ""
    text: str = ""
    """Paragraphs separated by one empty line."""
    summary: str = ""
    authors: tuple[str, ...] = ()
    site: str = ""
    language: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    image: str | None = None
    section: str = ""
    categories: tuple[str, ...] = ()
    """The page's and the feed's own tags, as written."""
    problem: str = ""
    """Why this is no article worth keeping (`consent`, `paywall`, `soft-404`, `bot-wall`, `empty`); empty if it is."""
    methods: dict[str, str] = {}
    """Field name → what gave it: `json-ld`, `open-graph`, `trafilatura`, `feed`, …"""


class Fingerprint(Noun):
    """What identifies a text."""

    schema_version: int
    text_hash: str | None
    """Hash of the normalised text; None where there is too little text to identify a story by."""


class Draft(Noun):
    """An article that was extracted, tagged and fingerprinted, and is not yet settled."""

    article: Article
    hashtags: tuple[Hashtag, ...]
    fingerprint: Fingerprint
    url_key: str
    """The identity of the article's address: the canonical form of the URL that answered, or `feed:ID:GUID`."""
    alias_keys: tuple[str, ...] = ()
    """Further addresses of the same article: what the feed linked to, and the hops between. Canonical forms."""
    canonical_key: str | None = None
    """Canonical form of the page's own canonical link, where it stays within the publisher."""
    publisher: str
    """Registrable domain of the address that answered, or the host of an IP address."""
    source: TextSource
    note: str = ""
    """Why the feed's own content was used, or what is odd; for `ingest explain`."""
    raw: bytes = b""
    """The page as it came, compressed with zlib; empty where the feed's content was used."""
    raw_type: str = ""
    """Content-Type of the raw page."""


class Candidate(Noun):
    """A stored story that a draft may be the same as."""

    story_id: str
    publisher: str
    title: str
    text_hash: str | None
    matched: Literal["url", "canonical", "text"]
    """What led to it: an address of the draft, only the page's canonical link, or the text."""


class Settlement(Noun):
    """The decision about a draft."""

    kind: Literal["new", "same"]
    story_id: str | None = None
    """The stored story that it is the same as."""
    why: str


class Sighting(Noun):
    """Where a story was seen."""

    feed: str
    entry_id: str
    url: str
    seen_at: dt.datetime


class Story(Noun):
    """What we keep: one text at one publisher."""

    id: str
    seq: int
    url: str | None
    title: str
    text: str
    summary: str
    authors: tuple[str, ...]
    site: str
    language: str | None
    published_at: dt.datetime | None
    published_date: dt.date | None
    modified_at: dt.datetime | None
    first_seen_at: dt.datetime
    image: str | None
    hashtags: tuple[Hashtag, ...]
    version: int
    cluster: str
    duplicate_of: str | None
    sightings: tuple[Sighting, ...]
    publisher: str
    source: TextSource
    note: str
    methods: dict[str, str]


class StoryFilter(Noun):
    """Which stories to read; every field narrows."""

    after_seq: int = 0
    tag: str | None = None
    feed: str | None = None
    """A feed's name."""
    language: str | None = None
    since: dt.datetime | None = None
    """On or after; by publication, or first sight where that is unknown."""
    until: dt.datetime | None = None
    """Before."""


class Outcome(Noun):
    """What became of a pending entry."""

    entry_id: int
    state: Literal["stored", "failed", "pending", "lost"]
    """`pending`: will be tried again at `due_at`. `lost`: another process took the entry over and finishes it."""
    story_id: str | None = None
    settled: Literal["new", "same"] | None = None
    why: str = ""
    due_at: dt.datetime | None = None


class WrittenDown(Noun):
    """What a poll added."""

    new: int = 0
    known: int = 0


class Polled(Noun):
    """What one poll of a feed came to."""

    feed: str
    result: Literal["read", "unchanged", "failed"]
    new: int = 0
    known: int = 0
    problem: str = ""
    """Why it failed, or what is odd about the document."""
    due_at: dt.datetime
    """When the feed is polled next."""


class Failure(Noun):
    """A reason, and how many entries it holds up or stopped."""

    state: Literal["failed", "pending"]
    why: str
    count: int


class Totals(Noun):
    """The figures of `ingest status`."""

    stories: int
    stories_last_hour: int
    stories_last_day: int
    entries: int
    pending: int
    leased: int
    failed: int
    lag_s: float | None
    """Median seconds from publication to first sight of the last day's stories; None where no dates are known."""
    failures: tuple[Failure, ...]
    """Most frequent first, at most ten."""
    bytes: int
    """Size of the database on disk."""
    seq: int
