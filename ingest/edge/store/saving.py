"""From a draft to a story: find candidates, settle and save, within the one transaction that the writer gives.

What is found here cannot change before it is written, since no other process can write meanwhile.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select
from ulid import ULID

from ingest.core.dedupe.furniture import Keys, cleared, repeating
from ingest.core.dedupe.settle import appeared
from ingest.edge.store import addresses, finding, furniture, outcomes, placing, rechecks, steps, tombstones
from ingest.edge.store.leases import Holder
from ingest.edge.store.tables import stories
from ingest.model import Draft, Moment, Outcome, PendingEntry
from ingest.ports import Mark, Settle

NewId = Callable[[dt.datetime], str]
"""Makes the id of a story from the time."""


def rising_ids() -> NewId:
    """Ids that sort by time, and by order of making where the time is the same or went back."""
    last = 0

    def new_id(now: dt.datetime) -> str:
        nonlocal last
        last = max(last + 1, int(ULID.from_datetime(now)))
        return str(ULID.from_int(last))

    return new_id


@dataclass(frozen=True)
class Saver:
    """Saves for this process."""

    holder: Holder
    new_id: NewId
    mark: Mark

    def save(
        self,
        connection: Connection,
        pending: PendingEntry,
        draft: Draft,
        settle: Settle,
        now: dt.datetime,
        check_at: dt.datetime | None,
    ) -> Outcome:
        """Settle a draft, and write down what it is: a new story, a new version, or another sighting of one.

        Where it made a text, its page is looked at again at `check_at`. What was taken down stays away.
        """
        if not outcomes.is_ours(connection, self.holder, pending):
            return outcomes.lost(pending)
        last = furniture.last_stories(connection, draft.publisher)
        repeated = repeating(last)
        without = cleared(draft, repeated)
        if tombstones.is_taken_down(connection, draft, without):
            return outcomes.refuse(connection, self.holder, pending, tombstones.TAKEN_DOWN)
        return self._save(connection, pending, without, last, repeated, settle, now, check_at)

    def _save(
        self,
        connection: Connection,
        pending: PendingEntry,
        draft: Draft,
        last: list[Keys],
        repeated: frozenset[int],
        settle: Settle,
        now: dt.datetime,
        check_at: dt.datetime | None,
    ) -> Outcome:
        first_sight = (pending.brought and pending.brought.at) or pending.seen_at
        appeared_at = appeared(draft.article.published, first_sight)
        found = finding.find(connection, draft, appeared_at, settle.window)
        settled = settle(draft, appeared_at, [furniture.without(repeated, one, draft) for one in found.candidates])
        story_id = settled.story_id or self.new_id(now)
        moved: Collection[str] = ()
        if settled.kind == "version":
            moved = _renew(connection, story_id, draft, settle, now)
        elif settled.kind == "same":
            moved = _see_again(connection, story_id, draft, appeared_at, found, settle)
        else:
            via = pending.brought.via if pending.brought and not outcomes.is_the_feeds(connection, pending) else ""
            new = steps.New(story_id, settled.duplicate_of, pending.seen_at, appeared_at, via)
            number = steps.create(connection, new, draft, now, self.mark)
            furniture.remember(connection, draft.publisher, last, draft.paragraphs, number)
            moved = placing.follow(connection, story_id, settled.moved, settle)
        for one in moved:
            steps.tell_moved(connection, one, now)
            self.mark("store.save.moved")
        returned = settled.kind == "same" and draft.source == "page" and steps.restore(connection, story_id, draft, now)
        addresses.give(connection, story_id, draft, found.known, anew=settled.story_id is None)
        self.mark("store.save.aliases")
        outcome = Outcome(entry_id=pending.id, state="stored", story_id=story_id, settled=settled.kind, why=settled.why)
        ended = outcomes.end(connection, self.holder, pending, outcome)
        if check_at and (returned or settled.kind != "same"):
            rechecks.plan(connection, pending.id, story_id, draft, check_at)
        return ended


def _renew(connection: Connection, story_id: str, draft: Draft, settle: Settle, now: dt.datetime) -> Collection[str]:
    """A new version; returns whom it moves, where it tells an earlier publication."""
    return placing.place_anew(connection, story_id, settle) if steps.renew(connection, story_id, draft, now) else ()


def _see_again(
    connection: Connection,
    story_id: str,
    draft: Draft,
    appeared_at: dt.datetime,
    found: finding.Found,
    settle: Settle,
) -> Collection[str]:
    """Another sighting; returns of whom there is news, where another address shows an earlier publication."""
    earlier = _earlier(connection, story_id, draft, appeared_at, found)
    if earlier is None:
        return ()
    steps.predate(connection, story_id, earlier, appeared_at)
    return dict.fromkeys([story_id, *placing.place_anew(connection, story_id, settle)])


def _earlier(
    connection: Connection, story_id: str, draft: Draft, appeared_at: dt.datetime, found: finding.Found
) -> Moment | None:
    """The publication that another address of a story shows, where that is earlier than what was known."""
    if draft.url_key in found.known or draft.article.published is None:
        return None
    known_at = connection.scalar(select(stories.c.appeared_at).where(stories.c.id == story_id))
    return draft.article.published if known_at and appeared_at < known_at else None
