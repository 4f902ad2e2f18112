"""From a page that was read again to its story, within the transaction that the writer gives.

Rule 1: a page that was replaced meanwhile is left: what took its place was read by the rules of today.
Rule 2: what the story's readers see otherwise is told as a change of it; all else is written without one.
Rule 3: an earlier text is put away only where text or title really changed; a reading without any text is not believed.
Rule 4: the furniture of its publisher, as it is known now, is no part of the text, whenever the story was stored.
Rule 5: what a page says of the publication is heard only of the story's first page, or where nothing was known.
"""

import datetime as dt

from sqlalchemy import Connection, RowMapping, select

from ingest.core import reprocess
from ingest.core.dedupe.furniture import cleared, repeating, without_furniture
from ingest.core.dedupe.settle import appeared
from ingest.core.dedupe.versions import revision
from ingest.edge.store import addresses, furniture, reading, steps
from ingest.edge.store.placing import Origins, place_anew
from ingest.edge.store.tables import changes, raw_pages, stories
from ingest.model import Draft, KeptPage, Moment, Reprocessed, Story
from ingest.ports import Settle

DELETED = "it was deleted meanwhile"
OTHER_PAGE = "its page was replaced meanwhile"
NO_TEXT = "its page gives no text any more"


def reread(connection: Connection, page: KeptPage, read: Draft | str, settle: Settle, now: dt.datetime) -> Reprocessed:
    """Make a story be what its page was read as, and place it anew among its copies."""
    row = connection.execute(select(stories).where(stories.c.id == page.story_id)).mappings().first()
    if row is None:
        return Reprocessed(story_id=page.story_id, failed=DELETED)
    before = _read(connection, page.story_id)
    draft = _believed(connection, page, row, read)
    if isinstance(draft, str):
        return Reprocessed(story_id=page.story_id, title=before.title, failed=draft)
    last = furniture.last_stories(connection, draft.publisher)
    repeated = repeating(last)
    draft = cleared(draft, repeated)
    if row["fingerprint_version"] != draft.fingerprint.schema_version:  # and so it was never looked back on
        furniture.remember(connection, draft.publisher, last, draft.paragraphs, row["number"])
    published = _published(connection, page, row, draft)
    appeared_at = appeared(published, before.first_seen_at)
    steps.rewrite(connection, row, draft, appeared_at, published)
    addresses.give(connection, page.story_id, draft)
    former = place_anew(connection, page.story_id, settle)
    done = Reprocessed(
        story_id=before.id,
        title=draft.article.title,
        differences=reprocess.differences(before, _read(connection, before.id)),
        is_version=bool(revision(before.title, without_furniture(before.text, repeated), draft.article)),
        moved=len(former),
        entered=not row["shingles"] and draft.fingerprint.size > 0,
    )
    if done.is_version:
        steps.keep(connection, row)
    _tell(connection, row, done, former, now)
    return done


def _read(connection: Connection, story_id: str) -> Story:
    story = reading.by_id(connection, story_id)
    assert story
    return story


def _believed(connection: Connection, page: KeptPage, row: RowMapping, read: Draft | str) -> Draft | str:
    """The draft, or why it is not taken (rules 1 and 3)."""
    fetched_at = connection.scalar(select(raw_pages.c.fetched_at).where(raw_pages.c.story_id == page.story_id))
    if fetched_at != page.fetched_at:
        return OTHER_PAGE
    if isinstance(read, Draft) and row["text"] and not read.article.text:
        return NO_TEXT
    return read


def _published(connection: Connection, page: KeptPage, row: RowMapping, draft: Draft) -> Moment | None:
    """Rule 5."""
    created_at = connection.scalar(select(changes.c.at).where(changes.c.seq == row["number"]))
    if row["published_at"] is None or created_at is None or page.fetched_at <= created_at:
        return draft.article.published
    return Moment(at=row["published_at"], day=row["published_date"])


def _tell(connection: Connection, row: RowMapping, done: Reprocessed, former: Origins, now: dt.datetime) -> None:
    """The changes (rule 2): of the story, and of all that lie elsewhere now."""
    others = former.keys() - {row["id"]}
    for story_id in sorted(others):
        steps.tell_moved(connection, story_id, now)
    kinds = ["updated"] if done.differences else []
    if row["id"] in former:
        kinds = list(dict.fromkeys([*kinds, "duplicate" if _read(connection, row["id"]).duplicate_of else "updated"]))
    steps.tell(connection, row["id"], kinds, row["version"] + done.is_version, now)
