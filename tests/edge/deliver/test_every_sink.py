"""Contract of the sinks: whatever dies, each ends with exactly the changes that it wants, in order."""

import asyncio
import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from delivering import ON_BOTH, KilledError, OpenStore, begin, deliver, saved, with_stories
from fakes import FakeClock
from given import a_feed, an_entry, written_down
from receiving import Hook, Receiver, made

from ingest.core.dedupe.settle import Settle
from ingest.edge.store import SqlStore
from ingest.errors import ConfigError
from ingest.model import ChangeFilter, Hashtag
from ingest.ports import Sink

Open = Callable[..., Sink]
MOMENTS = ["deliver.begun", "deliver.delivered", "store.sinks.moved", "store.sinks.moved:2", "deliver.moved"]


@pytest.fixture
async def open_one(receiver: Receiver, store: SqlStore, clock: FakeClock) -> AsyncIterator[Open]:
    """Opens the sink, again and again, as processes that start do."""
    opened: list[Sink] = []
    store_id = await store.changes.identity()

    def open_it(where: ChangeFilter | None = None) -> Sink:
        spec = receiver.spec(where) if where else receiver.spec()
        opened.append(made(spec, store_id, clock))
        return opened[-1]

    yield open_it
    for sink in opened:
        await sink.close()


async def test_all_changes_arrive_in_order(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock
) -> None:
    sink = open_one()
    await begin(store, clock, sink)
    ids = await with_stories(store, clock, range(1, 131))
    await deliver(store, clock, sink)
    assert await receiver.seqs(ids) == list(range(1, 131))
    (state,) = await store.deliveries.list()
    assert (state.position, state.until, state.delivered, state.error) == (130, None, 130, "")


async def test_what_comes_later_is_delivered_later(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock
) -> None:
    sink = open_one()
    await begin(store, clock, sink)
    ids = await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)
    ids += await with_stories(store, clock, [3])
    await deliver(store, clock, sink)
    assert await receiver.seqs(ids) == [1, 2, 3]


async def test_a_filter_narrows_what_is_delivered(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock
) -> None:
    sink = open_one(ChangeFilter(tags=("snow",)))
    await begin(store, clock, sink)
    ids = await with_stories(store, clock, [1, 2])
    ids += await with_stories(store, clock, [3], hashtags=(Hashtag(tag="Snow", source="headline"),))
    await deliver(store, clock, sink)
    assert await receiver.seqs(ids) == [3]
    assert (await store.deliveries.list())[0].position == 3


async def test_a_sink_that_fails_waits_ever_longer_and_goes_on_where_it_was(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock
) -> None:
    sink = open_one()
    await begin(store, clock, sink)
    ids = await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)
    ids += await with_stories(store, clock, [3, 4])
    await receiver.break_down()
    waits = []
    for _ in range(12):
        await deliver(store, clock, sink)
        (state,) = await store.deliveries.list()
        waits.append((state.due_at - clock.now()).total_seconds())
        assert (state.position, bool(state.error)) == (2, True)
        clock.advance(waits[-1])
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    await receiver.mend()
    await deliver(store, clock, sink)
    assert await receiver.seqs(ids) == [1, 2, 3, 4]
    (state,) = await store.deliveries.list()
    assert (state.error, state.tries) == ("", 0)
    assert await store.deliveries.letters() == []


async def test_it_holds_up_no_other(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock, hook: Hook
) -> None:
    sink, other = open_one(), made(hook.spec(name="other"), "store", clock)
    await begin(store, clock, sink, other)
    ids = await with_stories(store, clock, [1, 2, 3])
    await receiver.break_down()
    await deliver(store, clock, sink, other)
    await other.close()
    assert await hook.seqs(ids) == [1, 2, 3]
    assert {state.name: state.position for state in await store.deliveries.list()} == {"other": 3, sink.spec.name: 0}


@ON_BOTH
@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_at_any_moment_it_loses_nothing_and_repeats_under_the_same_key(
    receiver: Receiver, open_one: Open, open_another: OpenStore, clock: FakeClock, moment: str
) -> None:
    point, _, times = moment.partition(":")
    reached: Counter[str] = Counter()

    def kill(name: str) -> None:
        reached[name] += 1
        if name == point and reached[name] == int(times or 1):
            raise KilledError

    dying = open_another("host/1/1.00", mark=kill, alive=lambda _: False)
    ids = await with_stories(dying, clock, range(1, 6))
    sink = open_one()
    await begin(dying, clock, sink)
    with pytest.raises(KilledError):
        await deliver(dying, clock, sink, mark=kill)
    next_one = open_another("host/2/1.00", alive=lambda _: False)
    ids += await with_stories(next_one, clock, [6])
    await deliver(next_one, clock, open_one())
    assert await receiver.seqs(ids) == [1, 2, 3, 4, 5, 6]


async def test_two_processes_never_deliver_to_one_sink_at_once(
    receiver: Receiver, open_one: Open, open_another: OpenStore, clock: FakeClock
) -> None:
    one, two = open_another("host/1/1.00"), open_another("host/2/1.00")
    sink = open_one()
    await begin(one, clock, sink)
    ids = await with_stories(one, clock, [1])
    (state,) = await two.deliveries.due([sink.spec.name], [], clock.now())
    assert await one.deliveries.hold(state, state, clock.now)
    assert await two.deliveries.hold(state, state, clock.now) is None
    assert await two.deliveries.write(state, state, clock.now) is None
    await deliver(two, clock, sink)
    assert [one.position for one in await two.deliveries.list()] == [0]
    clock.advance(61)
    await deliver(two, clock, sink)
    assert await receiver.seqs(ids) == [1]


async def test_replaying_delivers_again_what_is_not_there_and_skipping_leaves_out(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock
) -> None:
    sink = open_one()
    await begin(store, clock, sink)
    ids = await with_stories(store, clock, [1, 2, 3])
    await store.deliveries.move(sink.spec.name, 2, clock.now())
    await deliver(store, clock, sink)
    assert await receiver.seqs(ids) == [3]
    ids += await with_stories(store, clock, [4])
    await store.deliveries.move(sink.spec.name, 2, clock.now())
    await deliver(store, clock, sink)
    assert sorted(set(await receiver.seqs(ids))) == [3, 4]


async def test_one_that_begins_when_changes_were_dropped_is_given_all_that_is_kept(
    receiver: Receiver, open_one: Open, store: SqlStore, clock: FakeClock
) -> None:
    ids = await with_stories(store, clock, [1, 2, 3])
    await store.removals.delete(ids[1], "", Settle(dt.timedelta(days=14)), clock.now())
    ids += await with_stories(store, clock, [4])
    await store.upkeep.prune_changes(clock.now() + dt.timedelta(days=1))
    sink = open_one()
    await begin(store, clock, sink)
    await deliver(store, clock, sink)
    assert len(await receiver.seqs(ids)) == 3
    with pytest.raises(ConfigError, match="changes can be followed from 5 to 5"):
        await store.deliveries.move(sink.spec.name, 3, clock.now())
    await store.deliveries.move(sink.spec.name, 0, clock.now())
    await deliver(store, clock, sink)
    (state,) = await store.deliveries.list()
    assert (state.position, state.error) == (5, "")
    assert len(set(await receiver.seqs(ids))) == 3


async def test_it_is_tested_without_a_change(receiver: Receiver, open_one: Open, store: SqlStore) -> None:
    assert await open_one().test()
    assert await receiver.seqs([]) == []


@ON_BOTH
@pytest.mark.parametrize("seed", [1])
async def test_restarted_at_random_while_several_write_it_ends_with_every_change_in_order(
    receiver: Receiver, open_one: Open, open_another: OpenStore, clock: FakeClock, seed: int
) -> None:
    chance = random.Random(seed)
    writers = [open_another(f"host/{number}/1.00") for number in (1, 2, 3)]
    await begin(writers[0], clock, open_one())
    await written_down(writers[0], await a_feed(writers[0]), [an_entry(number) for number in range(1, 62)])

    news, deaths = asyncio.Event(), 0

    async def write(store: SqlStore) -> None:
        while await saved(store, clock, chance.randint(1, 4)):
            news.set()

    def perhaps_kill(_: str) -> None:
        nonlocal deaths
        if not deaths or chance.random() < 0.3:
            deaths += 1
            raise KilledError

    writing = asyncio.gather(*map(write, writers))
    writing.add_done_callback(lambda _: news.set())
    for number in itertools.count(10):
        await news.wait()
        news.clear()
        store = open_another(f"host/{number}/1.00", alive=lambda _: False)
        with suppress(KilledError):
            await deliver(store, clock, open_one(), mark=perhaps_kill)
        if writing.done():
            break
    await writing
    assert deaths
    await deliver(open_another("host/99/1.00", alive=lambda _: False), clock, open_one())
    changes = (await writers[0].changes.after(0, ChangeFilter(), 1000)).announcements
    by_seq = [one.change.story_id for one in changes]
    assert len(by_seq) == 61
    assert await receiver.seqs(by_seq) == list(range(1, 62))
