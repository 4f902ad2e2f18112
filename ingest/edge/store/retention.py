"""What retention takes of stories and their changes, some at a time.

Rule 1: a change stays that a living story still stands on: its last one, and the first of each of its versions, which
        tells when that was read. So does the last of all, by which numbers go on.
Rule 2: how far changes may be missing moves on in the transaction that drops them: who comes late is told, always.
Rule 3: a story's time counts from its first sight, so that what an archive brings is not gone within the hour.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, not_, or_, select, update

from ingest.edge.store.removals import take_away
from ingest.edge.store.tables import changes, identity, stories
from ingest.ports import Mark, Settle

CHANGES_AT_ONCE = 500
STORIES_AT_ONCE = 20
"""A transaction; other writes wait for it, and a story takes some milliseconds."""

TOO_OLD = "its story was kept long enough (database.stories)"

_SAME = changes.alias("same")


def old_changes(connection: Connection, before: dt.datetime, beyond: int) -> Sequence[int]:
    """The next of those that may go, beyond a `seq`."""
    old = select(changes.c.seq).where(changes.c.seq > beyond, changes.c.at < before, _is_superseded())
    return connection.scalars(old.order_by(changes.c.seq).limit(CHANGES_AT_ONCE)).all()


def drop_changes(connection: Connection, seqs: Sequence[int], mark: Mark) -> int:
    """Drop these; returns how many."""
    dropped = connection.execute(delete(changes).where(changes.c.seq.in_(seqs), _is_superseded())).rowcount
    mark("store.prune.changes")
    last = max(seqs)
    further = case((identity.c.dropped < last, last), else_=identity.c.dropped)
    connection.execute(update(identity).values(dropped=further))
    return dropped


def drop_stories(connection: Connection, before: dt.datetime, settle: Settle, now: dt.datetime, mark: Mark) -> int:
    """Drop the oldest of those that were first seen before a time; returns how many, 0 when none is left.

    Of these a copy goes before its origin, so that none is placed anew just to go as well.
    """
    old = select(stories).where(stories.c.first_seen_at < before).order_by(stories.c.first_seen_at)
    found = connection.execute(old.limit(STORIES_AT_ONCE)).mappings().all()
    for story in sorted(found, key=lambda one: one["duplicate_of"] is None):
        take_away(connection, story, TOO_OLD, settle, now, mark)
    return len(found)


def _is_superseded() -> ColumnElement[bool]:
    """Rule 1."""
    last_of_story = select(stories.c.id).where(stories.c.seq == changes.c.seq).exists()
    of_living = select(stories.c.id).where(stories.c.id == changes.c.story_id).exists()
    of_version = (_SAME.c.story_id == changes.c.story_id, _SAME.c.version == changes.c.version)
    first = select(func.min(_SAME.c.seq)).where(*of_version).correlate(changes).scalar_subquery()
    last_of_all = select(func.max(_SAME.c.seq)).scalar_subquery()
    needed = or_(last_of_story, and_(of_living, changes.c.seq == first), changes.c.seq == last_of_all)
    return not_(needed)
