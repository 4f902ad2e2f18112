"""What becomes of each pending entry.

Rule: whatever ends a lease first makes sure that it is still ours; if another process took it over, the entry is lost
  to us, and nothing is written.
"""

import datetime as dt

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ingest.edge.store.addresses import leads_to
from ingest.edge.store.columns import Utc
from ingest.edge.store.leases import FREED, Holder
from ingest.edge.store.partial import is_left_out, is_pending
from ingest.edge.store.rows import packed
from ingest.edge.store.tables import backfills, entries, entry_pages, feeds, stories
from ingest.model import Entry, Outcome, PendingEntry

OURS = (
    entries.c.id == bindparam("entry"),
    is_pending(entries),
    entries.c.lease_owner == bindparam("owner"),
)
IS_OURS = select(entries.c.id).where(*OURS)
END = (
    update(entries)
    .where(*OURS)
    .values(
        state=bindparam("new_state"),
        why=bindparam("new_why"),
        story_id=bindparam("new_story"),
        attempts=entries.c.attempts + bindparam("failed_tries"),
        due_at=func.coalesce(bindparam("new_due_at", type_=Utc), entries.c.due_at),
        **FREED,
    )
)
COUNT_PAGE = update(backfills).where(backfills.c.id == bindparam("run")).values(fetched=backfills.c.fetched + 1)
"""Built once: these run for every entry, and building takes SQLAlchemy longer than running."""


def known_story(connection: Connection, pending: PendingEntry, url_key: str) -> str | None:
    """The story that an entry's address is proven to lead to, unless its feed gave the address to another entry too."""
    known = leads_to(connection, url_key)
    if known is None:
        return None
    others = (entries.c.url_key == url_key, entries.c.feed_id == pending.feed.id, entries.c.id != pending.id)
    return known if connection.scalar(select(entries.c.id).where(*others).limit(1)) is None else None


def is_ours(connection: Connection, holder: Holder, pending: PendingEntry) -> bool:
    """Whether an entry is still pending and ours."""
    return connection.scalar(IS_OURS, {"entry": pending.id, "owner": holder.owner}) is not None


def end(connection: Connection, holder: Holder, pending: PendingEntry, outcome: Outcome, tried: bool = True) -> Outcome:
    """Write an outcome down and end the lease; `lost` if it is not ours any more."""
    if outcome.state == "failed" and pending.brought and is_the_feeds(connection, pending):
        return given_back(connection, pending) if is_ours(connection, holder, pending) else lost(pending)
    ended = connection.execute(
        END,
        {
            "entry": pending.id,
            "owner": holder.owner,
            "new_state": outcome.state,
            "new_why": outcome.why,
            "new_story": outcome.story_id,
            "failed_tries": int(tried and outcome.state == "pending"),
            "new_due_at": outcome.due_at,
        },
    )
    if not ended.rowcount:
        return lost(pending)
    if pending.brought and pending.brought.page and outcome.state == "stored":
        connection.execute(delete(entry_pages).where(entry_pages.c.entry_id == pending.id))
    return with_page_counted(connection, pending, outcome)


def with_page_counted(connection: Connection, pending: PendingEntry, outcome: Outcome) -> Outcome:
    """An outcome that says whether the page was had, which its backfill counts."""
    if pending.brought and pending.fetched:
        connection.execute(COUNT_PAGE, {"run": pending.brought.backfill_id})
    return outcome.model_copy(update={"fetched": pending.fetched})


def refuse(connection: Connection, holder: Holder, pending: PendingEntry, why: str) -> Outcome:
    """End a lease of ours without a story, for good; nothing of what the entry says is kept."""
    outcome = end(connection, holder, pending, Outcome(entry_id=pending.id, state="deleted", why=why))
    if outcome.state == "deleted":
        connection.execute(delete(entry_pages).where(entry_pages.c.entry_id == pending.id))
        connection.execute(update(entries).where(entries.c.id == pending.id).values(data=packed(Entry())))
    return outcome


def sight(
    connection: Connection, holder: Holder, pending: PendingEntry, story_id: str, why: str, now: dt.datetime
) -> Outcome:
    """Another sighting of a story; where that was deleted meanwhile, the entry is looked at once more."""
    if connection.scalar(select(stories.c.id).where(stories.c.id == story_id)) is None:
        again = Outcome(entry_id=pending.id, state="pending", why="its story was deleted meanwhile", due_at=now)
        return end(connection, holder, pending, again, tried=False)
    seen = Outcome(entry_id=pending.id, state="stored", story_id=story_id, settled="same", why=why)
    return end(connection, holder, pending, seen)


def is_the_feeds(connection: Connection, pending: PendingEntry) -> bool:
    """Whether a poll has shown an entry that an archive had brought: then no range bounds it any more."""
    brought_by = select(entries.c.backfill_id).where(entries.c.id == pending.id)
    return connection.scalar(brought_by) is None


def given_back(connection: Connection, pending: PendingEntry) -> Outcome:
    """Leave an entry to whoever collects those of its feed."""
    connection.execute(update(entries).where(entries.c.id == pending.id).values(FREED))
    return Outcome(entry_id=pending.id, state="lost", why="its feed shows it now")


def lost(pending: PendingEntry) -> Outcome:
    """The outcome for whoever comes too late."""
    return Outcome(entry_id=pending.id, state="lost", why="another process took it over")


def of_address(connection: Connection, url_key: str) -> list[str]:
    """One line for each entry with an address: its feed, its state and why."""
    rows = connection.execute(
        select(feeds.c.name, entries)
        .join_from(entries, feeds)
        .where(entries.c.url_key == url_key, ~is_left_out(entries))
        .order_by(entries.c.seen_at, entries.c.id)
    )
    return [
        f"{row.name}: {row.state}"
        + (f", tried {row.attempts} times, next at {row.due_at:%Y-%m-%dT%H:%M:%SZ}" if row.state == "pending" else "")
        + (f": {row.why}" if row.why else "")
        for row in rows
    ]
