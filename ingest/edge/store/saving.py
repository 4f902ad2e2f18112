"""From a draft to a story: find candidates, settle and save, within the one transaction that the writer gives.

What is found here cannot change before it is written, since no other process can write meanwhile.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from ingest.core.dedupe.clusters import DRAFT
from ingest.core.dedupe.settle import appeared
from ingest.edge.store import collection, finding, rechecks, steps
from ingest.edge.store.leases import Holder
from ingest.edge.store.tables import aliases
from ingest.model import Draft, Move, Outcome, PendingEntry, Settlement
from ingest.ports import Mark, Settle

NewId = Callable[[dt.datetime], str]
"""Makes the id of a story from the time."""


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

        Where it made a text, its page is looked at again at `check_at`.
        """
        if not collection.is_ours(connection, self.holder, pending):
            return collection.lost(pending)
        appeared_at = appeared(draft.article.published, pending.seen_at)
        found = finding.find(connection, draft, appeared_at, settle.window)
        settled = settle(draft, appeared_at, found.candidates)
        story_id = settled.story_id or self.new_id(now)
        if settled.kind == "version":
            steps.renew(connection, story_id, draft, now)
        elif settled.kind != "same":
            steps.create(connection, story_id, draft, pending.seen_at, appeared_at, now, self.mark)
        self._arrange(connection, story_id, settled, now)
        free = [{"url_key": key, "story_id": story_id} for key in finding.addresses(draft) if key not in found.known]
        if free:
            connection.execute(insert(aliases), free)
        self.mark("store.save.aliases")
        outcome = Outcome(entry_id=pending.id, state="stored", story_id=story_id, settled=settled.kind, why=settled.why)
        ended = collection.end(connection, self.holder, pending, outcome)
        if check_at and settled.kind != "same":
            rechecks.plan(connection, pending.id, story_id, draft, check_at)
        return ended

    def _arrange(self, connection: Connection, story_id: str, settled: Settlement, now: dt.datetime) -> None:
        own = (Move(story_id=story_id, duplicate_of=settled.duplicate_of),) if settled.duplicate_of else ()
        for move in (*own, *settled.moved):
            origin = story_id if move.duplicate_of == DRAFT else move.duplicate_of
            steps.move(connection, move.story_id, origin, now)
            self.mark("store.save.moved")
