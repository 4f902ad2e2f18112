"""Contract of the Store: who follows the changes misses none, and sees none twice."""

import asyncio
import json

import pytest
from fakes import START
from given import a_draft, a_feed, an_entry, leased, one_pending, settle, written_down
from sqlalchemy import Connection, update

from ingest.core.announcing import is_wanted
from ingest.core.render.story_json import announcement_dict
from ingest.edge.store import SqlStore
from ingest.edge.store.tables import identity
from ingest.errors import LateError
from ingest.model import Announcement, ChangeFilter, Hashtag

ALL = ChangeFilter()


async def followed(store: SqlStore, where: ChangeFilter = ALL, seq: int = 0, limit: int = 2) -> list[Announcement]:
    """What a reader sees that goes on from each position to the end."""
    seen: list[Announcement] = []
    while True:
        some = await store.changes.after(seq, where, limit)
        seen += some.announcements
        seq = some.position
        if some.is_end:
            return seen


async def with_stories(store: SqlStore, *numbers: int, tag: str = "Rain") -> None:
    for number in numbers:
        draft = a_draft(number, hashtags=(Hashtag(tag=tag, source="headline"),))
        await store.save(await one_pending(store, number), draft, settle, START)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
async def test_a_reader_that_goes_on_from_its_position_sees_each_change_once(store: SqlStore, limit: int) -> None:
    await with_stories(store, 1, 2, 3)
    seen = await followed(store, limit=limit)
    assert [(one.change.seq, one.change.kind) for one in seen] == [(1, "created"), (2, "created"), (3, "created")]
    assert [one.story.title for one in seen if one.story] == ["Title 1", "Title 2", "Title 3"]
    assert await followed(store, seq=3) == []


async def test_the_position_moves_on_over_what_a_filter_leaves_out(store: SqlStore) -> None:
    await with_stories(store, 1, 2, 3)
    nothing = await store.changes.after(0, ChangeFilter(kinds=("withdrawn",)), 2)
    assert (nothing.announcements, nothing.position, nothing.is_end) == ((), 2, False)


FILTERS = [
    ({"kinds": ("created", "updated")}, 2),
    ({"kinds": ("updated",)}, 0),
    ({"tags": ("SNOW", "hail")}, 1),
    ({"tags": ("hail",)}, 0),
    ({"languages": ("en", "fr")}, 2),
    ({"languages": ("fr",)}, 0),
    ({"feeds": ("example",)}, 2),
    ({"feeds": ("other",)}, 0),
    ({"feeds": ("example",), "tags": ("rain",), "kinds": ("created",)}, 1),
]


@pytest.mark.parametrize(("where", "count"), FILTERS)
async def test_changes_are_narrowed_by(store: SqlStore, where: dict[str, object], count: int) -> None:
    await with_stories(store, 1)
    await with_stories(store, 2, tag="Snow")
    assert len(await followed(store, ChangeFilter.model_validate(where))) == count


async def test_a_reader_that_comes_too_late_is_told(store: SqlStore) -> None:
    await with_stories(store, 1, 2, 3)

    def drop(connection: Connection) -> None:
        connection.execute(update(identity).values(dropped=2))

    await store.writer.run(drop)
    with pytest.raises(LateError, match="changes up to 2 were dropped"):
        await store.changes.after(1, ALL, 10)
    assert [one.change.seq for one in await followed(store, seq=2)] == [3]


async def test_a_reader_of_a_later_state_of_the_database_is_told(store: SqlStore) -> None:
    with pytest.raises(LateError, match="this database has only come to 0, and 1 lies beyond that"):
        await store.changes.after(1, ALL, 10)
    assert (await store.changes.after(0, ALL, 10)).is_end


async def test_a_change_is_told_in_the_envelope_of_the_contract(store: SqlStore) -> None:
    await with_stories(store, 1)
    (told,) = await followed(store)
    envelope = announcement_dict(told)
    assert list(envelope) == ["seq", "kind", "at", "story"]
    assert (envelope["seq"], envelope["kind"], envelope["at"]) == (1, "created", "2024-01-19T08:00:00Z")
    deleted = announcement_dict(told.model_copy(update={"story": None}))
    assert json.dumps(deleted["story"]) == json.dumps({"id": told.change.story_id})


async def test_of_a_deleted_story_each_filter_of_its_kind_is_told(store: SqlStore) -> None:
    await with_stories(store, 1)
    (told,) = await followed(store)
    gone = told.model_copy(update={"story": None})
    assert is_wanted(gone, ChangeFilter(languages=("fr",), tags=("none",)))
    assert not is_wanted(gone, ChangeFilter(kinds=("deleted",)))


async def test_readers_of_a_store_that_is_written_to_see_each_change_once(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(number) for number in range(1, 41)])
    pending = await leased(store)

    async def write() -> None:
        await asyncio.gather(*(store.save(one, a_draft(int(one.entry.guid[3:])), settle, START) for one in pending))

    async def read(limit: int) -> list[int]:
        seen: list[int] = []
        while len(seen) < 40:
            some = await store.changes.after(seen[-1] if seen else 0, ALL, limit)
            seen += [one.change.seq for one in some.announcements]
        return seen

    _, *readers = await asyncio.gather(write(), read(1), read(7), read(100))
    assert readers == [list(range(1, 41))] * 3


async def test_the_identity_of_a_store_stays(store: SqlStore) -> None:
    identity = await store.changes.identity()
    assert len(identity) == 32
    assert await store.changes.identity() == identity
