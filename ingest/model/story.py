"""What is kept, how it is asked for, and how much of it there is."""

import datetime as dt
from typing import Literal

from ingest.model.article import Hashtag, Kind, TextSource
from ingest.model.change import Change
from ingest.model.noun import Noun
from ingest.model.outage import Outage
from ingest.model.query import Query


class Sighting(Noun):
    """Where a story was seen."""

    feed: str
    entry_id: str
    url: str
    seen_at: dt.datetime
    via: str = ""
    """The archive that led to it; empty: its feed."""
    copy_url: str = ""
    """Where that archive keeps a copy of its page."""
    why: str = ""
    """Why it is this story; for `ingest explain`."""


class Life(Noun):
    """What happened to a story, and will."""

    changes: tuple[Change, ...]
    looks: int = 0
    """How often its page was looked at again."""
    look_at: dt.datetime | None = None
    """When it is looked at next; None: never."""


class Version(Noun):
    """A text of a story: an earlier one, or the present one."""

    version: int
    """1 for the first."""
    read_at: dt.datetime
    """When we read it."""
    title: str
    text: str
    summary: str
    modified_at: dt.datetime | None


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
    withdrawn_at: dt.datetime | None = None
    """When it was found that the publisher had taken it away."""
    changed_at: dt.datetime | None = None
    """When its last change was written down."""
    sightings: tuple[Sighting, ...]
    publisher: str
    source: TextSource
    via: str = ""
    """The archive that led to it; empty: a feed as it was polled."""
    kind: Kind = "article"
    section: str = ""
    """The part of the publication that it stands in, as the page says."""
    free: bool | None = None
    """Whether all of it may be read without paying, as the page declared."""
    pages: int = 1
    """How many pages it was read from."""
    note: str
    methods: dict[str, str]


class StoryFilter(Noun):
    """Which stories to read; every field narrows."""

    after_seq: int = 0
    tag: str | None = None
    feed: str | None = None
    """A feed's name."""
    before_seq: int | None = None
    language: str | None = None
    since: dt.datetime | None = None
    """On or after; by publication, or first sight where that is unknown."""
    until: dt.datetime | None = None
    """Before."""
    copies: bool = True
    """Whether stories that another told before are among them."""
    query: Query | None = None


class Failure(Noun):
    """A reason, and how many entries it holds up or stopped."""

    state: Literal["failed", "pending"]
    why: str
    count: int


class Wall(Noun):
    """What stood in place of articles, and of how many."""

    problem: str
    """As `Article.problem` has it: `paywall`, `consent`, `bot-wall`, …"""
    count: int


class Totals(Noun):
    """The figures of `ingest status`."""

    stories: int
    stories_last_hour: int
    stories_last_day: int
    copies: int
    """Stories that another told before."""
    walls: tuple[Wall, ...]
    """What stood in place of the last day's articles, most frequent first."""
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
    raw_page_bytes: int = 0
    """What of it is raw pages, about."""
    text_bytes: int = 0
    """What of it is the present texts of stories, about."""
    backfills: int = 0
    """That are running."""
    outage: Outage | None = None
    """Of our own network, as long as a living process sees it."""
