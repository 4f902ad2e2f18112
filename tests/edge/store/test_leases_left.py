"""What a process holds, and has in hand no more: it takes it up again without waiting for the end of its lease."""

import pytest
from fakes import START
from given import OpenStore, a_feed, an_entry, leased, written_down

from ingest.edge.store import SqlStore
from ingest.errors import StoreError
from ingest.model import BackfillSpec


async def test_an_entry_that_was_left_is_leased_again_and_what_is_in_hand_is_not(store: SqlStore) -> None:
    await written_down(store, await a_feed(store), [an_entry(1), an_entry(2)])
    one, _ = await leased(store)
    assert await leased(store) == []
    store.leave_entries([one.id])
    assert [again.id for again in await leased(store)] == [one.id]
    assert await leased(store) == []


async def test_it_is_left_still_where_the_database_takes_nothing(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise StoreError("the disk is full")

    await written_down(store, await a_feed(store), [an_entry(1)])
    (one,) = await leased(store)
    store.leave_entries([one.id])
    with monkeypatch.context() as patch:
        patch.setattr(store.writer, "run", fail)
        with pytest.raises(StoreError):
            await leased(store)
    assert [again.id for again in await leased(store)] == [one.id]


async def test_so_is_a_feed(store: SqlStore) -> None:
    feed, other = await a_feed(store, "one"), await a_feed(store, "two")
    assert len(await store.claim_feeds(START, 10)) == 2
    store.leave_feeds([feed.id])
    assert [claimed.id for claimed, _ in await store.claim_feeds(START, 10)] == [feed.id]
    assert feed.id != other.id


async def test_so_is_a_backfill(store: SqlStore) -> None:
    feed = await a_feed(store)
    run = await store.backfills.begin(BackfillSpec(feed_id=feed.id, via=("wordpress",)), START)
    assert await store.backfills.take(None, START) is None
    store.backfills.leave(run)
    again = await store.backfills.take(None, START)
    assert again
    assert again.id == run.id


async def test_what_another_process_took_over_meanwhile_stays_with_it(store: SqlStore, open_another: OpenStore) -> None:
    await written_down(store, await a_feed(store), [an_entry(1)])
    (one,) = await leased(store)
    other = open_another("host/2/1.00", alive=lambda _: False)
    assert len(await leased(other)) == 1
    store.leave_entries([one.id])
    assert await leased(store) == []
