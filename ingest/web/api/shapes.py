"""What the HTTP API answers with, for its OpenAPI document.

The answers are made by `core.render`, which exports and sinks share; a test holds that these shapes and it agree.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.model import BackfillState, ChangeKind, Kind, TagSource
from ingest.web.api import examples


class Shape(BaseModel):
    """Base of all: no field but those that are named."""

    model_config = ConfigDict(extra="forbid")


class Hashtag(Shape):
    """A tag without its `#`."""

    tag: str
    source: TagSource


class Sighting(Shape):
    """Where a story was seen."""

    feed: str
    entry_id: str
    url: str
    seen_at: str
    via: str = Field("", description="The archive that led to it; left out where its feed did.")
    copy_url: str = Field("", description="Where that archive keeps a copy of its page.")


class Story(Shape):
    """One text at one publisher. Times are UTC; unknown is null."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.STORY]})

    id: str
    seq: int
    url: str | None
    title: str
    text: str
    summary: str
    authors: list[str]
    site: str | None
    language: str | None
    published_at: str | None
    published_date: str | None
    modified_at: str | None
    first_seen_at: str
    image: str | None
    hashtags: list[Hashtag]
    version: int
    cluster: str
    duplicate_of: str | None
    sightings: list[Sighting]
    via: str | None
    kind: Kind
    section: str | None
    free: bool | None
    withdrawn_at: str | None


class Deleted(Shape):
    """What is left of a story that was deleted."""

    id: str


class Stories(Shape):
    """Stories by `seq`."""

    stories: list[Story]
    next: int | None = Field(description="What to give as `since_seq` for the next page; null at the end.")


class Snippet(Shape):
    """The part of a text in which most of what was searched for stands close together."""

    text: str
    marks: list[tuple[int, int]] = Field(description="Where it stands in this text: (start, end), in characters.")


class Hit(Story):
    """A story that a search found."""

    rank: float = Field(description="The lower, the better; comparable within one search alone.")
    snippet: Snippet


class Hits(Shape):
    """What a search finds, the best first."""

    hits: list[Hit]
    next: int | None = Field(description="What to give as `offset` for the next page; null at the end.")


class Change(Shape):
    """One committed step in the life of a story, with the story as it is now."""

    seq: int
    kind: ChangeKind
    at: str
    story: Story | Deleted


class Changes(Shape):
    """Changes by `seq`."""

    changes: list[Change]
    next: int | None = Field(description="What to give as `since_seq` for the next page; null at the end.")


class Version(Shape):
    """A text of a story."""

    version: int
    read_at: str
    title: str
    text: str
    summary: str
    modified_at: str | None


class Versions(Shape):
    """The texts of a story, the present one last."""

    versions: list[Version]


class Cluster(Shape):
    """A story and its copies, the origin first."""

    cluster: str
    stories: list[Story]


class FeedFacts(Shape):
    """What somebody wrote about a feed."""

    id: int
    name: str
    url: str
    interval: str
    tags: list[str]
    language: str | None
    full_text: Literal["auto", "always", "never"]
    enabled: bool
    origin: Literal["file", "command", "files"]
    user_agent: str
    timeout: str
    pushed_until: str | None


class Feed(Shape):
    """A feed with its health, its state and its counts."""

    health: str
    remarks: list[str]
    pushed: bool
    feed: FeedFacts
    state: dict[str, object] = Field(description="What is remembered between two polls.")
    entries: int
    pending: int
    failed: int
    stories: int
    gaps: int
    last_gap: dict[str, str] | None
    lost_gaps: int


class Feeds(Shape):
    """All feeds by name."""

    feeds: list[Feed]


class Polled(Shape):
    """What one poll came to."""

    feed: str
    result: Literal["read", "unchanged", "failed"]
    new: int
    known: int
    problem: str
    due_at: str | None


class Backfill(Shape):
    """A walk along archives: what it is for, how far it is, what it brought."""

    id: int
    feed: str
    state: BackfillState
    since: str | None
    until: str | None
    via: list[str]
    limit: int | None
    rate: float | None
    started_at: str
    finished_at: str | None
    walked: list[dict[str, object]] = Field(description="How each archive went so far.")
    found: int
    known: int
    outside: int
    left: int
    undated: int
    fetched: int
    stored: int
    seen: int
    pending: int
    failed: dict[str, int] = Field(description="Reason → how many entries.")


class Backfills(Shape):
    """Backfills, the newest first."""

    backfills: list[Backfill]


class Mistake(Shape):
    """What is wrong with one parameter or field."""

    name: str
    place: Literal["query", "path", "header", "body"]
    reason: str


class Problem(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PROBLEM]})

    type: str
    title: str
    status: int
    detail: str
    mistakes: list[Mistake] | None = None
