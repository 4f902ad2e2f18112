"""Entries that their feeds show edited: those that have a story are looked at again."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, update

from ingest.core.dedupe.edition import is_edited
from ingest.core.dedupe.identity import EntryKeys
from ingest.core.dedupe.url import publisher
from ingest.core.rechecks import edit_due
from ingest.edge.store.columns import Utc
from ingest.edge.store.rows import packed
from ingest.edge.store.tables import entries
from ingest.model import Entry

LEARN = update(entries).where(entries.c.id == bindparam("entry")).values(edition=bindparam("said"))
EDIT = LEARN.values(
    data=bindparam("new_data"),
    url=bindparam("new_url"),
    url_key=bindparam("new_url_key"),
    publisher=bindparam("new_publisher"),
    edited_at=bindparam("new_edited_at", type_=Utc),
    check_at=bindparam("new_check_at", type_=Utc),
)


class Told(NamedTuple):
    """An entry that is no more pending, and what a feed says of it now."""

    row: Row[Any]  # Any: rows have no type of their own
    edition: str
    entry: Entry
    keys: EntryKeys


def heed(connection: Connection, told: Sequence[Told], now: dt.datetime) -> None:
    """Learn editions that are others than before. One that was not known before says nothing of an edit."""
    edited = [one for one in told if one.row.state == "stored" and is_edited(one.row.edition, one.edition)]
    learned = [one for one in told if one not in edited]
    if learned:
        connection.execute(LEARN, [{"entry": one.row.id, "said": one.edition} for one in learned])
    if edited:
        connection.execute(EDIT, [_edit(one, now) for one in edited])


def _edit(one: Told, now: dt.datetime) -> dict[str, object]:
    due_at = edit_due(one.row.edited_at, one.row.seen_at, now)
    return {
        "entry": one.row.id,
        "said": one.edition,
        "new_data": packed(one.entry),
        "new_url": one.keys.url,
        "new_url_key": one.keys.url_key,
        "new_publisher": publisher(one.entry.url),
        "new_edited_at": due_at,
        "new_check_at": min(one.row.check_at or due_at, due_at),
    }
