"""The steps in the life of a story, each with its change: created, updated, duplicate, withdrawn, deleted.

The order of the statements is that of the foreign keys: change, story, and what belongs to it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, RowMapping, delete, exists, insert, select, update

from ingest.core.dedupe.settle import appeared
from ingest.core.hashtags.spelling import tag_key
from ingest.edge.store import likeness_index, search_index
from ingest.edge.store.tables import changes, raw_pages, stories, story_hashtags, versions
from ingest.model import Draft, Moment
from ingest.ports import Mark

ADD_CHANGE = insert(changes).returning(changes.c.seq)
"""Built once, as in `outcomes`."""

ADD_STORY = insert(stories)
ADD_TAGS = insert(story_hashtags)
ADD_PAGE = insert(raw_pages)

KEPT = ("title", "summary", "modified_at", "text")
"""What an earlier version is remembered by."""


@dataclass(frozen=True)
class New:
    """What a story is born with."""

    story_id: str
    duplicate_of: str | None
    seen_at: dt.datetime
    appeared_at: dt.datetime
    via: str


def create(
    connection: Connection,
    new: New,
    draft: Draft,
    now: dt.datetime,
    mark: Mark,
) -> int:
    """A new story: the origin of a cluster of its own, or the copy of another; returns its number."""
    number = _change(connection, "created", new.story_id, 1, now)
    mark("store.save.change")
    seq = _change(connection, "duplicate", new.story_id, 1, now) if new.duplicate_of else number
    identity = {"id": new.story_id, "number": number, "seq": seq, "version": 1}
    place = {"cluster": new.duplicate_of or new.story_id, "duplicate_of": new.duplicate_of}
    times = {"first_seen_at": new.seen_at, "appeared_at": new.appeared_at, "via": new.via}
    connection.execute(ADD_STORY, {**identity, **place, **times, **_dates(draft.article.published), **_columns(draft)})
    mark("store.save.story")
    _add_belongings(connection, new.story_id, draft, now)
    likeness_index.enter(connection, number, draft.fingerprint, new.appeared_at)
    search_index.enter(connection, number, search_index.tokens_of(draft))
    mark("store.save.indexed")
    return number


def renew(connection: Connection, story_id: str, draft: Draft, now: dt.datetime) -> bool:
    """A new version of a story; the one before stays readable.

    What a page says now of its publication is heard only where nothing was known of it.

    Returns:
        Whether the story appeared at another time than was known, so that it must be placed anew.
    """
    before = connection.execute(select(stories).where(stories.c.id == story_id)).mappings().one()
    keep(connection, before)
    version = before["version"] + 1
    seq = _change(connection, "updated", story_id, version, now)
    published = draft.article.published if before["published_at"] is None else None
    appeared_at = appeared(published, before["first_seen_at"]) if published else before["appeared_at"]
    known = {**_dates(published), "appeared_at": appeared_at} if published else {}
    values = {**_columns(draft), **known, "version": version, "seq": seq, "withdrawn_at": None}
    if _is_taken(connection, story_id, draft):
        values["text_hash"] = None
    connection.execute(update(stories).where(stories.c.id == story_id).values(values))
    for belonging in (story_hashtags, raw_pages):
        connection.execute(delete(belonging).where(belonging.c.story_id == story_id))
    _add_belongings(connection, story_id, draft, now)
    number, old = before["number"], likeness_index.entered_by(connection, before)
    likeness_index.leave(connection, number, old, before["appeared_at"])
    likeness_index.enter(connection, number, draft.fingerprint, appeared_at)
    search_index.renew(connection, before, draft)
    return bool(appeared_at != before["appeared_at"])


def rewrite(
    connection: Connection, before: RowMapping, draft: Draft, appeared_at: dt.datetime, published: Moment | None
) -> None:
    """What another reading of its page makes of a story; who tells it is `tell`."""
    story_id, number = before["id"], before["number"]
    values = {**_columns(draft), **_dates(published), "appeared_at": appeared_at}
    if _is_taken(connection, story_id, draft):
        values["text_hash"] = None
    connection.execute(update(stories).where(stories.c.id == story_id).values(values))
    connection.execute(delete(story_hashtags).where(story_hashtags.c.story_id == story_id))
    _add_tags(connection, story_id, draft)
    likeness_index.leave(connection, number, likeness_index.entered_by(connection, before), before["appeared_at"])
    likeness_index.enter(connection, number, draft.fingerprint, appeared_at)
    search_index.renew(connection, before, draft)


def keep(connection: Connection, before: RowMapping) -> None:
    """Put an earlier text of a story away, readable."""
    kept = {name: before[name] for name in KEPT}
    connection.execute(insert(versions), {"story_id": before["id"], "version": before["version"], **kept})


def tell(connection: Connection, story_id: str, kinds: Sequence[str], version: int, now: dt.datetime) -> None:
    """The changes of a story that is written already."""
    for kind in kinds:
        seq = _change(connection, kind, story_id, version, now)
        connection.execute(update(stories).where(stories.c.id == story_id).values(seq=seq, version=version))


def tell_moved(connection: Connection, story_id: str, now: dt.datetime) -> None:
    """The change of a story that has another origin than before, or none any more."""
    of_story = select(stories.c.version, stories.c.duplicate_of).where(stories.c.id == story_id)
    row = connection.execute(of_story).one()
    tell(connection, story_id, ["duplicate" if row.duplicate_of else "updated"], row.version, now)


def tell_deleted(connection: Connection, story_id: str, version: int, now: dt.datetime) -> None:
    """The last change of a story, which is gone already."""
    _change(connection, "deleted", story_id, version, now)


def predate(connection: Connection, story_id: str, published: Moment, appeared_at: dt.datetime) -> None:
    """An earlier publication of a story; who tells it is `tell`."""
    before = connection.execute(select(stories).where(stories.c.id == story_id)).mappings().one()
    dates = {**_dates(published), "appeared_at": appeared_at}
    connection.execute(update(stories).where(stories.c.id == story_id).values(dates))
    number, text = before["number"], likeness_index.entered_by(connection, before)
    likeness_index.leave(connection, number, text, before["appeared_at"])
    likeness_index.enter(connection, number, text, appeared_at)


def withdraw(connection: Connection, story_id: str, now: dt.datetime) -> None:
    """Mark a story that its publisher took away."""
    _step(connection, "withdrawn", story_id, now, withdrawn_at=now)


def restore(connection: Connection, story_id: str, draft: Draft | None, now: dt.datetime) -> bool:
    """Take that mark away, where it is: the article is there again, at the address where it was read now."""
    marked = select(stories.c.url).where(stories.c.id == story_id, stories.c.withdrawn_at.is_not(None))
    row = connection.execute(marked).first()
    if row is None:
        return False
    _step(connection, "updated", story_id, now, withdrawn_at=None, url=(draft and draft.article.url) or row.url)
    return True


def _step(connection: Connection, kind: str, story_id: str, now: dt.datetime, **values: object) -> None:
    """A change that leaves the text as it is."""
    version = connection.scalar(select(stories.c.version).where(stories.c.id == story_id))
    seq = _change(connection, kind, story_id, version or 1, now)
    connection.execute(update(stories).where(stories.c.id == story_id).values(seq=seq, **values))


def _change(connection: Connection, kind: str, story_id: str, version: int, now: dt.datetime) -> int:
    change = {"kind": kind, "at": now, "story_id": story_id, "version": version}
    seq: int = connection.execute(ADD_CHANGE, change).scalar_one()
    return seq


def _add_belongings(connection: Connection, story_id: str, draft: Draft, now: dt.datetime) -> None:
    _add_tags(connection, story_id, draft)
    if draft.raw:
        page = {"story_id": story_id, "fetched_at": now, "type": draft.raw_type, "body": draft.raw}
        answer = draft.answer.model_dump(mode="json") if draft.answer else None
        connection.execute(ADD_PAGE, {**page, "answer": answer})


def _add_tags(connection: Connection, story_id: str, draft: Draft) -> None:
    tags = [
        {"story_id": story_id, "position": position, "tag": tag.tag, "key": tag_key(tag.tag), "source": tag.source}
        for position, tag in enumerate(draft.hashtags)
    ]
    if tags:
        connection.execute(ADD_TAGS, tags)


def _is_taken(connection: Connection, story_id: str, draft: Draft) -> bool:
    """Whether another story of the publisher has this very text: no two may be known by it."""
    same = (stories.c.publisher == draft.publisher, stories.c.text_hash == draft.fingerprint.text_hash)
    return bool(connection.scalar(select(exists().where(*same, stories.c.id != story_id))))


def _dates(published: Moment | None) -> dict[str, object]:
    return {
        "published_at": published.at if published else None,
        "published_date": published.day if published else None,
    }


def _columns(draft: Draft) -> dict[str, object]:
    article = draft.article
    return {
        "url": article.url or None,
        "title": article.title,
        "text": article.text,
        "text_hash": draft.fingerprint.text_hash,
        "fingerprint_version": draft.fingerprint.schema_version,
        "shingles": draft.fingerprint.size,
        "summary": article.summary,
        "authors": article.authors,
        "site": article.site,
        "language": article.language,
        "modified_at": article.modified.at if article.modified else None,
        "image": article.image,
        "publisher": draft.publisher,
        "source": draft.source,
        "kind": article.kind,
        "section": article.section,
        "free": article.free,
        "pages": draft.pages,
        "problem": draft.problem,
        "note": draft.note,
        "methods": article.methods,
    }
