"""The door to the database."""

import datetime as dt
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from ingest.model import (
    Candidate,
    Draft,
    Entry,
    Feed,
    FeedSpec,
    FeedState,
    FeedStatus,
    Life,
    Outage,
    Outcome,
    PendingEntry,
    RawPage,
    Story,
    StoryFilter,
    Synced,
    Totals,
    Version,
    WrittenDown,
)
from ingest.ports.backfills import Backfills
from ingest.ports.changes import Changes
from ingest.ports.decisions import Conclude, Settle
from ingest.ports.pace import UNSHARED, Shares
from ingest.ports.rechecks import Rechecks
from ingest.ports.removals import Removals
from ingest.ports.reprocessings import Reprocessings
from ingest.ports.searches import Searches
from ingest.ports.sinks import Deliveries
from ingest.ports.subscriptions import Subscriptions
from ingest.ports.tokens import Tokens
from ingest.ports.upkeep import Upkeep


class Store(Protocol):
    """The database. Every write is one transaction, durable when the call returns.

    Leases: what is claimed or leased belongs to this process (the store's `owner`) for a short time, prolonged while it
    is in work; what a dead process held is free again when its lease ends, or at once if it lived on this machine.

    All methods raise StoreError when the database refuses.
    """

    @property
    def subscriptions(self) -> Subscriptions:
        """What hubs are asked to tell us."""

    @property
    def deliveries(self) -> Deliveries:
        """How far the sinks are."""

    @property
    def backfills(self) -> Backfills:
        """Walks along archives."""

    @property
    def reprocessings(self) -> Reprocessings:
        """Kept pages that are read again."""

    @property
    def removals(self) -> Removals:
        """What is taken down."""

    @property
    def rechecks(self) -> Rechecks:
        """What is looked at again."""

    @property
    def changes(self) -> Changes:
        """What readers follow."""

    @property
    def upkeep(self) -> Upkeep:
        """Retention and soundness."""

    @property
    def tokens(self) -> Tokens:
        """Who may use the HTTP API."""

    @property
    def search(self) -> Searches:
        """What is looked for by words."""

    # Feeds

    async def sync_feeds(self, specs: Sequence[FeedSpec], now: dt.datetime) -> Synced:
        """Make the feeds of origin `file` be these; one that is no longer there is disabled, not deleted.

        Raises:
            ConfigError: a feed of a command stands in the way.
        """

    async def add_feed(self, spec: FeedSpec, now: dt.datetime) -> Feed:
        """Add a feed by command; ConfigError where its name or URL is taken."""

    async def remove_feed(self, feed_id: int, now: dt.datetime) -> None:
        """Stop watching a feed, drop its pending entries, and end its backfills; its stories stay, seen in a feed of
        its name.

        Raises:
            ConfigError: a file owns the feed.
        """

    async def switch_feed(self, feed_id: int, enabled: bool) -> None:
        """Enable or disable by command, which outlives a reload of the file."""

    async def feeds(self) -> list[FeedStatus]:
        """All feeds by name."""

    async def find_feed(self, reference: str) -> FeedStatus | None:
        """By id, name or URL."""

    # Poll

    async def claim_feeds(
        self,
        now: dt.datetime,
        limit: int,
        only: Sequence[int] | None = None,
        even_if_not_due: bool = False,
        due_by: dt.datetime | None = None,
        shares: Shares = UNSHARED,
    ) -> list[tuple[Feed, FeedState]]:
        """Claim up to `limit` feeds that are due (by `due_by`, default now), the longest due first.

        None that is disabled or ended, but for `only`: among these ids, any.
        """

    async def write_down(
        self, feed_id: int, entries: Sequence[Entry], conclude: Conclude, now: dt.datetime
    ) -> WrittenDown:
        """Keep each entry that is not known, pending, and the state and gap that `conclude` makes; end the claim."""

    async def count_known(self, feed_id: int, entries: Sequence[Entry]) -> WrittenDown:
        """What `write_down` would find new and known; nothing is written."""

    async def forgive(self, kinds: Collection[str], why: str, since: dt.datetime, now: dt.datetime) -> int:
        """Take back one failure of each feed that failed since a time in one of these ways; returns how many.

        They, and the pending entries that wait for this reason, become due.
        """

    async def note_outage(self, outage: Outage | None) -> None:
        """Show in `totals` the outage that this process sees, as long as it lives; None: it is over."""

    # Collect

    async def lease_entries(
        self,
        now: dt.datetime,
        limit: int,
        feeds: Sequence[int] | None = None,
        due_by: dt.datetime | None = None,
        shares: Shares = UNSHARED,
    ) -> list[PendingEntry]:
        """Lease up to `limit` entries that are due (by `due_by`, default now), fairly over the feeds, newest first."""

    async def held_elsewhere(self, now: dt.datetime, feeds: Sequence[int] | None = None) -> int:
        """How many pending entries other living processes hold."""

    async def known_story(self, pending: PendingEntry, url_key: str) -> str | None:
        """The id of the story that an entry's canonical URL leads to for sure: its page need not be fetched.

        None too where its feed gave this address to another entry, since what lies there may be new.
        """

    async def sight(self, pending: PendingEntry, story_id: str, why: str, now: dt.datetime) -> Outcome:
        """Another sighting of a known story."""

    async def save(
        self,
        pending: PendingEntry,
        draft: Draft,
        settle: Settle,
        now: dt.datetime,
        check_at: dt.datetime | None = None,
    ) -> Outcome:
        """Find candidates, settle, save and record the change, in one serialised transaction.

        Where that made a story or a version, its page is looked at again at `check_at`.
        """

    async def candidates(self, draft: Draft, appeared_at: dt.datetime, window: dt.timedelta) -> list[Candidate]:
        """The stored stories that a draft would be compared with if it were saved now; see `Settle`."""

    async def postpone(self, pending: PendingEntry, due_at: dt.datetime, why: str, tried: bool = True) -> Outcome:
        """Try again later; counts an attempt if it was one."""

    async def give_up(self, pending: PendingEntry, why: str) -> Outcome:
        """The entry will have no story."""

    # Leases

    async def renew_feeds(self, ids: Sequence[int], now: dt.datetime) -> None:
        """Prolong the claims of these feeds, if they are ours."""

    async def renew_entries(self, ids: Sequence[int], now: dt.datetime) -> None:
        """Prolong the leases of these entries, if they are ours."""

    def leave_feeds(self, ids: Sequence[int]) -> None:
        """These feeds are in nobody's hands any more, although nothing was written: they are given back with the next
        claim, so that a database that was away for a moment holds them up no longer."""

    def leave_entries(self, ids: Sequence[int]) -> None:
        """The same for these entries."""

    async def release(self) -> None:
        """Give back all that this process holds; it sees no outage any more."""

    # Read

    async def story(self, story_id: str) -> Story | None:
        """One story."""

    async def find_story(self, reference: str) -> Story | None:
        """By id or by any URL that it is known under."""

    def stories(self, where: StoryFilter, newest_first: bool = False, limit: int | None = None) -> AsyncIterator[Story]:
        """Stories by `seq`, streamed in pages."""

    async def versions(self, story_id: str) -> list[Version]:
        """The texts of a story, the first one first and the present one last; none where there is no such story."""

    async def life(self, story_id: str) -> Life:
        """What happened to a story, and will."""

    async def cluster(self, cluster_id: str) -> list[Story]:
        """The stories of a cluster, its origin first, its copies as they appeared."""

    async def raw_page(self, story_id: str) -> RawPage | None:
        """The page that a story was made from, if it is still kept."""

    async def entry_outcomes(self, url_key: str) -> list[str]:
        """One line for each entry with this canonical URL: its feed, its state and why."""

    async def totals(self, now: dt.datetime) -> Totals:
        """The figures of `ingest status`."""

    async def close(self) -> None:
        """Finish what is being written and close."""
