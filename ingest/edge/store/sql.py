"""The Store over SQL: which statement goes to the writer, and which to a reader.

    write ─► writer.run: one thread, grouped commits
    read  ─► a few threads, and a few others for what may take long; see `readers`

Nothing waits for the database on the event loop. The statements are in the modules by subject: `feed_list`, `feeds`,
`polls`, `edits`, `collection`, `outcomes`, `finding`, `saving`, `placing`, `rechecks`, `rereading`, `reprocessings`,
`steps`, `leases`, `querying`, `reading`, `figures`. `ports.Store` says what each does.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Collection, Sequence
from functools import partial

from sqlalchemy import URL, Connection

from ingest.edge.store import (
    collection,
    engine,
    feed_list,
    feeds,
    figures,
    finding,
    leases,
    outcomes,
    polls,
    reading,
    schema,
)
from ingest.edge.store.access import MOST_SEARCHES, READERS, SEARCHERS
from ingest.edge.store.backfills import SqlBackfills
from ingest.edge.store.changes import SqlChanges
from ingest.edge.store.deliveries import SqlDeliveries
from ingest.edge.store.known import keyed
from ingest.edge.store.leases import Alive, Holder
from ingest.edge.store.outages import note_outage
from ingest.edge.store.readers import Readers
from ingest.edge.store.rechecks import SqlRechecks
from ingest.edge.store.removals import SqlRemovals
from ingest.edge.store.reprocessings import SqlReprocessings
from ingest.edge.store.saving import NewId, Saver, rising_ids
from ingest.edge.store.searches import SqlSearches
from ingest.edge.store.subscriptions import SqlSubscriptions
from ingest.edge.store.tables import entries, feed_states
from ingest.edge.store.tokens import SqlTokens
from ingest.edge.store.upkeep import SqlUpkeep
from ingest.edge.store.writer import Writer
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
from ingest.ports import UNSHARED, Conclude, Mark, Settle, Shares, unmarked


def open_store(
    url: str,
    owner: str,
    mark: Mark = unmarked,
    new_id: NewId | None = None,
    alive: Alive = leases.unknown,
    make: bool = True,
    search_s: float | None = None,
) -> "SqlStore":
    """Open a database, with the newest schema.

    Args:
        url: `sqlite:///PATH` or `postgresql://USER@HOST/DATABASE`.
        owner: this process's name in leases, different from that of every other.
        mark: see `ports.Mark`.
        new_id: makes the id of a story from the time; default: ULIDs that rise within this process.
        alive: whether an owner lives.
        make: see `schema.ready`.
        search_s: seconds that a search, or a page that is narrowed down, may take; None: any time.

    Raises:
        ConfigError: the URL cannot be used, or its path leads to no database.
        StoreError: the database cannot be used; the message says what to do.
    """
    schema.ready(url, make)
    return SqlStore(engine.database(url), Saver(Holder(owner, alive), new_id or rising_ids(), mark), search_s)


class SqlStore:
    """A database with the newest schema; see `ports.Store`."""

    def __init__(self, url: URL, saver: Saver, search_s: float | None) -> None:
        self._url = url
        self._kind = engine.kind_of(url)
        self._saver = saver
        self._holder = saver.holder
        self._mark = saver.mark
        self._readers = Readers(url, "reader", READERS)
        self._searchers = Readers(url, "searcher", SEARCHERS, MOST_SEARCHES, search_s)
        self._read = self._readers.read
        self.writer = Writer(engine.connect(url, "write"), saver.mark)
        """Where every write goes; open to tests, which take its room on the disk away."""
        self._write_down = partial(polls.write_down, holder=self._holder, mark=self._mark)
        self.changes = SqlChanges(self._read)
        self.tokens = SqlTokens(self._read, self.writer)
        self.search = SqlSearches(self._read, self._searchers, self.writer)
        self.subscriptions = SqlSubscriptions(self._read, self.writer, self._holder)
        self.reprocessings = SqlReprocessings(self._read, self.writer, self._mark)
        self.backfills = SqlBackfills(self._read, self.writer, self._holder, self._mark)
        self.upkeep = SqlUpkeep(url, self._read, self.writer, self._holder, self._mark)
        self.deliveries = SqlDeliveries(self._read, self.writer, self._holder, self._mark)
        self.removals = SqlRemovals(self._read, self.writer, self._mark)
        self.rechecks = SqlRechecks(self._read, self.writer, self._holder, self._mark)

    # Feeds

    async def sync_feeds(self, specs: Sequence[FeedSpec], now: dt.datetime) -> Synced:
        return await self.writer.run(partial(feed_list.sync, specs=specs, now=now))

    async def add_feed(self, spec: FeedSpec, now: dt.datetime) -> Feed:
        return await self.writer.run(partial(feed_list.add, spec=spec, now=now))

    async def remove_feed(self, feed_id: int, now: dt.datetime) -> None:
        await self.writer.run(partial(feed_list.remove, feed_id=feed_id, now=now))

    async def switch_feed(self, feed_id: int, enabled: bool) -> None:
        await self.writer.run(partial(feed_list.switch, feed_id=feed_id, enabled=enabled))

    async def feeds(self) -> list[FeedStatus]:
        return await self._read(feeds.statuses)

    async def find_feed(self, reference: str) -> FeedStatus | None:
        return await self._read(partial(feeds.find, reference=reference))

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
        claim = partial(polls.claim, holder=self._holder, now=now, limit=limit, shares=shares)
        due = None if even_if_not_due else due_by or now
        return await self._holder.taking(self.writer.run, partial(claim, only=only, due_by=due))

    async def write_down(
        self, feed_id: int, entries: Sequence[Entry], conclude: Conclude, now: dt.datetime
    ) -> WrittenDown:
        found = await asyncio.to_thread(keyed, feed_id, entries) if entries else []
        return await self.writer.run_alike(self._write_down, polls.Shown(feed_id, found, conclude, now))

    async def count_known(self, feed_id: int, entries: Sequence[Entry]) -> WrittenDown:
        found = await asyncio.to_thread(keyed, feed_id, entries)
        return await self._read(partial(polls.count_known, feed_id=feed_id, found=found))

    async def forgive(self, kinds: Collection[str], why: str, since: dt.datetime, now: dt.datetime) -> int:
        return await self.writer.run(partial(polls.forgive, kinds=kinds, why=why, since=since, now=now))

    async def note_outage(self, outage: Outage | None) -> None:
        await self.writer.run(partial(note_outage, holder=self._holder, outage=outage))

    # Collect

    async def lease_entries(
        self,
        now: dt.datetime,
        limit: int,
        feeds: Sequence[int] | None = None,
        due_by: dt.datetime | None = None,
        shares: Shares = UNSHARED,
    ) -> list[PendingEntry]:
        lease = partial(collection.lease, holder=self._holder, now=now, limit=limit, only=feeds, due_by=due_by)
        return await self._holder.taking(self.writer.run, partial(lease, shares=shares))

    async def held_elsewhere(self, now: dt.datetime, feeds: Sequence[int] | None = None) -> int:
        return await self._read(partial(collection.held_elsewhere, holder=self._holder, now=now, only=feeds))

    async def known_story(self, pending: PendingEntry, url_key: str) -> str | None:
        return await self._read(partial(outcomes.known_story, pending=pending, url_key=url_key))

    async def sight(self, pending: PendingEntry, story_id: str, why: str, now: dt.datetime) -> Outcome:
        sight = partial(outcomes.sight, holder=self._holder, pending=pending, story_id=story_id, why=why, now=now)
        return await self.writer.run(sight)

    async def save(
        self,
        pending: PendingEntry,
        draft: Draft,
        settle: Settle,
        now: dt.datetime,
        check_at: dt.datetime | None = None,
    ) -> Outcome:
        save = partial(self._saver.save, pending=pending, draft=draft, settle=settle, now=now, check_at=check_at)
        return await self.writer.run(save)

    async def candidates(self, draft: Draft, appeared_at: dt.datetime, window: dt.timedelta) -> list[Candidate]:
        found = await self._read(partial(finding.find, draft=draft, appeared_at=appeared_at, window=window))
        return found.candidates

    async def postpone(self, pending: PendingEntry, due_at: dt.datetime, why: str, tried: bool = True) -> Outcome:
        return await self._end(pending, Outcome(entry_id=pending.id, state="pending", why=why, due_at=due_at), tried)

    async def give_up(self, pending: PendingEntry, why: str) -> Outcome:
        return await self._end(pending, Outcome(entry_id=pending.id, state="failed", why=why))

    async def _end(self, pending: PendingEntry, outcome: Outcome, tried: bool = True) -> Outcome:
        return await self.writer.run(
            partial(outcomes.end, holder=self._holder, pending=pending, outcome=outcome, tried=tried)
        )

    # Leases

    async def renew_feeds(self, ids: Sequence[int], now: dt.datetime) -> None:
        await self.writer.run(partial(self._holder.renew, key=feed_states.c.feed_id, ids=ids, now=now))

    async def renew_entries(self, ids: Sequence[int], now: dt.datetime) -> None:
        await self.writer.run(partial(self._holder.renew, key=entries.c.id, ids=ids, now=now))

    def leave_feeds(self, ids: Sequence[int]) -> None:
        self._holder.leave(feed_states.c.feed_id, ids)

    def leave_entries(self, ids: Sequence[int]) -> None:
        self._holder.leave(entries.c.id, ids)

    async def release(self) -> None:
        await self.writer.run(self._holder.release)

    # Read

    async def story(self, story_id: str) -> Story | None:
        return await self._read(partial(reading.by_id, story_id=story_id))

    async def find_story(self, reference: str) -> Story | None:
        return await self._read(partial(reading.find, reference=reference))

    async def stories(
        self, where: StoryFilter, newest_first: bool = False, limit: int | None = None
    ) -> AsyncIterator[Story]:
        read = self._read if reading.is_plain(where) else self._searchers.read
        left, beyond = limit, None
        while left is None or left > 0:
            size = reading.PAGE if left is None else min(left, reading.PAGE)
            page = await read(partial(reading.page, where=where, newest_first=newest_first, beyond=beyond, limit=size))
            for story in page:
                yield story
            if len(page) < size:
                return
            beyond = page[-1].seq
            left = None if left is None else left - size

    async def versions(self, story_id: str) -> list[Version]:
        return await self._read(partial(reading.versions, story_id=story_id))

    async def life(self, story_id: str) -> Life:
        return await self._read(partial(reading.life, story_id=story_id))

    async def cluster(self, cluster_id: str) -> list[Story]:
        return await self._read(partial(reading.cluster, cluster_id=cluster_id))

    async def raw_page(self, story_id: str) -> RawPage | None:
        return await self._read(partial(reading.raw_page, story_id=story_id))

    async def entry_outcomes(self, url_key: str) -> list[str]:
        return await self._read(partial(outcomes.of_address, url_key=url_key))

    async def totals(self, now: dt.datetime) -> Totals:
        def query(connection: Connection) -> Totals:
            return figures.totals(connection, self._holder, now, self._kind.bytes_on_disk(self._url, connection))

        return await self._read(query)

    async def close(self) -> None:
        await self.writer.close()
        await self._readers.close()
        await self._searchers.close()
