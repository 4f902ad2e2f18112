"""From a draft to a story: candidates, settle and save, within the one transaction that the writer gives.

What is found here cannot change before it is written, since no other process can write meanwhile. The order of the
statements is that of the foreign keys: change, story, and what belongs to it.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from ingest.core.hashtags.spelling import tag_key
from ingest.edge.store import collection
from ingest.edge.store.leases import Holder
from ingest.edge.store.rows import noun
from ingest.edge.store.tables import aliases, changes, raw_pages, stories, story_hashtags
from ingest.model import Candidate, Draft, Outcome, PendingEntry
from ingest.ports import Mark, Settle

NewId = Callable[[dt.datetime], str]
"""Makes the id of a story from the time."""

KNOWN = (stories.c.id.label("story_id"), stories.c.publisher, stories.c.title, stories.c.text_hash)
"""What settle is told of a stored story."""

AT_ADDRESSES = (
    select(aliases.c.url_key, *KNOWN)
    .join_from(aliases, stories)
    .where(aliases.c.url_key.in_(bindparam("url_keys", expanding=True)))
)
WITH_TEXT = select(*KNOWN).where(
    stories.c.publisher == bindparam("publisher"), stories.c.text_hash == bindparam("text_hash")
)
ADD_CHANGE = insert(changes).returning(changes.c.seq)
"""Built once, as in `collection`."""


@dataclass(frozen=True)
class Saver:
    """Saves for this process."""

    holder: Holder
    new_id: NewId
    mark: Mark

    def save(
        self, connection: Connection, pending: PendingEntry, draft: Draft, settle: Settle, now: dt.datetime
    ) -> Outcome:
        """Settle a draft, and write down what it is: a new story, or another sighting of one."""
        if not collection.is_ours(connection, self.holder, pending):
            return collection.lost(pending)
        known = _stories_at(connection, _addresses(draft))
        settlement = settle(draft, _ranked(draft, known, _stories_with_text(connection, draft)))
        story_id = settlement.story_id or self.new_id(now)
        if settlement.kind == "new":
            self._insert(connection, story_id, draft, pending.seen_at, now)
        free = [{"url_key": key, "story_id": story_id} for key in _addresses(draft) if key not in known]
        if free:
            connection.execute(insert(aliases), free)
        self.mark("store.save.aliases")
        outcome = Outcome(
            entry_id=pending.id, state="stored", story_id=story_id, settled=settlement.kind, why=settlement.why
        )
        return collection.end(connection, self.holder, pending, outcome)

    def _insert(
        self, connection: Connection, story_id: str, draft: Draft, seen_at: dt.datetime, now: dt.datetime
    ) -> None:
        created = {"kind": "created", "at": now, "story_id": story_id, "version": 1}
        seq = connection.execute(ADD_CHANGE, created).scalar_one()
        self.mark("store.save.change")
        ids = {"id": story_id, "seq": seq, "cluster": story_id, "duplicate_of": None, "version": 1}
        connection.execute(insert(stories), {"first_seen_at": seen_at, **ids, **_columns(draft)})
        self.mark("store.save.story")
        tags = [
            {"story_id": story_id, "position": position, "tag": tag.tag, "key": tag_key(tag.tag), "source": tag.source}
            for position, tag in enumerate(draft.hashtags)
        ]
        if tags:
            connection.execute(insert(story_hashtags), tags)
        if draft.raw:
            page = {"story_id": story_id, "fetched_at": now, "type": draft.raw_type, "body": draft.raw}
            connection.execute(insert(raw_pages), page)


def candidates(connection: Connection, draft: Draft) -> list[Candidate]:
    """What settle would be told if the draft were saved now."""
    return _ranked(draft, _stories_at(connection, _addresses(draft)), _stories_with_text(connection, draft))


def _addresses(draft: Draft) -> list[str]:
    """Every address that the draft may be known under: its own, then what led to it, then what the page names."""
    keys = (draft.url_key, *draft.alias_keys, draft.canonical_key)
    return [key for key in dict.fromkeys(keys) if key]


def _stories_at(connection: Connection, url_keys: Sequence[str]) -> dict[str, RowMapping]:
    return {row["url_key"]: row for row in connection.execute(AT_ADDRESSES, {"url_keys": url_keys}).mappings()}


def _stories_with_text(connection: Connection, draft: Draft) -> Sequence[RowMapping]:
    text_hash = draft.fingerprint.text_hash
    if text_hash is None:
        return ()
    same = {"publisher": draft.publisher, "text_hash": text_hash}
    return connection.execute(WITH_TEXT, same).mappings().all()


def _ranked(draft: Draft, known: dict[str, RowMapping], same_text: Sequence[RowMapping]) -> list[Candidate]:
    """Each story once, by the strongest of what led to it."""
    own = {draft.url_key, *draft.alias_keys}
    found: dict[str, Candidate] = {}
    for key in _addresses(draft):
        if row := known.get(key):
            found.setdefault(row["story_id"], noun(Candidate, row, matched="url" if key in own else "canonical"))
    for row in same_text:
        found.setdefault(row["story_id"], noun(Candidate, row, matched="text"))
    return list(found.values())


def _columns(draft: Draft) -> dict[str, object]:
    article, published = draft.article, draft.article.published
    return {
        "url": article.url or None,
        "title": article.title,
        "text": article.text,
        "text_hash": draft.fingerprint.text_hash,
        "fingerprint_version": draft.fingerprint.schema_version,
        "summary": article.summary,
        "authors": article.authors,
        "site": article.site,
        "language": article.language,
        "published_at": published.at if published else None,
        "published_date": published.day if published else None,
        "modified_at": article.modified.at if article.modified else None,
        "image": article.image,
        "publisher": draft.publisher,
        "source": draft.source,
        "note": draft.note,
        "methods": article.methods,
    }
