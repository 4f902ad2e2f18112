"""Receivers that are killed in the middle of a batch: nothing is lost, and what comes twice is known by its key."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from delivering import ON_BOTH, begin, deliver, with_stories
from fakes import FakeClock
from nats.js import JetStreamContext
from receiving import Hook, Server, made

from ingest.edge.deliver import jetstream
from ingest.edge.deliver.jetstream import JetStream
from ingest.edge.store import SqlStore
from ingest.model import Announcement

PROGRAM = Path(__file__).with_name("late_receiver.py")


@contextmanager
def receiving(kept: Path, *words: str) -> "Iterator[tuple[Hook, subprocess.Popen[str]]]":
    """A receiver, killed at the end if not before."""
    with subprocess.Popen([sys.executable, str(PROGRAM), str(kept), *words], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        try:
            yield Hook(port=int(run.stdout.readline())), run
        finally:
            run.kill()


@ON_BOTH
async def test_one_that_acknowledges_late_and_is_killed_meanwhile_gets_the_batch_again_under_its_key(
    store: SqlStore, clock: FakeClock, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    for numbers, words in (([1, 2], ()), ([3, 4, 5], ("late",)), ([6], ("late",)), ([7], ())):
        await with_stories(store, clock, numbers)
        with receiving(kept, *words) as (hook, process):
            sink = made(hook.spec(), "STORE", clock)
            await begin(store, clock, sink)
            delivering = asyncio.create_task(deliver(store, clock, sink))
            assert process.stdout
            await asyncio.to_thread(process.stdout.readline)
            if words:
                process.kill()
            await delivering
            await sink.close()
        clock.advance(300)
    taken = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [(one["key"], one["seqs"]) for one in taken] == [
        ("STORE-hook-1-2", [1, 2]),
        ("STORE-hook-3-5", [3, 4, 5]),
        ("STORE-hook-3-5", [3, 4, 5]),
        ("STORE-hook-3-5", [3, 4, 5]),
        ("STORE-hook-6-7", [6, 7]),
    ]
    assert await store.deliveries.letters() == []


@pytest.mark.parametrize("confirmed", [False, True])
async def test_a_server_of_nats_that_is_killed_within_a_batch_has_each_change_once(
    server: Server, store: SqlStore, clock: FakeClock, confirmed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = JetStream._publish
    deadly = {3, 11}

    async def and_kill(self: JetStream, stream: JetStreamContext, one: Announcement) -> None:
        it_dies = one.change.seq in deadly
        deadly.discard(one.change.seq)
        if it_dies and not confirmed:
            server.kill()
        await publish(self, stream, one)
        if it_dies and confirmed:
            server.kill()

    monkeypatch.setattr(JetStream, "_publish", and_kill)
    monkeypatch.setattr(jetstream, "TIMEOUT_S", 0.5)  # nobody answers any more
    sink = made(server.spec(), "STORE", clock)
    await begin(store, clock, sink)
    await with_stories(store, clock, range(1, 13))
    for _ in range(3):
        await deliver(store, clock, sink)
        if server.process is None:
            await server.start()
        clock.advance(300)
    await sink.close()
    keys = [key for _, key, _ in await server.messages()]
    assert keys == [f"STORE-{seq}" for seq in range(1, 13)]
    assert [state.position for state in await store.deliveries.list()] == [12]
