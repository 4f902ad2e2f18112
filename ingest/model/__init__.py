"""The nouns of Ingest, as frozen data. No tables, no I/O; `docs/glossary.md` explains each word.

They are named by the stage that they belong to:

    FeedSpec → Feed + FeedState → Request → Response → Document of Entry → PendingEntry
             → Article → Draft → Settlement → Story + Sighting → Change → Announcement
    BackfillSpec → Backfill → Step of Found → PendingEntry
    SinkSpec + SinkState → Announced → DeadLetter, where it is not taken

Times are aware and in UTC. Unknown is None (text: the empty string), never a guess.
"""

from ingest.model.announcement import Announced, Announcement, ChangeFilter
from ingest.model.article import (
    Answer,
    Article,
    Candidate,
    Comparison,
    Draft,
    Fingerprint,
    Hashtag,
    Indexed,
    Kind,
    Move,
    RawPage,
    Settlement,
    TagSource,
    TextSource,
)
from ingest.model.backfill import (
    ArchiveKind,
    Backfill,
    BackfillSpec,
    BackfillState,
    Cursor,
    Found,
    Headway,
    Step,
    Walked,
)
from ingest.model.change import Change, ChangeKind
from ingest.model.entry import Brought, Document, Enclosure, Entry, Moment, Outcome, PendingEntry
from ingest.model.feed import (
    Feed,
    FeedSpec,
    FeedState,
    FeedStatus,
    FullText,
    Gap,
    Hints,
    Polled,
    Rhythm,
    Synced,
    WrittenDown,
)
from ingest.model.noun import Noun
from ingest.model.outage import Outage
from ingest.model.query import Query, Sought
from ingest.model.recheck import Recheck, Rechecked
from ingest.model.removal import Retention, Tombstone
from ingest.model.reprocessing import Difference, KeptPage, Reprocessed, Reprocessing, Tally
from ingest.model.search import Hit, Snippet, Unindexed
from ingest.model.sink import DeadLetter, FolderTarget, NatsTarget, SinkKind, SinkSpec, SinkState, WebhookTarget
from ingest.model.site import SiteRules
from ingest.model.story import Failure, Life, Sighting, Story, StoryFilter, Totals, Version, Wall
from ingest.model.subscription import Subscription
from ingest.model.token import Scope, Token
from ingest.model.wire import USUAL, Asking, Request, Response

__all__ = [
    "USUAL",
    "Announced",
    "Announcement",
    "Answer",
    "ArchiveKind",
    "Article",
    "Asking",
    "Backfill",
    "BackfillSpec",
    "BackfillState",
    "Brought",
    "Candidate",
    "Change",
    "ChangeFilter",
    "ChangeKind",
    "Comparison",
    "Cursor",
    "DeadLetter",
    "Difference",
    "Document",
    "Draft",
    "Enclosure",
    "Entry",
    "Failure",
    "Feed",
    "FeedSpec",
    "FeedState",
    "FeedStatus",
    "Fingerprint",
    "FolderTarget",
    "Found",
    "FullText",
    "Gap",
    "Hashtag",
    "Headway",
    "Hints",
    "Hit",
    "Indexed",
    "KeptPage",
    "Kind",
    "Life",
    "Moment",
    "Move",
    "NatsTarget",
    "Noun",
    "Outage",
    "Outcome",
    "PendingEntry",
    "Polled",
    "Query",
    "RawPage",
    "Recheck",
    "Rechecked",
    "Reprocessed",
    "Reprocessing",
    "Request",
    "Response",
    "Retention",
    "Rhythm",
    "Scope",
    "Settlement",
    "Sighting",
    "SinkKind",
    "SinkSpec",
    "SinkState",
    "SiteRules",
    "Snippet",
    "Sought",
    "Step",
    "Story",
    "StoryFilter",
    "Subscription",
    "Synced",
    "TagSource",
    "Tally",
    "TextSource",
    "Token",
    "Tombstone",
    "Totals",
    "Unindexed",
    "Version",
    "Walked",
    "Wall",
    "WebhookTarget",
    "WrittenDown",
]
