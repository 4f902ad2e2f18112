"""Whatever an export is written to: it is whole, or there is nothing of it."""

import datetime as dt
import gc
import os
import random
import resource
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pyarrow.dataset
import pyarrow.parquet
import pytest

from ingest.core.render.story_json import story_dict, story_line
from ingest.edge.export import Write, folder, stream
from ingest.edge.export import parquet as written_as
from ingest.edge.export.parquet import DAY, SCHEMA, by_day, one_file
from ingest.errors import ConfigError, StoreError
from ingest.model import Hashtag, Sighting, Story

AT = dt.datetime(2024, 1, 19, 8, tzinfo=dt.UTC)
DAY_OF_AT = dt.date(2024, 1, 19)
LIMIT = 20_000
"""Bytes of a file, where the disk is small."""

Target = Callable[[Path], AbstractContextManager[Write[Story]]]


def line_of(story: Story) -> bytes:
    return f"{story_line(story)}\n".encode()


TARGETS: dict[str, Target] = {
    "stream": lambda path: stream(path / "stories.jsonl", line_of),
    "folder": lambda path: folder(path / "documents", line_of, lambda story: f"{story.id}.json"),
    "parquet": lambda path: one_file(path / "stories.parquet"),
    "days": lambda path: by_day(path / "days"),
}


def a_story(number: int = 1, text: str = "Rain.", day: dt.date | None = DAY_OF_AT, **more: object) -> Story:
    """With what a story has at least."""
    facts = {"url": None, "title": "", "summary": "", "authors": (), "site": "", "language": None, "image": None}
    times = {"published_at": None, "published_date": day, "modified_at": None, "first_seen_at": AT}
    place = {"version": 1, "cluster": "A", "duplicate_of": None, "sightings": (), "hashtags": ()}
    source = {"publisher": "example.com", "source": "page", "note": "", "methods": {}}
    named = {"id": f"{number:026}", "seq": number, "text": text}
    return Story.model_validate(facts | times | place | source | named | more)


def long_text() -> str:
    """One that does not become short by packing."""
    return random.Random(1).randbytes(LIMIT).hex()


@pytest.fixture(params=TARGETS)
def target(request: pytest.FixtureRequest) -> Target:
    return TARGETS[request.param]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file can be longer than LIMIT."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files(path: Path) -> list[Path]:
    return [found for found in path.rglob("*") if found.is_file()]


def small_groups(monkeypatch: pytest.MonkeyPatch, stories: int) -> None:
    """A row group for each so many short stories."""
    monkeypatch.setattr(written_as, "GROUP", stories * written_as.ROW)


def test_a_target_holds_what_was_written_once_it_is_closed(target: Target, tmp_path: Path) -> None:
    with target(tmp_path) as write:
        write(a_story())
    (whole,) = files(tmp_path)
    assert not whole.name.endswith(".part")
    assert whole.stat().st_size


@pytest.mark.usefixtures("small_disk")
def test_a_disk_that_fills_up_is_told_and_leaves_no_half_file(target: Target, tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match=r"cannot be written: File too large; nothing was left"),
        target(tmp_path) as write,
    ):
        write(a_story(text=long_text()))
    assert files(tmp_path) == []


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as reader:
        got = reader.submit(pipe.read_bytes)
        with stream(pipe, line_of) as write:
            write(a_story())
    assert (pipe.is_fifo(), got.result()) == (True, line_of(a_story()))


def test_so_is_one_that_has_no_name(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with stream(Path(f"/dev/fd/{writing}"), line_of) as write:
        write(a_story())
    os.close(writing)
    with os.fdopen(reading, "rb") as reader:
        assert reader.read() == line_of(a_story())


def test_a_link_leads_to_its_file_which_keeps_its_mode(tmp_path: Path) -> None:
    (held, link) = tmp_path / "held", tmp_path / "link"
    held.touch(mode=0o600)
    link.symlink_to(held)
    with stream(link, line_of) as write:
        write(a_story())
        assert {path.stat().st_mode & 0o777 for path in files(tmp_path)} == {0o600}
    assert (link.is_symlink(), held.read_bytes(), held.stat().st_mode & 0o777) == (True, line_of(a_story()), 0o600)


def broken_off(target: Target, path: Path) -> None:
    """Write two stories, and come to no end."""
    with target(path) as write:
        write(a_story())
        write(a_story(2))
        assert files(path)
        raise KeyboardInterrupt


@pytest.mark.parametrize("name", ["stream", "parquet", "days"])
def test_an_export_that_is_broken_off_leaves_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_groups(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        broken_off(TARGETS[name], tmp_path)
    assert files(tmp_path) == []


def test_a_folder_of_documents_that_is_broken_off_holds_whole_ones(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        broken_off(TARGETS["folder"], tmp_path)
    assert sorted(path.read_bytes() for path in files(tmp_path)) == [line_of(a_story()), line_of(a_story(2))]


def test_parquet_that_is_broken_off_on_stdout_is_not_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_groups(monkeypatch, 1)
    with (tmp_path / "piped").open("w") as piped, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", piped)
        with pytest.raises(KeyboardInterrupt):
            broken_off(lambda _: one_file(None), tmp_path)
    gc.collect()  # pyarrow ends a file when it is thrown away, too
    with pytest.raises(pyarrow.lib.ArrowInvalid, match="Parquet magic bytes not found in footer"):
        pyarrow.parquet.read_table(tmp_path / "piped")


def test_the_columns_are_the_fields_of_the_json_in_their_order() -> None:
    assert SCHEMA.names == list(story_dict(a_story()))


def test_columns_have_types_and_what_is_unknown_is_null(tmp_path: Path) -> None:
    seen = Sighting(feed="example", entry_id="1", url="https://example.com/1", seen_at=AT, via="wayback")
    known = a_story(
        2, hashtags=(Hashtag(tag="Rain", source="headline"),), sightings=(seen,), published_at=AT, free=True
    )
    with one_file(tmp_path / "stories.parquet") as write:
        write(a_story(day=None))
        write(known)
    table = pyarrow.parquet.read_table(tmp_path / "stories.parquet")
    assert table.schema.equals(SCHEMA)
    empty, full = table.to_pylist()
    nothing = {"url", "site", "published_at", DAY, "modified_at", "free", "duplicate_of", "withdrawn_at"}
    assert {name for name in nothing if empty[name] is None} == nothing
    assert (full["published_at"], full[DAY], full["free"]) == (AT, DAY_OF_AT, True)
    assert full["hashtags"] == [{"tag": "Rain", "source": "headline"}]
    assert full["sightings"] == [seen.model_dump(include=set(full["sightings"][0])) | {"copy_url": None}]


def test_row_groups_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_groups(monkeypatch, 2)
    with one_file(tmp_path / "stories.parquet") as write:
        for number in range(5):
            write(a_story(number))
    with pyarrow.parquet.ParquetFile(tmp_path / "stories.parquet") as file:
        assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [2, 2, 1]


def test_what_waits_is_bounded_however_many_days_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small_groups(monkeypatch, 8)
    days = [DAY_OF_AT + dt.timedelta(number % 5) for number in range(100)]
    with by_day(tmp_path) as write:
        for number, day in enumerate(days):
            write(a_story(number, day=day))
            on_disk = sum(pyarrow.parquet.read_metadata(path).num_rows for path in files(tmp_path))
            assert number + 1 - on_disk <= 8
    assert len(pyarrow.parquet.read_table(tmp_path)) == 100


def test_a_day_has_its_folder_and_an_unknown_one_the_folder_of_hive(tmp_path: Path) -> None:
    with by_day(tmp_path) as write:
        write(a_story(1))
        write(a_story(2, day=None))
    rows = pyarrow.dataset.dataset(tmp_path, partitioning="hive").to_table().to_pylist()
    assert {row["seq"]: row[DAY] for row in rows} == {1: "2024-01-19", 2: None}
    assert {path.parent.name for path in files(tmp_path)} == {f"{DAY}=2024-01-19", f"{DAY}={written_as.UNKNOWN_DAY}"}


def test_days_of_another_export_are_left_as_they_are(tmp_path: Path) -> None:
    with by_day(tmp_path) as write:
        write(a_story(1))
    with pytest.raises(ConfigError, match="holds days of another export"), by_day(tmp_path) as write:
        write(a_story(2))
    assert len(pyarrow.parquet.read_table(tmp_path)) == 1
