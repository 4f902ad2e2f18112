"""Kept pages that are read again, and what becomes of their stories.

Rule 1: how far a run is stands in the transaction of each story's result, so that one that dies is taken up behind the
        last result; a second process in the same run writes nothing that the first has written.
Rule 2: what a dry run finds is found by doing it, and taking it back.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial

from sqlalchemy import Connection, RowMapping, Select, case, func, insert, select, update

from ingest.core import reprocess
from ingest.edge.store import feeds as feed_rows
from ingest.edge.store import querying
from ingest.edge.store.rereading import reread
from ingest.edge.store.rows import UNREADABLE, noun, unpacked
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import entries, raw_pages, reprocessings, stories
from ingest.edge.store.writer import Writer
from ingest.model import Draft, Entry, KeptPage, Reprocessed, Reprocessing, StoryFilter
from ingest.ports import Mark, Settle


class SqlReprocessings:
    """Implements `ports.Reprocessings`."""

    def __init__(self, read: Read, writer: Writer, mark: Mark) -> None:
        self._read = read
        self._writer = writer
        self._mark = mark

    async def begin(self, where: StoryFilter, rules: str, now: dt.datetime) -> Reprocessing:
        return await self._writer.run(partial(_begin, where=where, rules=rules, now=now))

    async def left(self, run: Reprocessing) -> int:
        def query(connection: Connection) -> int:
            kept = _kept(connection, run, run.position).subquery()
            return connection.scalar(select(func.count()).select_from(kept)) or 0

        return await self._read(query)

    async def pages(self, run: Reprocessing, beyond: str, limit: int) -> list[KeptPage]:
        return await self._read(partial(_pages, run=run, beyond=beyond, limit=limit))

    async def write(
        self, run: Reprocessing, page: KeptPage, read: Draft | str, settle: Settle, now: dt.datetime
    ) -> Reprocessed | None:
        def write(connection: Connection) -> Reprocessed | None:
            row = connection.execute(select(reprocessings).where(reprocessings.c.id == run.id)).mappings().one()
            if row["position"] >= page.story_id:
                return None
            done = reread(connection, page, read, settle, now)
            self._mark("store.reprocess.written")
            tally = reprocess.plus(_run(row).tally, done).model_dump(mode="json")
            how_far = update(reprocessings).where(reprocessings.c.id == run.id)
            connection.execute(how_far.values(position=page.story_id, tally=tally))
            return done

        return await self._writer.run(write)

    async def try_out(self, page: KeptPage, read: Draft | str, settle: Settle, now: dt.datetime) -> Reprocessed:
        return await self._writer.run(_undone(partial(reread, page=page, read=read, settle=settle, now=now)))

    async def finish(self, run: Reprocessing, now: dt.datetime) -> Reprocessing:
        def write(connection: Connection) -> Reprocessing:
            of_run = reprocessings.c.id == run.id
            over = update(reprocessings).where(of_run, reprocessings.c.finished_at.is_(None))
            connection.execute(over.values(finished_at=now))
            return _run(connection.execute(select(reprocessings).where(of_run)).mappings().one())

        return await self._writer.run(write)


def _undone(write: Callable[[Connection], Reprocessed]) -> Callable[[Connection], Reprocessed]:
    """Rule 2; within the savepoint that the writer gives, and leaves as it was."""

    def run(connection: Connection) -> Reprocessed:
        with connection.begin_nested() as tried:
            found = write(connection)
            tried.rollback()
        return found

    return run


def _begin(connection: Connection, where: StoryFilter, rules: str, now: dt.datetime) -> Reprocessing:
    named = where.model_dump_json(exclude_defaults=True)
    same = (reprocessings.c.where == named, reprocessings.c.rules == rules, reprocessings.c.finished_at.is_(None))
    open_ones = select(reprocessings).where(*same)
    row = connection.execute(open_ones.order_by(reprocessings.c.id.desc())).mappings().first()
    if row is None:
        new = {"where": named, "rules": rules, "started_at": now, "position": "", "tally": {}}
        row = connection.execute(insert(reprocessings).returning(*reprocessings.c), new).mappings().one()
    return _run(row)


def _run(row: RowMapping) -> Reprocessing:
    return noun(Reprocessing, row, where=StoryFilter.model_validate_json(row["where"]))


def _kept(connection: Connection, run: Reprocessing, beyond: str) -> Select[tuple[object, ...]]:
    kept = (raw_pages.c.fetched_at <= run.started_at, stories.c.id > beyond)
    text = case((stories.c.pages > 1, stories.c.text), else_="").label("text")
    of_story = (stories.c.id, stories.c.url, stories.c.pages, stories.c.note, text)
    of_page = (raw_pages.c.fetched_at, raw_pages.c.type, raw_pages.c.body)
    wanted = querying.conditions(connection, run.where)
    return select(*of_story, *of_page).join_from(stories, raw_pages).where(*kept, *wanted)


def _pages(connection: Connection, run: Reprocessing, beyond: str, limit: int) -> list[KeptPage]:
    kept = _kept(connection, run, beyond).order_by(stories.c.id).limit(limit)
    rows = connection.execute(kept).mappings().all()
    return [noun(KeptPage, row, story_id=row["id"], **_led_by(connection, row["id"])) for row in rows]


def _led_by(connection: Connection, story_id: str) -> dict[str, object]:
    """The first entry of a story, and its feed, which may have been removed since."""
    first = select(entries.c.feed_id, entries.c.data).where(entries.c.story_id == story_id)
    row = connection.execute(first.order_by(entries.c.seen_at, entries.c.id).limit(1)).one()
    return {"feed": feed_rows.ever(connection, row.feed_id), "entry": _entry(row.data)}


def _entry(data: bytes) -> Entry | None:
    try:
        return unpacked(data)
    except UNREADABLE:  # told with the story: see `read_kept`
        return None
