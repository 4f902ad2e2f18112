"""A folder of text documents: each is what its story is now."""

from pathlib import Path

import pytest
from delivering import KilledError, deliver, with_stories
from fakes import START, FakeClock
from given import a_draft
from receiving import InFolder
from sqlalchemy import Connection, update

from ingest.core.render.text_document import text_document
from ingest.edge.store import SqlStore, steps
from ingest.edge.store.tables import stories
from ingest.model import Announcement, Change, ChangeFilter
from ingest.ports import Sink

NEW_STORIES = pytest.mark.parametrize("where", [ChangeFilter(kinds=("created",))])
"""The sink hears of no change after the first."""


@pytest.fixture
def receiver(tmp_path: Path) -> InFolder:
    return InFolder(tmp_path / "texts", "documents")


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

    await redated(store, story_id)
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-03-{story_id}.txt"]


@NEW_STORIES
async def test_nor_has_it_two_after_a_replay_where_later_changes_are_left_out(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    (story_id,) = await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    await redated(store, story_id)
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-19-{story_id}.txt"]
    await store.deliveries.move("folder", 0, clock.now())
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-03-{story_id}.txt"]


@NEW_STORIES
async def test_nor_where_the_folder_does_not_tell_what_was_begun(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    (story_id,) = await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    (receiver.folder / ".begun").unlink()
    await redated(store, story_id)
    await store.deliveries.move("folder", 0, clock.now())
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-03-{story_id}.txt"]


@NEW_STORIES
async def test_nor_after_a_crash(receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock) -> None:
    def kill(point: str) -> None:
        if point == "deliver.delivered":
            raise KilledError

    (story_id,) = await with_stories(store, clock, [1])
    with pytest.raises(KilledError):
        await deliver(store, clock, sink, mark=kill)
    await redated(store, story_id)
    await deliver(store, clock, sink)
    assert held(receiver) == [f"2024-01-03-{story_id}.txt"]


async def test_the_folder_is_not_looked_through_for_stories_that_are_new_or_stand_where_they_stood(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scanned(_: object) -> None:
        raise AssertionError

    (story_id,) = await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    with monkeypatch.context() as patched:
        patched.setattr("ingest.edge.deliver.documents.os.scandir", scanned)

        def tell(connection: Connection) -> None:
            steps.tell(connection, story_id, ["updated"], 1, START)

        await store.writer.run(tell)
        await with_stories(store, clock, [2])
        await deliver(store, clock, sink)
    assert len(held(receiver)) == 2


async def redated(store: SqlStore, story_id: str) -> None:
    """The story is of 3 January now."""

    def write(connection: Connection) -> None:
        connection.execute(update(stories).values(published_date=START.date().replace(day=3)))
        steps.tell(connection, story_id, ["updated"], 1, START)

    await store.writer.run(write)
