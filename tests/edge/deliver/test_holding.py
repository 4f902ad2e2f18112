"""Who holds a sink: for as long as a batch is out, and no longer."""

import asyncio
import threading
from collections import Counter

import pytest
from delivering import ON_BOTH, OpenStore, begin, deliver, with_stories
from fakes import FakeClock
from receiving import Hook, made
from sqlalchemy import Connection, select

from ingest.edge.store import SqlStore
from ingest.edge.store.leases import LEASE
from ingest.edge.store.tables import sinks
from ingest.errors import StoreError
from ingest.model import ChangeFilter, Hashtag, SinkState
from ingest.ports import Sink

SNOW = ChangeFilter(tags=("snow",))


@pytest.fixture
def receiver(hook: Hook) -> Hook:
    return hook


@ON_BOTH
async def test_a_change_that_a_sink_does_not_want_costs_one_write(
    hook: Hook, open_another: OpenStore, clock: FakeClock
) -> None:
    written: Counter[str] = Counter()
    store = open_another("host/1/1.00", mark=lambda point: written.update([point]))
    sink = made(hook.spec(SNOW), "STORE", clock)
    await begin(store, clock, sink)
    await with_stories(store, clock, [1])
    before = written["store.after-commit"]
    await deliver(store, clock, sink)
    assert written["store.after-commit"] - before == 1
    assert [state.position for state in await store.deliveries.list()] == [1]
    await with_stories(store, clock, [2], hashtags=(Hashtag(tag="Snow", source="headline"),))
    before = written["store.after-commit"]
    await deliver(store, clock, sink)
    await sink.close()
    assert written["store.after-commit"] - before == 2, "one before it goes out, one after"
    assert [posted.seqs for posted in hook.posted] == [[2]]


@ON_BOTH
async def test_a_lease_counts_from_when_it_is_written_however_long_that_had_to_wait(
    sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    (state,) = await store.deliveries.due(["hook"], [], clock.now())
    begun, go_on = threading.Event(), threading.Event()

    def slowly(_: Connection) -> None:
        begun.set()
        go_on.wait(10)

    before_it = asyncio.create_task(store.writer.run(slowly))
    await asyncio.to_thread(begun.wait, 10)
    held = asyncio.create_task(store.deliveries.hold(state, state, clock.now))
    await asyncio.sleep(0)  # it waits in the queue
    clock.advance(29)
    go_on.set()
    assert await held
    await before_it
    until = await store.writer.run(lambda connection: connection.scalar(select(sinks.c.lease_until)))
    assert until == clock.now() + LEASE


@ON_BOTH
async def test_a_sink_that_could_not_be_given_back_is_taken_up_again_at_once(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_stories(store, clock, [1])

    async def away(*_: object) -> SinkState | None:
        raise StoreError("the database is away")

    with monkeypatch.context() as patched:
        patched.setattr(store.deliveries, "write", away)
        with pytest.raises(StoreError):
            await deliver(store, clock, sink)
    await deliver(store, clock, sink)
    assert [posted.key for posted in hook.posted] == ["STORE-hook-1-1"] * 2
    assert [state.position for state in await store.deliveries.list()] == [1]


@ON_BOTH
async def test_one_that_another_process_moved_meanwhile_stays_where_it_was_put(
    sink: Sink, store: SqlStore, open_another: OpenStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2])
    (state,) = await store.deliveries.due(["hook"], [], clock.now())
    other = open_another("host/2/1.00")
    await other.deliveries.move("hook", 2, clock.now())
    assert await store.deliveries.hold(state, state, clock.now) is None
    assert await store.deliveries.write(state, state, clock.now) is None
