"""Contract of the Store: what a long text costs is paid before a transaction, and not in it."""

import pytest
from fakes import START
from given import a_draft, one_pending, settle
from sqlalchemy import Connection, func, select

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.edge.store import SqlStore, likeness_index, steps
from ingest.edge.store.tables import shingles, sketches
from ingest.model import Draft

BOOK = " ".join(f"word{number}" for number in range(likeness_index.LONG + 100))


def a_book(text: str) -> Draft:
    usual = a_draft(1)
    changed = {"article": usual.article.model_copy(update={"text": text}), "fingerprint": fingerprint("Title 1", text)}
    return usual.model_copy(update=changed)


def rows(connection: Connection) -> tuple[int, int]:
    """How many hashes lead to a story, and how many sketches are kept."""
    hashes, kept = (connection.scalar(select(func.count()).select_from(table)) for table in (shingles, sketches))
    return hashes or 0, kept or 0


async def test_the_sketch_of_a_long_text_is_not_made_again_when_it_is_replaced(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = [a_book(text) for text in (BOOK, f"{BOOK} and an end", "Short now.")]
    monkeypatch.setattr(likeness_index, "fingerprint", None)  # whoever made one now would fail
    story_id = (await store.save(await one_pending(store, 1), drafts[0], settle, START)).story_id or ""
    told = []
    for draft in drafts[1:]:
        await store.writer.run(lambda connection, draft=draft: steps.renew(connection, story_id, draft, START))  # type: ignore[misc]
        told.append(await store._read(rows))
    assert told == [(len(drafts[1].fingerprint.sketch), 1), (0, 0)]


async def test_a_long_text_from_before_sketches_were_kept_leaves_the_index_too(store: SqlStore) -> None:
    story_id = (await store.save(await one_pending(store, 1), a_book(BOOK), settle, START)).story_id or ""
    await store.writer.run(lambda connection: connection.execute(sketches.delete()))
    await store.removals.delete(story_id, "", settle, START)
    assert await store._read(rows) == (0, 0)


async def test_a_sketch_that_an_earlier_version_left_behind_is_replaced(store: SqlStore) -> None:
    draft = a_book(BOOK)
    story_id = (await store.save(await one_pending(store, 1), a_book("Short."), settle, START)).story_id or ""
    await store.writer.run(lambda connection: connection.execute(sketches.insert(), {"story": 1, "hashes": [1]}))
    await store.writer.run(lambda connection: steps.renew(connection, story_id, draft, START))
    assert await store._read(rows) == (len(draft.fingerprint.sketch), 1)
