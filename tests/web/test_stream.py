"""The event stream: each change once and in order, whoever comes and goes."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from fakes import START
from served import Event, Served, events, served
from shown import Browse, a_stored_story

from ingest.core.access import token_digest
from ingest.edge.clock import SystemClock
from ingest.edge.store import SqlStore
from ingest.web.api import places, stream

STREAM = "stories/stream"


@pytest.fixture
async def service(store: SqlStore) -> AsyncIterator[Served]:
    """The site on loopback, with a real clock."""
    async with served(store, SystemClock()) as running:
        yield running


async def first(answer: httpx.Response, count: int) -> list[Event]:
    seen: list[Event] = []
    async for event in events(answer):
        seen.append(event)
        if len(seen) == count:
            break
    return seen


async def test_an_event_is_the_envelope_of_a_change(service: Served, store: SqlStore) -> None:
    await a_stored_story(store)
    async with service.client.stream("GET", STREAM, params={"since_seq": 0}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        (event,) = await first(answer, 1)
    (change,) = (await service.client.get("changes")).json()["changes"]
    assert (event.id, event.kind, json.loads(event.data)) == ("1", "created", change)


async def test_a_stream_begins_with_what_comes_from_now_on(service: Served, store: SqlStore) -> None:
    await a_stored_story(store, 1)
    async with service.client.stream("GET", STREAM) as answer:
        await a_stored_story(store, 2)
        assert [event.id for event in await first(answer, 1)] == ["2"]


async def test_a_reader_that_comes_again_goes_on_behind_its_last_event(service: Served, store: SqlStore) -> None:
    for number in (1, 2, 3):
        await a_stored_story(store, number)
    headers = {"Last-Event-ID": "1"}
    async with service.client.stream("GET", STREAM, params={"since_seq": 0}, headers=headers) as answer:
        assert [event.id for event in await first(answer, 2)] == ["2", "3"]


async def test_a_quiet_reader_is_told_how_far_it_is(service: Served, store: SqlStore) -> None:
    await a_stored_story(store, 1)
    async with service.client.stream("GET", STREAM, params={"since_seq": 0, "kind": "deleted"}) as answer:
        lines = answer.aiter_lines()
        async for line in lines:
            if line.startswith("id:"):
                break
    assert line == "id: 1"


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "²", "9" * 20])
async def test_a_last_event_id_that_is_none_is_refused(browse: Browse, given: str) -> None:
    async with browse() as client:
        answer = await client.get(f"/api/v1/{STREAM}", headers={"last-event-id": given.encode()})  # type: ignore[dict-item]  # bytes are taken
    assert answer.status_code == 422
    assert answer.json()["mistakes"][0]["name"] == "Last-Event-ID"


async def test_silence_is_broken_by_signs_of_life(service: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT_S", 0.01)
    async with service.client.stream("GET", STREAM) as answer:
        async for line in answer.aiter_lines():
            if line == ":":
                return
    pytest.fail("the stream ended")


async def test_no_more_readers_are_served_than_there_is_room_for(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST", 1)
    monkeypatch.setattr(places, "KEPT", 0)
    async with served(store, SystemClock()) as service:
        async with asyncio.timeout(10), service.client.stream("GET", STREAM) as answer:
            assert answer.status_code == 200
            refused = await service.client.get(STREAM)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        status = 503
        async with asyncio.timeout(10):
            while status == 503:  # until the end of the first is seen
                async with service.client.stream("GET", STREAM) as answer:
                    status = answer.status_code


async def test_a_stream_ends_soon_after_its_token_was_revoked(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "CHECK_S", 0.01)
    monkeypatch.setattr(stream, "CHECKS", 10**9)
    for name in ("reader", "other"):
        await store.tokens.add(name, token_digest(name), "read", START)
    async with asyncio.timeout(10), served(store, SystemClock(), host="0.0.0.0") as service:

        def read(token: str) -> AbstractAsyncContextManager[httpx.Response]:
            return service.client.stream("GET", STREAM, headers={"authorization": f"Bearer {token}"})

        async with read("reader") as revoked, read("other") as held:
            await store.tokens.revoke("reader")
            assert [event async for event in events(revoked)] == []
            await a_stored_story(store)
            assert [event.id for event in await first(held, 1)] == ["1"]


async def test_a_stream_has_an_end_and_its_reader_goes_on_by_its_last_event(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "CHECK_S", 0.01)
    monkeypatch.setattr(stream, "CHECKS", 2)
    await a_stored_story(store)
    async with asyncio.timeout(10), served(store, SystemClock()) as service:
        async with service.client.stream("GET", STREAM, params={"since_seq": 0}) as answer:
            seen = [event.id async for event in events(answer)]
        await a_stored_story(store, 2)
        async with service.client.stream("GET", STREAM, headers={"last-event-id": seen[-1]}) as answer:
            seen += [event.id for event in await first(answer, 1)]
    assert seen == ["1", "2"]


async def test_what_a_stream_would_be_is_told_without_one(browse: Browse) -> None:
    async with browse() as client:
        answer = await client.head(f"/api/v1/{STREAM}")
        wrong = await client.head(f"/api/v1/{STREAM}?limit=1")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert "content-length" not in answer.headers
    assert wrong.status_code == 422


async def test_streams_end_when_the_service_does(store: SqlStore) -> None:
    async with (
        asyncio.timeout(10),
        served(store, SystemClock()) as service,
        service.client.stream("GET", STREAM) as answer,
    ):
        service.leaving.set()
        assert [event async for event in events(answer)] == []


async def test_a_reader_that_takes_nothing_is_dropped_and_holds_up_nobody(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "SEND_WITHIN_S", 0.2)
    monkeypatch.setattr(places, "SHARE", 2)
    monkeypatch.setattr(stream, "_event", lambda announcement: b"data: " + b"x" * 1_000_000 + b"\n\n")
    for number in range(1, 41):
        await a_stored_story(store, number)
    async with served(store, SystemClock()) as service:
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", service.port))
            slow.sendall(b"GET /api/v1/stories/stream?since_seq=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            async with asyncio.timeout(10), service.client.stream("GET", STREAM, params={"since_seq": 0}) as answer:
                assert len(await first(answer, 40)) == 40
            async with asyncio.timeout(10):
                dropped = False
                while not dropped:  # until both places are free again
                    async with (
                        service.client.stream("GET", STREAM) as one,
                        service.client.stream("GET", STREAM) as two,
                    ):
                        dropped = (one.status_code, two.status_code) == (200, 200)
