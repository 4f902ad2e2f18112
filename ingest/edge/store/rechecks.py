"""Re-checks: which stored entries are looked at again, and what that does to their stories.

Rule 1: as in `collection`, whatever ends a lease first makes sure that it is still ours.
Rule 2: what is found is settled against the entry's own story alone: what its address leads to now can be a new version
        of that story, and nothing else.
Rule 3: of a story's entries the one that was looked at last has the next re-check. An edit that came meanwhile, or
        is planned for later, is heeded all the same, in whichever of them it shows.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection, RowMapping, Select, bindparam, select, update

from ingest.core.dedupe.fingerprint import letters
from ingest.core.dedupe.furniture import cleared, repeating
from ingest.core.dedupe.versions import change, is_still
from ingest.edge.store import addresses, collection, finding, furniture, steps, tombstones
from ingest.edge.store import feeds as feed_rows
from ingest.edge.store.columns import Utc
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.partial import is_checked
from ingest.edge.store.placing import place_anew
from ingest.edge.store.rows import UNREADABLE, noun, unpacked
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import entries, feeds, stories
from ingest.edge.store.writer import Writer
from ingest.model import Candidate, Draft, Recheck, Rechecked
from ingest.ports import Mark, Settle, Shares

OURS = (
    entries.c.id == bindparam("entry"),
    entries.c.state == "stored",
    entries.c.lease_owner == bindparam("owner"),
)
IS_OURS = select(entries.c.edited_at).where(*OURS)
END = (
    update(entries)
    .where(entries.c.id == bindparam("entry"))
    .values(
        check_at=bindparam("next_at", type_=Utc),
        checks=entries.c.checks + bindparam("more_checks"),
        page_etag=bindparam("etag"),
        page_last_modified=bindparam("modified"),
        page_missing=bindparam("missing"),
        **FREED,
    )
)
GIVE_UP_OTHERS = (
    update(entries)
    .where(entries.c.story_id == bindparam("story"), entries.c.id != bindparam("entry"))
    .where(
        is_checked(entries), entries.c.lease_owner.is_(None), entries.c.check_at.is_distinct_from(entries.c.edited_at)
    )
    .values(check_at=None)
)
"""But those that are due for an edit."""


class SqlRechecks:
    """Implements `ports.Rechecks`."""

    def __init__(self, read: Read, writer: Writer, holder: Holder, mark: Mark) -> None:
        self._read = read
        self._writer = writer
        self._holder = holder
        self._mark = mark

    async def lease(
        self, now: dt.datetime, limit: int, feeds: Sequence[int] | None, due_by: dt.datetime | None, shares: Shares
    ) -> list[Recheck]:
        """What is due is looked for by a reader, since mostly there is nothing."""
        due = _due(due_by or now, feeds)
        if not limit or not await self._read(lambda connection: connection.execute(due.limit(1)).first()):
            return []
        lease = partial(_lease, holder=self._holder, now=now, due=due, limit=limit, only=feeds, shares=shares)
        return await self._holder.taking(self._writer.run, lease)

    async def renew(self, ids: Sequence[int], now: dt.datetime) -> None:
        await self._writer.run(partial(self._holder.renew, key=entries.c.id, ids=ids, now=now))

    async def found(
        self, recheck: Recheck, draft: Draft | None, settle: Settle, now: dt.datetime, next_at: dt.datetime | None
    ) -> Rechecked:
        def write(connection: Connection) -> Rechecked:
            return _found(connection, recheck, draft, settle, now)

        page = {"etag": draft.etag, "modified": draft.last_modified} if draft else {}
        return await self._end(recheck, write, next_at, **page)

    async def withdraw(self, recheck: Recheck, why: str, now: dt.datetime, next_at: dt.datetime | None) -> Rechecked:
        def write(connection: Connection) -> Rechecked:
            if _is_withdrawn(connection, recheck):
                return _told(recheck, "unchanged", f"still withdrawn: {why}")
            steps.withdraw(connection, recheck.story_id, now)
            return _told(recheck, "withdrawn", why)

        return await self._end(recheck, write, next_at)

    async def miss(self, recheck: Recheck, why: str, next_at: dt.datetime | None) -> Rechecked:
        return await self._end(recheck, lambda _: _told(recheck, "missing", why), next_at, missing=True)

    async def leave(self, recheck: Recheck, why: str, next_at: dt.datetime | None, counted: bool = True) -> Rechecked:
        kept = {"missing": recheck.missing, "more_checks": int(counted)}
        return await self._end(recheck, lambda _: _told(recheck, "failed", why), next_at, **kept)

    async def _end(
        self,
        recheck: Recheck,
        write: Callable[[Connection], Rechecked],
        next_at: dt.datetime | None,
        **values: object,
    ) -> Rechecked:
        def run(connection: Connection) -> Rechecked:
            ours = connection.execute(IS_OURS, {"entry": recheck.id, "owner": self._holder.owner}).first()
            if ours is None:
                return _told(recheck, "lost", "another process took it over")
            result = write(connection)
            self._mark("store.recheck.written")
            dues = (next_at, ours.edited_at if _is_ahead(ours.edited_at, recheck) else None)
            due_at = min((at for at in dues if at), default=None)
            usual = {"etag": recheck.etag, "modified": recheck.last_modified, "missing": False, "more_checks": 1}
            connection.execute(END, usual | values | {"entry": recheck.id, "next_at": due_at})
            connection.execute(GIVE_UP_OTHERS, {"entry": recheck.id, "story": recheck.story_id})
            return result.model_copy(update={"due_at": due_at})

        return await self._writer.run(run)


def _is_ahead(edited_at: dt.datetime | None, recheck: Recheck) -> bool:
    """Whether an edit is still to be looked for that this re-check was not due for."""
    return edited_at is not None and (edited_at != recheck.edited_at or edited_at > recheck.check_at)


def plan(connection: Connection, entry_id: int, story_id: str, draft: Draft, check_at: dt.datetime) -> None:
    """Look again at the page that an entry led to, and at no other of its story."""
    page = {"etag": draft.etag, "modified": draft.last_modified, "missing": False}
    connection.execute(END, page | {"entry": entry_id, "next_at": check_at, "more_checks": 0})
    connection.execute(GIVE_UP_OTHERS, {"entry": entry_id, "story": story_id})


def _found(
    connection: Connection, recheck: Recheck, draft: Draft | None, settle: Settle, now: dt.datetime
) -> Rechecked:
    story_id, withdrawn = recheck.story_id, _is_withdrawn(connection, recheck)
    repeated = repeating(furniture.last_stories(connection, draft.publisher)) if draft else frozenset()
    if draft and tombstones.is_taken_down(connection, draft, cleared(draft, repeated)):
        return _told(recheck, "unchanged", f"what its address leads to now is no more: {tombstones.TAKEN_DOWN}")
    draft = cleared(draft, repeated) if draft else None
    kind, why = "same", "the page is as it was"
    if draft:
        candidate = furniture.without(repeated, finding.stored(connection, story_id), draft)
        kind, why = _settled(connection, recheck, draft, candidate, settle)
    if kind == "other":
        return _told(recheck, "unchanged", why)
    if draft:
        addresses.give(connection, story_id, draft)
    if draft and kind == "version":
        if steps.renew(connection, story_id, draft, now):
            for moved in place_anew(connection, story_id, settle):
                steps.tell_moved(connection, moved, now)
    else:
        steps.restore(connection, story_id, draft, now)
    changed = "changed" if kind == "version" else "unchanged"
    return _told(recheck, "returned" if withdrawn else changed, why)


def _settled(
    connection: Connection, recheck: Recheck, draft: Draft, candidate: Candidate, settle: Settle
) -> tuple[str, str]:
    """Whether a draft is a version of the story of its entry, the same, or another article (rule 2); and why."""
    story_id = recheck.story_id
    if addresses.leads_to(connection, draft.url_key) != story_id and not is_still(candidate, draft):
        return "other", f"its address leads to another text now, at {draft.article.url}"
    settled = settle(draft, recheck.appeared_at, [candidate])
    if settled.story_id == story_id:
        return settled.kind, settled.why
    if _is_as_told(recheck, draft) and draft.publisher == candidate.publisher and (changes := change(candidate, draft)):
        return "version", f"another text under the title that its feed gives it now: {changes}"
    return "other", settled.why


def _is_as_told(recheck: Recheck, draft: Draft) -> bool:
    """Whether a draft has the title that the feed gives the entry now."""
    return letters(recheck.entry.title) == letters(draft.article.title) != ""


def _due(due_by: dt.datetime, only: Sequence[int] | None) -> Select[tuple[object, ...]]:
    watched = feed_rows.ENABLED if only is None else feeds.c.id.in_(only)
    return (
        select(entries.c.id, entries.c.publisher)
        .join_from(entries, feeds)
        .where(is_checked(entries), entries.c.check_at <= due_by, ~feeds.c.removed, watched)
        .order_by(entries.c.check_at, entries.c.id)
    )


def _lease(
    connection: Connection,
    holder: Holder,
    now: dt.datetime,
    due: Select[tuple[object, ...]],
    limit: int,
    only: Sequence[int] | None,
    shares: Shares,
) -> list[Recheck]:
    busy = collection.busy(connection, holder, now, only, shares)
    return _rechecks(connection, collection.lease_after(connection, holder, now, due, limit, shares, busy))


def _rechecks(connection: Connection, ids: Sequence[int]) -> list[Recheck]:
    of_story = (stories.c.source, stories.c.pages, stories.c.appeared_at, stories.c.withdrawn_at)
    found = connection.execute(
        select(entries, *of_story).join_from(entries, stories).where(entries.c.id.in_(ids)).order_by(entries.c.check_at)
    ).mappings()
    rows = found.all()
    of_feed = feed_rows.by_id(connection, list({row["feed_id"] for row in rows}))
    rechecks: list[Recheck] = []
    for row in rows:
        try:
            rechecks.append(_recheck(row, feed=of_feed[row["feed_id"]], entry=unpacked(row["data"])))
        except UNREADABLE:  # one such row would keep all others from being leased
            never = update(entries).where(entries.c.id == row["id"])
            connection.execute(never.values(check_at=None, **FREED))
    return rechecks


def _recheck(row: RowMapping, **more: object) -> Recheck:
    page = {"missing": row["page_missing"], "etag": row["page_etag"], "last_modified": row["page_last_modified"]}
    return noun(Recheck, row, withdrawn=row["withdrawn_at"] is not None, **page, **more)


def _is_withdrawn(connection: Connection, recheck: Recheck) -> bool:
    at = select(stories.c.withdrawn_at).where(stories.c.id == recheck.story_id)
    return connection.scalar(at) is not None


def _told(recheck: Recheck, result: str, why: str) -> Rechecked:
    told = {"entry_id": recheck.id, "story_id": recheck.story_id, "result": result, "why": why}
    return Rechecked.model_validate(told)
