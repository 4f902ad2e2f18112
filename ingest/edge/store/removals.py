"""Stories that are taken away, in one transaction each.

Rule 1: what is left are the changes that tell of it, and its entries without their words, by which their feeds are kept
        from bringing it back.
Rule 2: what somebody took down leaves its traces too, by which it is known under any other entry.
Rule 3: its copies are placed anew, as if it had never been.

The order of the statements is that of the foreign keys, from what points to the story to what it points to.
"""

import datetime as dt
from functools import partial

from sqlalchemy import Connection, RowMapping, delete, select, update

from ingest.edge.store import likeness_index, search_index, steps, tombstones
from ingest.edge.store.leases import FREED
from ingest.edge.store.placing import let_copies_go, place_all
from ingest.edge.store.rows import packed
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import aliases, entries, entry_pages, raw_pages, stories, story_hashtags, versions
from ingest.edge.store.tombstones import TAKEN_DOWN
from ingest.edge.store.writer import Writer
from ingest.model import Entry, Tombstone
from ingest.ports import Mark, Settle

BELONGINGS = (versions, raw_pages, story_hashtags, aliases)

WORDLESS = {
    "state": "deleted",
    "story_id": None,
    "data": packed(Entry()),
    "published_at": None,
    "copy_url": "",
    "page_etag": "",
    "page_last_modified": "",
    "page_missing": False,
    "edited_at": None,
    "check_at": None,
    **FREED,
}
"""Of an entry whose story is gone."""


class SqlRemovals:
    """Implements `ports.Removals`."""

    def __init__(self, read: Read, writer: Writer, mark: Mark) -> None:
        self._read = read
        self._writer = writer
        self._mark = mark

    async def delete(self, story_id: str, reason: str, settle: Settle, now: dt.datetime) -> Tombstone | None:
        def write(connection: Connection) -> Tombstone | None:
            story = connection.execute(select(stories).where(stories.c.id == story_id)).mappings().first()
            if story is None:
                return None
            tombstone = Tombstone(story_id=story_id, deleted_at=now, reason=reason)
            tombstones.raise_for(connection, story, tombstone)
            why = f"{TAKEN_DOWN}: {reason}" if reason else TAKEN_DOWN
            take_away(connection, story, why, settle, now, self._mark)
            return tombstone

        return await self._writer.run(write)

    async def find(self, reference: str) -> Tombstone | None:
        return await self._read(partial(tombstones.find, reference=reference))


def take_away(
    connection: Connection, story: RowMapping, why: str, settle: Settle, now: dt.datetime, mark: Mark
) -> None:
    """Remove a story, given its row, and announce that and whom it moves.

    Args:
        why: what is told with its entries.
    """
    story_id = story["id"]
    copies = let_copies_go(connection, story_id)
    search_index.leave(connection, story)
    text = likeness_index.entered_by(connection, story)
    likeness_index.leave(connection, story["number"], text, story["appeared_at"])
    for belonging in BELONGINGS:
        connection.execute(delete(belonging).where(belonging.c.story_id == story_id))
    sightings = select(entries.c.id).where(entries.c.story_id == story_id)
    connection.execute(delete(entry_pages).where(entry_pages.c.entry_id.in_(sightings)))
    connection.execute(update(entries).where(entries.c.story_id == story_id).values(why=why, **WORDLESS))
    mark("store.delete.belongings")
    connection.execute(delete(stories).where(stories.c.id == story_id))
    steps.tell_deleted(connection, story_id, story["version"], now)
    mark("store.delete.story")
    for copy in place_all(connection, copies, dict.fromkeys(copies, story_id), settle):
        steps.tell_moved(connection, copy, now)
