"""A webhook: signed, addressed, repeated under its key, and patient."""

import asyncio
import base64
import datetime as dt
import hmac
import json
from hashlib import sha256

import pytest
from delivering import begin, deliver, with_stories
from fakes import FakeClock
from receiving import LOOPBACK, SECRET, Hook, Posted, ok, reply
from sqlalchemy import Connection, delete

from ingest.edge.deliver import Around, open_sink
from ingest.edge.net.guard import Guard
from ingest.edge.store import SqlStore
from ingest.edge.store.tables import story_hashtags
from ingest.errors import DeliveryError
from ingest.model import ChangeFilter, Hashtag
from ingest.ports import Sink


@pytest.fixture
def receiver(hook: Hook) -> Hook:
    return hook


async def test_a_batch_is_signed_and_named_by_what_it_holds(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)
    (posted,) = hook.posted
    assert posted.key == "STORE-hook-1-2"
    assert posted.headers["webhook-timestamp"] == str(int(clock.now().timestamp()))
    signed = f"{posted.key}.{posted.headers['webhook-timestamp']}.".encode() + posted.body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.digest(key, signed, sha256)).decode()
    assert posted.headers["webhook-signature"] == f"v1,{wanted}"
    (first, _) = json.loads(posted.body)["changes"]
    assert list(first) == ["seq", "kind", "at", "story"]
    assert first["story"]["title"] == "Title 1"


async def test_what_comes_meanwhile_changes_neither_a_repeated_batch_nor_its_key(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2])
    hook.answer = lambda _: reply(503)
    await deliver(store, clock, sink)
    await with_stories(store, clock, [3])
    clock.advance(2)
    hook.answer = ok
    await deliver(store, clock, sink)
    assert [posted.key for posted in hook.posted] == ["STORE-hook-1-2", "STORE-hook-1-2", "STORE-hook-3-3"]


@pytest.mark.parametrize("where", [ChangeFilter(tags=("rain",))])
async def test_nor_does_a_story_that_its_filter_no_longer_lets_through(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    *_, last = await with_stories(store, clock, [1, 2, 3], hashtags=(Hashtag(tag="Rain", source="headline"),))
    hook.answer = lambda _: reply(503)
    await deliver(store, clock, sink)

    def dry(connection: Connection) -> None:
        connection.execute(delete(story_hashtags).where(story_hashtags.c.story_id == last))

    await store.writer.run(dry)
    clock.advance(2)
    await deliver(store, clock, sink)
    assert [(posted.key, posted.seqs) for posted in hook.posted] == [
        ("STORE-hook-1-3", [1, 2, 3]),
        ("STORE-hook-1-3", [1, 2]),
    ]


async def test_a_receiver_that_acknowledges_too_late_gets_the_batch_again_under_its_key(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.deliver.webhook.TIMEOUT_S", 0.05)
    acknowledge = asyncio.Event()

    async def late(_: Posted) -> bytes:
        await acknowledge.wait()
        return reply(204)

    await with_stories(store, clock, [1])
    hook.answer = late
    await deliver(store, clock, sink)
    acknowledge.set()
    hook.answer = ok
    clock.advance(2)
    await deliver(store, clock, sink)
    assert [posted.key for posted in hook.posted] == ["STORE-hook-1-1"] * 2


async def test_a_receiver_that_takes_a_large_batch_too_late_is_sent_smaller_ones(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.edge.deliver.webhook.TIMEOUT_S", 0.05)

    over = asyncio.Event()

    async def late_where_large(posted: Posted) -> bytes:
        if len(posted.seqs) > 3:
            await over.wait()
        return reply(204)

    await with_stories(store, clock, range(1, 13))
    hook.answer = late_where_large
    for _ in range(12):
        await deliver(store, clock, sink)
        clock.advance(5)
    taken = [seq for posted in hook.taken for seq in posted.seqs]
    over.set()
    assert taken == list(range(1, 13))
    assert await store.deliveries.letters() == []


async def test_a_receiver_that_asks_to_wait_is_left_alone_for_so_long(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    hook.answer = lambda _: reply(429, "Retry-After: 90")
    await deliver(store, clock, sink)
    clock.advance(89)
    await deliver(store, clock, sink)
    assert len(hook.posted) == 1
    clock.advance(1)
    await deliver(store, clock, sink)
    assert len(hook.posted) == 2


async def test_an_event_that_is_refused_becomes_a_dead_letter_and_the_sink_goes_on(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, range(1, 21))
    hook.answer = lambda posted: reply(422, body=b"no\nsuch \x1b[31mfield") if 13 in posted.seqs else reply(204)
    for _ in range(60):
        await deliver(store, clock, sink)
        clock.advance(10)
    assert await hook.seqs([]) == [seq for seq in range(1, 21) if seq != 13]
    (letter,) = await store.deliveries.letters("hook")
    assert (letter.seq, letter.kind) == (13, "created")
    assert letter.why == f"127.0.0.1:{hook.port} answers 422: no such  [31mfield"
    assert await store.deliveries.count_letters() == {"hook": 1}


async def test_a_dead_letter_that_is_delivered_by_a_replay_is_none_any_more(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await test_an_event_that_is_refused_becomes_a_dead_letter_and_the_sink_goes_on(hook, sink, store, clock)
    hook.answer = ok
    await store.deliveries.move("hook", 12, clock.now())
    await deliver(store, clock, sink)
    assert hook.posted[-1].seqs == list(range(13, 21))
    assert await store.deliveries.letters() == []


async def test_a_receiver_that_is_gone_is_told_and_asked_no_more(
    hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    hook.answer = lambda _: reply(410)
    for _ in range(3):
        await deliver(store, clock, sink)
        clock.advance(4000)
    assert len(hook.posted) == 1
    assert (await store.deliveries.list())[0].stopped.endswith("answers 410")
    hook.answer = ok
    await begin(store, clock, sink)  # as the service does when it starts anew
    await deliver(store, clock, sink)
    assert await hook.seqs([]) == [1]


async def test_a_redirect_is_not_followed(hook: Hook, sink: Sink, store: SqlStore, clock: FakeClock) -> None:
    await with_stories(store, clock, [1])
    hook.answer = lambda _: reply(307, f"Location: http://127.0.0.1:{hook.port}/other")
    await deliver(store, clock, sink)
    assert len(hook.posted) == 1
    assert "answers 307" in (await store.deliveries.list())[0].error


async def test_the_guard_of_fetching_judges_the_address(hook: Hook, clock: FakeClock) -> None:
    sink = open_sink(hook.spec(), Around("STORE", Guard(()), clock))
    with pytest.raises(DeliveryError, match=r"is loopback; name its network in fetch\.allow_networks"):
        await sink.test()
    await sink.close()
    assert hook.posted == []
    assert LOOPBACK.refusal("127.0.0.1") is None


async def test_a_batch_of_nothing_tests_it(hook: Hook, sink: Sink, clock: FakeClock) -> None:
    assert await sink.test() == f"127.0.0.1:{hook.port} took an empty batch"
    assert json.loads(hook.posted[0].body) == {"changes": []}
    clock.advance(dt.timedelta(seconds=1).total_seconds())
    hook.answer = lambda _: reply(401)
    with pytest.raises(DeliveryError, match="answers 401"):
        await sink.test()
