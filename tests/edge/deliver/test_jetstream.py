"""NATS JetStream, with the real server."""

from pathlib import Path

import nats
import pytest
from delivering import begin, deliver, with_stories
from fakes import START, FakeClock
from given import a_draft
from receiving import Server, a_server, made

from ingest.core.render.story_json import announcement_line
from ingest.edge.deliver.jetstream import subject, token
from ingest.edge.store import SqlStore
from ingest.errors import DeliveryError
from ingest.model import Announcement, Change, ChangeFilter
from ingest.ports import Sink


@pytest.fixture
def receiver(server: Server) -> Server:
    return server


async def test_a_change_is_a_message_by_feed_and_language_with_a_key(
    server: Server, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)
    messages = await server.messages()
    assert [message[:2] for message in messages] == [
        ("stories.example.en", "STORE-1"),
        ("stories.example.en", "STORE-2"),
    ]
    assert [list(change) for *_, change in messages] == [["seq", "kind", "at", "story"]] * 2


async def test_what_comes_again_is_dropped_by_the_stream(
    server: Server, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2, 3])
    await deliver(store, clock, sink)
    await store.deliveries.move("stream", 0, clock.now())
    await deliver(store, clock, sink)
    assert len(await server.messages()) == 3


async def test_a_server_that_is_killed_and_started_again_loses_nothing(
    server: Server, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    ids = await with_stories(store, clock, range(1, 41))
    await deliver(store, clock, sink)
    server.kill()
    ids += await with_stories(store, clock, range(41, 61))
    await deliver(store, clock, sink)
    assert (
        "Connect call failed" in (await store.deliveries.list())[0].error
        or "timeout" in (await store.deliveries.list())[0].error
    )
    await server.start()
    clock.advance(2)
    await deliver(store, clock, sink)
    assert await server.seqs(ids) == list(range(1, 61))


async def test_a_stream_that_is_not_there_is_told_with_what_makes_it(server: Server, clock: FakeClock) -> None:
    for more in ({"create": False}, {"stream": "", "create": False}):
        sink = made(server.spec(**more), "STORE", clock)
        with pytest.raises(DeliveryError, match=r"no stream.* takes stories\.>; make it by `nats stream add"):
            await sink.test()
        await sink.close()


async def test_without_a_stream_an_event_waits_and_is_not_given_up(
    server: Server, store: SqlStore, clock: FakeClock
) -> None:
    sink = made(server.spec(stream="", create=False), "STORE", clock)
    await begin(store, clock, sink)
    await with_stories(store, clock, [1])
    for _ in range(20):
        await deliver(store, clock, sink)
        clock.advance(600)
    await sink.close()
    assert await store.deliveries.letters() == []
    assert (await store.deliveries.list())[0].position == 0


async def test_a_story_that_is_larger_than_the_server_takes_is_given_up_and_the_others_arrive(
    tmp_path: Path, store: SqlStore, clock: FakeClock
) -> None:
    settings = tmp_path / "nats.conf"
    settings.write_text("max_payload: 2000")
    async with a_server(tmp_path / "small", "--config", str(settings)) as server:
        sink = made(server.spec(), "STORE", clock)
        await begin(store, clock, sink)
        await with_stories(store, clock, [1])
        await with_stories(store, clock, [2], publisher="large.example", article=_large())
        await with_stories(store, clock, [3])
        for _ in range(30):
            await deliver(store, clock, sink)
            clock.advance(10)
        await sink.close()
        assert await server.seqs([]) == [1, 3]
    (letter,) = await store.deliveries.letters()
    assert letter.seq == 2
    assert "bytes are more than the server takes" in letter.why


async def test_so_is_one_that_is_too_large_by_its_headers_alone(
    tmp_path: Path, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    (one,) = (await store.changes.after(0, ChangeFilter(), 1)).announcements
    settings = tmp_path / "nats.conf"
    settings.write_text(f"max_payload: {len(announcement_line(one).encode()) + 20}")
    async with a_server(tmp_path / "small", "--config", str(settings)) as server:
        sink = made(server.spec(), "STORE", clock)
        with pytest.raises(DeliveryError, match="bytes are more than the server takes"):
            await sink.deliver([one], "1-1")
        await sink.close()


async def test_a_stream_that_is_lost_is_made_anew_where_that_was_asked_for(
    server: Server, store: SqlStore, clock: FakeClock
) -> None:
    sink = made(server.spec(), "STORE", clock)
    await begin(store, clock, sink)
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    client = await nats.connect(server.url)
    await client.jetstream().delete_stream("STORIES")
    await client.close()
    await with_stories(store, clock, [2])
    for _ in range(2):
        await deliver(store, clock, sink)
        clock.advance(10)
    await sink.close()
    assert await server.seqs([]) == [2]


async def test_a_password_that_is_refused_is_told_without_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_server(tmp_path / "closed", "--user", "ada", "--pass", "right") as server:
        sink = made(server.spec(user="ada", password="wrong"), "STORE", clock)
        with pytest.raises(DeliveryError, match="Authorization Violation") as refused:
            await sink.test()
        assert "wrong" not in str(refused.value)
        await sink.close()
        client = await nats.connect(server.url, user="ada", password="right")
        await client.close()


def test_a_subject_holds_no_letters_that_mean_something() -> None:
    assert [token(text) for text in ("bbc.world", "a > b *", "", "zh-Hant", "日本")] == [
        "bbc_world",
        "a_b_",
        "_",
        "zh-Hant",
        "_",
    ]


def test_of_a_story_that_is_deleted_neither_feed_nor_language_is_known() -> None:
    gone = Announcement(change=Change(seq=1, kind="deleted", at=START, story_id="s", version=1), story=None)
    assert subject("news", gone) == "news._.und"


def _large() -> object:
    return a_draft(2).article.model_copy(update={"text": "word " * 1000})
