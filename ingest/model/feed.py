"""What we watch, what we remember of it, and what a poll came to."""

import datetime as dt
from typing import Literal

from ingest.model.noun import Noun

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


class Synced(Noun):
    """What came of making the feed list be that of the file: names of feeds."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    """Those that left the file and were watched until then."""


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
