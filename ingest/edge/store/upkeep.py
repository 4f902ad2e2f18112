"""Retention, and whether the database is sound."""

import asyncio
import datetime as dt
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from sqlalchemy import URL, Connection, and_, delete, or_, select, text, update

from ingest.edge.store import copying, retention, schema
from ingest.edge.store.engine import database, kind_of, name_of, translated
from ingest.edge.store.leases import Holder
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import backfills, entries, entry_pages, identity, raw_pages
from ingest.edge.store.writer import Writer
from ingest.errors import ConfigError, StoreError
from ingest.ports import Mark, Part, Settle

T = TypeVar("T")

READY_WITHIN_S = 2.0
"""How long a readiness probe waits for a write; other writes wait for another process for long."""

PRUNED_AT_ONCE = 500
"""Pages a transaction; the first prune after a long time would hold up every other write for minutes."""

INVARIANTS = {
    "entries that are leased and have no work before them": """
        SELECT id FROM entries WHERE state <> 'pending' AND check_at IS NULL AND lease_owner IS NOT NULL""",
    "entries without a story that are to be looked at again": """
        SELECT id FROM entries WHERE story_id IS NULL AND check_at IS NOT NULL""",
    "pending entries of removed feeds": """
        SELECT entries.id FROM entries JOIN feeds ON feeds.id = feed_id WHERE state = 'pending' AND removed""",
    "stories that no entry has": """
        SELECT id FROM stories WHERE id NOT IN (SELECT story_id FROM entries WHERE story_id IS NOT NULL)""",
    "stories whose seq is not that of their last change": """
        SELECT id FROM stories
        WHERE seq <> COALESCE((SELECT MAX(seq) FROM changes WHERE story_id = stories.id), 0)""",
    "stories whose version is not that of their last change": """
        SELECT stories.id FROM stories JOIN changes ON changes.seq = stories.seq
        WHERE changes.version <> stories.version""",
    "stories without a cluster": """
        SELECT id FROM stories WHERE cluster NOT IN (SELECT id FROM stories)""",
    "copies whose origin is a copy itself, or of another cluster": """
        SELECT copy.id FROM stories AS copy JOIN stories AS origin ON origin.id = copy.duplicate_of
        WHERE origin.duplicate_of IS NOT NULL OR origin.cluster <> copy.cluster""",
    "feeds without a state": """
        SELECT id FROM feeds WHERE id NOT IN (SELECT feed_id FROM feed_states)""",
}
"""What must never be found, and no constraint prevents → the query that finds it."""


class SqlUpkeep:
    """Implements `ports.Upkeep`."""

    def __init__(self, url: URL, read: Read, writer: Writer, holder: Holder, mark: Mark) -> None:
        self._url = url
        self._holder = holder
        self._mark = mark
        self._read = read
        self._writer = writer

    async def prune(self, raw_before: dt.datetime) -> int:
        dropped = 0
        while some := await self._writer.run(partial(_prune, raw_before=raw_before)):
            dropped += some
        while await self._writer.run(partial(_prune_entry_pages, failed_before=raw_before)):
            pass
        return dropped

    async def prune_changes(self, before: dt.datetime) -> int:
        dropped = beyond = 0
        while seqs := await self._read(partial(retention.old_changes, before=before, beyond=beyond)):
            dropped += await self._writer.run(partial(retention.drop_changes, seqs=seqs, mark=self._mark))
            beyond = seqs[-1]
        return dropped

    async def prune_stories(self, before: dt.datetime, settle: Settle, now: dt.datetime) -> int:
        dropped = 0
        drop = partial(retention.drop_stories, before=before, settle=settle, now=now, mark=self._mark)
        while some := await self._writer.run(drop):
            dropped += some
        return dropped

    async def check(self) -> list[str]:
        damage = await self._read(kind_of(self._url).damage)
        return damage or await self._read(_broken_invariants)

    async def vacuum(self) -> None:
        def run() -> None:
            with translated(self._url):
                kind_of(self._url).vacuum(self._url)

        await asyncio.to_thread(run)

    async def back_up(self, path: Path, tell: Part) -> None:
        await _in_thread(partial(kind_of(self._url).back_up, self._url, path), tell)

    async def copy_to(self, url: str, now: dt.datetime, tell: Part) -> Mapping[str, int]:
        await self._read(partial(copying.refuse_while_used, holder=self._holder, now=now))
        target = database(url)
        if target == self._url:
            raise ConfigError(f"database {name_of(target)}: it would be copied onto itself; name another")

        def work(told: Part) -> Mapping[str, int]:
            schema.upgrade(url)
            return copying.copy(self._url, target, told, self._mark)

        return await _in_thread(work, tell)

    async def renew_identity(self) -> None:
        await self._writer.run(lambda connection: connection.execute(update(identity).values(id=uuid4().hex)))

    async def writable(self) -> bool:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await self._writer.run(_touch)
        except (StoreError, TimeoutError):
            return False
        return True


async def _in_thread(work: Callable[[Part], T], tell: Part) -> T:
    """Do what takes long beside the loop; who is cancelled waits until the work was given up, at its next word."""
    stopped = threading.Event()

    def told(done: int, all_of_it: int) -> None:
        if stopped.is_set():
            raise StoreError("it was stopped")
        tell(done, all_of_it)

    working = asyncio.ensure_future(asyncio.to_thread(work, told))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        stopped.set()
        with suppress(StoreError):
            await working
        raise


def _prune(connection: Connection, raw_before: dt.datetime) -> int:
    """Drop some of the raw pages fetched before a time; returns how many, 0 when none is left."""
    old = select(raw_pages.c.story_id).where(raw_pages.c.fetched_at < raw_before).limit(PRUNED_AT_ONCE)
    return connection.execute(delete(raw_pages).where(raw_pages.c.story_id.in_(old))).rowcount


def _prune_entry_pages(connection: Connection, failed_before: dt.datetime) -> int:
    """Drop some of the pages that archives brought with entries; returns how many, 0 when all that are left have a use.

    Without one are those of entries that have their story, that their feed took over, or that failed in a backfill
    which ended before a time: until then it may try them again.
    """
    failed = and_(entries.c.state == "failed", backfills.c.finished_at < failed_before)
    useless = or_(entries.c.state == "stored", entries.c.backfill_id.is_(None), failed)
    kept = select(entry_pages.c.entry_id).join_from(entry_pages, entries)
    some = kept.outerjoin(backfills, backfills.c.id == entries.c.backfill_id).where(useless).limit(PRUNED_AT_ONCE)
    return connection.execute(delete(entry_pages).where(entry_pages.c.entry_id.in_(some))).rowcount


def _touch(connection: Connection) -> None:
    """A write that changes nothing and still has to reach the disk."""
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _broken_invariants(connection: Connection) -> list[str]:
    """A line for each invariant that does not hold, with examples."""
    found = {what: connection.scalars(text(query)).fetchmany(4) for what, query in INVARIANTS.items()}
    return [
        f"{what}: {', '.join(map(str, ids[:3]))}{', …' if len(ids) > 3 else ''}" for what, ids in found.items() if ids
    ]
