"""A folder of text documents: each is what its story is now."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from delivering import begin, deliver, with_stories
from fakes import START, FakeClock
from given import a_draft
from receiving import InFolder, made
from sqlalchemy import Connection, update

from ingest.core.render.text_document import text_document
from ingest.edge.store import SqlStore, steps
from ingest.edge.store.tables import stories
from ingest.model import Announcement, Change
from ingest.ports import Sink


@pytest.fixture
def receiver(tmp_path: Path) -> InFolder:
    return InFolder(tmp_path / "texts", "documents")


@pytest.fixture
async def sink(receiver: InFolder, store: SqlStore, clock: FakeClock) -> AsyncIterator[Sink]:
    opened = made(receiver.spec(), "STORE", clock)
    await begin(store, clock, opened)
    yield opened
    await opened.close()


def held(receiver: InFolder) -> list[str]:
    return sorted(path.name for path in receiver.folder.iterdir() if not path.name.startswith("."))


async def test_a_document_is_named_and_written_as_an_export_does(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    (story_id,) = await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-19-{story_id}.txt"]
    story = await store.story(story_id)
    assert story
    assert (receiver.folder / held(receiver)[0]).read_text() == text_document(story)


async def test_a_story_that_is_withdrawn_has_no_document_until_it_is_restored(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    story_id, other = await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)

    def withdraw(connection: Connection) -> None:
        steps.withdraw(connection, story_id, START)

    def restore(connection: Connection) -> None:
        steps.restore(connection, story_id, a_draft(1), START)

    await store.writer.run(withdraw)
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-19-{other}.txt"]
    await store.writer.run(restore)
    await deliver(store, clock, sink)
    assert len(held(receiver)) == 2


async def test_a_story_that_is_deleted_has_no_document(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    story_id, other = await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)
    change = Change(seq=3, kind="deleted", at=START, story_id=story_id, version=1)
    await sink.deliver([Announcement(change=change, story=None)], "3-3")
    assert held(receiver) == [f"2024-01-19-{other}.txt"]


async def test_a_story_of_another_day_than_before_has_one_document(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    (story_id,) = await with_stories(store, clock, [1])
    await deliver(store, clock, sink)

    def predate(connection: Connection) -> None:
        connection.execute(update(stories).values(published_date=START.date().replace(day=3)))
        steps.tell(connection, story_id, ["updated"], 1, START)

    await store.writer.run(predate)
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-03-{story_id}.txt"]
