"""JSON lines by the hour: whole lines, none twice, in order, whatever dies or fills."""

import asyncio
import json
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from delivering import begin, deliver, with_stories
from fakes import FakeClock
from receiving import Hook, InFolder, made

from ingest.edge.deliver import files
from ingest.edge.store import SqlStore
from ingest.errors import DeliveryError
from ingest.ports import Sink

HOUR_S = 3600


@pytest.fixture
def receiver(tmp_path: Path) -> InFolder:
    return InFolder(tmp_path / "lines", "files")


def held(receiver: InFolder) -> dict[str, list[int]]:
    """The `seq`s of each file."""
    paths: Sequence[Path] = sorted(receiver.folder.glob("*.jsonl*"))
    return {path.name: [json.loads(line)["seq"] for line in path.read_text().splitlines()] for path in paths}


async def test_each_hour_has_a_file_which_is_renamed_once_the_next_one_begins(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2])
    clock.advance(HOUR_S)
    await with_stories(store, clock, [3])
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl": [1, 2], "2024-01-19T09.jsonl.part": [3]}


async def test_the_file_of_an_hour_that_is_over_is_renamed_although_nothing_comes(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    clock.advance(HOUR_S + 59)
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl.part": [1]}
    clock.advance(1)
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl": [1]}


async def test_so_is_one_that_another_process_left(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    clock.advance(2 * HOUR_S)
    other = made(receiver.spec(), "STORE", clock)
    await deliver(store, clock, other)
    await other.close()
    assert held(receiver) == {"2024-01-19T08.jsonl": [1]}


async def test_half_a_line_that_a_crash_left_is_cut_off(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1, 2])
    await deliver(store, clock, sink)
    (path,) = receiver.folder.glob("*.part")
    path.write_bytes(path.read_bytes()[:-20])
    await store.deliveries.move("folder", 1, clock.now())
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl.part": [1, 2]}


@pytest.mark.parametrize("position", [0, 1, 3])
async def test_what_is_there_already_is_not_written_twice(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock, position: int
) -> None:
    await with_stories(store, clock, [1, 2])
    clock.advance(HOUR_S)
    await with_stories(store, clock, [3, 4])
    await deliver(store, clock, sink)
    await store.deliveries.move("folder", position, clock.now())
    await deliver(store, clock, sink)
    assert list(held(receiver).values()) == [[1, 2], [3, 4]]


async def test_what_comes_after_its_hour_was_closed_stands_in_the_next_file(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    (path,) = receiver.folder.glob("*.part")
    path.rename(path.with_suffix(""))
    await with_stories(store, clock, [2])
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl": [1], "2024-01-19T09.jsonl.part": [2]}


async def test_a_full_disk_is_told_and_leaves_nothing_half(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    await with_stories(store, clock, [2])
    full = os.open("/dev/full", os.O_WRONLY)

    def half(handle: int, data: bytes) -> None:
        os.write(handle, data[: len(data) // 2])
        os.write(full, data)

    with monkeypatch.context() as patched:
        patched.setattr(files, "_write_all", half)
        await deliver(store, clock, sink)
    os.close(full)
    (state,) = await store.deliveries.list()
    assert state.error == f"{receiver.folder}: cannot be written: No space left on device; nothing half was left"
    assert held(receiver) == {"2024-01-19T08.jsonl.part": [1]}
    clock.advance(2)
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl.part": [1, 2]}


async def test_nothing_is_written_twice_where_one_that_was_stopped_is_still_writing(
    receiver: InFolder,
    sink: Sink,
    store: SqlStore,
    open_another: Callable[..., SqlStore],
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await with_stories(store, clock, [1, 2])
    begun, go_on, write_all = threading.Event(), threading.Event(), files._write_all

    def slowly(handle: int, data: bytes) -> None:
        begun.set()
        go_on.wait(10)
        write_all(handle, data)

    monkeypatch.setattr(files, "_write_all", slowly)
    stopped = asyncio.create_task(deliver(store, clock, sink))
    await asyncio.to_thread(begun.wait, 10)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    await store.release()  # as the service does at its end
    other = made(receiver.spec(), "STORE", clock)
    await deliver(open_another("host/2/1.00"), clock, other)
    (state,) = await store.deliveries.list()
    assert (state.position, state.error) == (0, f"{receiver.folder}: another process is writing there")
    go_on.set()
    await sink.close()
    clock.advance(2)
    await deliver(open_another("host/2/1.00"), clock, other)
    await other.close()
    assert held(receiver) == {"2024-01-19T08.jsonl.part": [1, 2]}


async def test_a_file_of_an_hour_that_never_comes_is_left_alone(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock
) -> None:
    receiver.folder.mkdir()
    (receiver.folder / "9999-12-31T23.jsonl.part").touch()
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    assert held(receiver) == {"2024-01-19T08.jsonl.part": [1], "9999-12-31T23.jsonl.part": []}


async def test_what_goes_wrong_in_an_unknown_way_is_told_and_stops_no_other(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise RuntimeError

    other = made(hook.spec(name="other"), "STORE", clock)
    await begin(store, clock, other)
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    clock.advance(HOUR_S + 60)
    monkeypatch.setattr(sink, "close_open", broken)
    await deliver(store, clock, sink, other)
    await other.close()
    assert await hook.seqs([]) == [1]
    states = {state.name: state for state in await store.deliveries.list()}
    assert states["folder"].error == "unexpected RuntimeError"
    assert states["folder"].due_at > clock.now()


@pytest.mark.parametrize(("owner", "name"), [("OTHER", "folder"), ("STORE", "other")])
async def test_the_folder_of_another_sink_or_database_is_left_alone(
    receiver: InFolder, sink: Sink, store: SqlStore, clock: FakeClock, owner: str, name: str
) -> None:
    await with_stories(store, clock, [1])
    await deliver(store, clock, sink)
    other = made(receiver.spec(name=name), owner, clock)
    with pytest.raises(DeliveryError, match=r"holds what another sink or database \(STORE folder\) delivered"):
        await other.test()
    await other.close()
