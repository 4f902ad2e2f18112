"""What we watch, what we remember of it, and what a poll came to."""

import datetime as dt
from typing import Literal

from ingest.model.noun import Noun
from ingest.model.wire import Asking

FullText = Literal["auto", "always", "never"]


class FeedSpec(Asking):
    """What somebody wrote about a feed, in a file or a command."""

    url: str
    name: str
    interval: str = "auto"
    """`auto`, a duration such as `15m`, or a cron line; as written."""
    tags: tuple[str, ...] = ()
    language: str | None = None
    full_text: FullText = "auto"
    enabled: bool = True


class Feed(FeedSpec):
    """A feed that we watch."""

    id: int
    origin: Literal["file", "command", "files"] = "file"
    """`files`: it stands for what backfills bring from files, and is hidden."""
    pushed_until: dt.datetime | None = None
    """Until when a hub has promised to ping us when there is news (WebSub)."""


class Rhythm(Noun):
    """When a feed publishes, learned from the dates of its entries. Counts fade, so that old habits are forgotten."""

    at: float
    """The time up to which the counts have faded; seconds since 1970, as all times here."""
    watched_s: float = 0.0
    """Seconds that the counts stand for, faded as they are."""
    entries: float = 0.0
    hours: tuple[float, ...] = ()
    """Hours with entries, by hour of the day in UTC; 24 counts, or none while no time of day is known."""
    weekdays: tuple[float, ...] = ()
    """The same by day of the week in UTC, Monday first; 7 counts, or none."""
    recent: float = 0.0
    """Minutes with entries, as a count that fades within hours."""
    occasions: float = 0.0
    """Quarters of a day with at least one entry: what silence is judged by, since a burst is one occasion."""
    newest: float | None = None
    """The latest publication seen."""


class Hints(Noun):
    """What a server and its document ask of those who poll."""

    wait_s: float = 0.0
    """Shortest time between two polls (Cache-Control, Expires, `ttl`, `sy:`)."""
    skip_hours: tuple[int, ...] = ()
    """Hours of the day in UTC without news (`skipHours`)."""
    skip_days: tuple[int, ...] = ()
    """Days of the week in UTC without news, Monday is 0 (`skipDays`)."""
    unheard: tuple[str, ...] = ()
    """Wishes of which nothing can be made, as words for people."""


class FeedState(Noun):
    """What we remember of a feed between two polls."""

    feed_id: int
    due_at: dt.datetime
    polls: int = 0
    """Polls so far."""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    """SHA-256 of the last body that was read to its end; the same body is not parsed again."""
    polled_at: dt.datetime | None = None
    succeeded_at: dt.datetime | None = None
    pace_s: float | None = None
    """The learned interval in seconds, for feeds with `interval: auto`."""
    rhythm: Rhythm | None = None
    hints: Hints = Hints()
    hub: str = ""
    """Where the feed's news can be subscribed to, as it says itself (WebSub)."""
    topic: str = ""
    """Its address as that hub knows it."""
    window: int = 0
    """Entries in the last document that was read."""
    failures: int = 0
    """Failed polls in a row that are charged to the feed."""
    failing_since: dt.datetime | None = None
    failure: str = ""
    """The kind of the last failure, a `errors.FetchFailure`, `http-404` and the like, `unreadable`, or `outage` where
    our own network is taken to be its cause; empty after a success."""
    problem: str = ""
    """Why the last poll that counts failed, in one line; empty after a success, and where `notice` tells the reason."""
    moving_to: str = ""
    """Where a permanent redirect led once; a second poll has to confirm it."""
    moved_to: str = ""
    """Where the feed is asked instead of its URL."""
    ended: Literal["", "gone", "merged"] = ""
    """Why the feed is polled no more although nobody disabled it: its server said 410, or another feed is the same."""
    notice: str = ""
    """What people should know of it, in one line: that it moved, is gone, was merged, or where it may have gone."""
    proposal: str = ""
    """An address that discovery found for a broken feed."""
    sought_at: dt.datetime | None = None
    """When discovery last looked for it."""
    title: str = ""
    site_url: str = ""


class Gap(Noun):
    """What a feed dropped between two polls: a span in which entries may have come and gone unseen."""

    since: dt.datetime
    until: dt.datetime


class FeedStatus(Noun):
    """A feed with its state and the counts that a person asks for."""

    feed: Feed
    state: FeedState
    entries: int = 0
    pending: int = 0
    failed: int = 0
    stories: int = 0
    gaps: int = 0
    """Open ones."""
    last_gap: Gap | None = None
    """Of the open ones."""
    lost_gaps: int = 0
    """Those that no archive could close."""

    @property
    def is_polled(self) -> bool:
        """Whether it has a next poll."""
        return self.feed.enabled and not self.state.ended


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
    passed: int = 0
    """Where the known may all be pinned: how many that were written down before are newer than each, and gone."""
    twin: str = ""
    """The name of an older feed that is asked at the same address; empty where there is none."""


class Polled(Noun):
    """What one poll of a feed came to."""

    feed: str
    result: Literal["read", "unchanged", "failed"]
    new: int = 0
    known: int = 0
    problem: str = ""
    """Why it failed, or what is odd about the document."""
    due_at: dt.datetime | None
    """When the feed is polled next; None where it is polled no more."""
