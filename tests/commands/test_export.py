"""`ingest export`: each format whole, or nothing; who goes on from a `seq` misses nothing."""

import asyncio
import json
import random
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pyarrow.dataset
import pyarrow.parquet
import pytest
from fakes import START
from press import SUBJECTS
from shell import Ingest, Say, installed
from sqlalchemy import insert

from ingest.edge.store import SqlStore
from ingest.edge.store.tables import changes

JSON = dict[str, object]


def lines(text: str) -> list[JSON]:
    return [json.loads(line) for line in text.splitlines()]


def exported(ingest: Ingest, *arguments: str) -> list[JSON]:
    done = ingest.run("export", *arguments)
    assert done.returncode == 0, done.stderr
    return lines(done.stdout)


def on_database(ingest: Ingest, statement: str) -> None:
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as connection, connection:
        connection.execute(statement)


def test_who_remembers_a_seq_gets_what_came_after_it(polled: Ingest) -> None:
    everything = exported(polled)
    middle = everything[1]["seq"]
    assert exported(polled, "--since-seq", str(middle)) == everything[2:]


def test_who_was_killed_ends_where_the_first_part_would_have(polled: Ingest) -> None:
    everything = exported(polled)
    first, end = str(everything[0]["seq"]), str(everything[2]["seq"])
    assert exported(polled, "--since-seq", first, "--until-seq", end) == everything[1:3]
    assert len(exported(polled, "--changes", "--since-seq", "1", "--until-seq", "3")) == 2


def test_stories_that_a_search_finds_are_exported(polled: Ingest) -> None:
    (story,) = exported(polled, "--query", '"the ferry opens" -orchard')
    assert story["title"] == "The ferry opens again"


def test_changes_are_exported_in_their_order_with_their_stories(polled: Ingest) -> None:
    told = exported(polled, "--changes")
    assert [one["seq"] for one in told] == list(range(1, len(told) + 1))
    assert len({one["story"]["id"] for one in told}) == len(SUBJECTS)  # type: ignore[index]
    assert exported(polled, "--changes", "--since-seq", "2") == told[2:]
    assert exported(polled, "--changes", "--feed", "saltmere", "--lang", "fr") == []


def test_who_comes_too_late_for_changes_is_told_what_to_do_and_gets_none(polled: Ingest) -> None:
    on_database(polled, "UPDATE identity SET dropped = 2")
    late = polled.run("export", "--changes", "--since-seq", "1", "-o", str(polled.folder / "changes.jsonl"))
    assert (late.returncode, late.stdout) == (1, "")
    assert "changes up to 2 were dropped, and 1 lies before that: read the stories anew" in late.stderr
    assert not list(polled.folder.glob("*changes*"))


def test_parquet_holds_what_the_json_says_in_columns_with_types(polled: Ingest) -> None:
    path = polled.folder / "stories.parquet"
    assert polled.run("export", "--format", "parquet", "-o", str(path)).returncode == 0
    with polled.start("export", "--format", "parquet") as process:
        (polled.folder / "piped").write_bytes(process.stdout.buffer.read())
    rows = pyarrow.parquet.read_table(path).to_pylist()
    told = exported(polled)
    assert [row["title"] for row in rows] == [story["title"] for story in told]
    assert [f"{row['published_at']:%Y-%m-%dT%H:%M:%SZ}" for row in rows] == [story["published_at"] for story in told]
    assert pyarrow.parquet.read_table(polled.folder / "piped").to_pylist() == rows


def test_parquet_is_parted_by_day_and_a_second_export_is_kept_from_it(polled: Ingest) -> None:
    folder = polled.folder / "days"
    command = ("export", "--format", "parquet", "--partition", "-o", str(folder))
    assert polled.run(*command).returncode == 0
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")] == [
        "published_date=2024-01-19/part-0.parquet"
    ]
    assert len(pyarrow.dataset.dataset(folder, partitioning="hive").to_table()) == len(SUBJECTS)
    again = polled.run(*command)
    assert (again.returncode, again.stderr.count("holds days of another export")) == (2, 1)


READ = ("url", "title", "text", "summary", "authors", "language", "image", "modified_at", "kind")
"""What the page says; the day and the name of the site are the feed's."""


@pytest.mark.parametrize(("name", "first"), [("pages.warc.gz", b"\x1f\x8b"), ("pages.warc", b"WARC/1.1")])
def test_a_backfill_of_exported_pages_gives_the_same_stories(
    polled: Ingest, blank_database: Path, tmp_path_factory: pytest.TempPathFactory, name: str, first: bytes
) -> None:
    path = polled.folder / name
    done = polled.run("export", "--format", "warc", "-o", str(path))
    last = exported(polled)[-1]["seq"]
    assert (done.returncode, done.stderr) == (0, f"{len(SUBJECTS)} pages written to {path}, up to seq {last}.\n")
    assert path.read_bytes().startswith(first)
    other = installed(tmp_path_factory.mktemp("other"), "https://other.example/rss", blank_database)
    read = other.run("backfill", "--via", "warc", "--file", str(path))
    assert read.returncode == 0, read.stderr + read.stdout
    told, again = ({story["url"]: story for story in exported(each)} for each in (polled, other))
    assert len(again) == len(SUBJECTS)
    assert {url: [one[field] for field in READ] for url, one in again.items()} == {
        url: [one[field] for field in READ] for url, one in told.items()
    }


def test_pages_that_are_kept_no_more_are_counted(polled: Ingest) -> None:
    on_database(polled, "DELETE FROM raw_pages WHERE story_id = (SELECT min(id) FROM stories)")
    done = polled.run("export", "--format", "warc", "-o", str(polled.folder / "pages.warc.gz"))
    assert "1 story left out, whose pages are kept no more (database.raw_pages).\n" in done.stderr
    assert f"{len(SUBJECTS) - 1} pages written" in done.stderr


def test_a_reader_that_has_enough_ends_the_export_quietly(polled: Ingest) -> None:
    on_database(polled, "UPDATE stories SET text = hex(zeroblob(200000))")
    with polled.start_anew("export") as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(1)
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (128 + signal.SIGPIPE, "")


def test_a_full_disk_behind_stdout_is_told(polled: Ingest) -> None:
    with Path("/dev/full").open("wb") as full, polled.start_anew("export", stdout=full) as process:
        _, told = process.communicate(timeout=60)
    assert told == "ingest: stdout: cannot be written: No space left on device; what was written is not all\n"
    assert process.returncode == 1


MISTAKES = [
    ("--changes --format csv", "--changes are written as jsonl, not as csv"),
    ("--changes --since 2024-01-19", "--changes are narrowed by --since-seq, --feed, --tag and --lang alone"),
    ("--since-seq 5 --until-seq 4", "--until-seq 4 lies before --since-seq 5"),
    ("--partition -o days", "--partition belongs to --format parquet with -o FOLDER"),
    ("--partition --format parquet", "--partition belongs to --format parquet with -o FOLDER"),
    ("--query -", "query"),
]


@pytest.mark.parametrize(("words", "told"), MISTAKES)
def test_what_makes_no_sense_together_is_refused(say: Say, words: str, told: str) -> None:
    said = say("export", *words.split())
    assert said.status == 2
    assert told in said.err


def test_the_extra_is_named_where_pyarrow_is_missing(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = say("export", "--format", "parquet", "-o", "x.parquet")
    assert said.status == 2
    assert "pip install 'news-ingest[parquet]'" in said.err


ROUNDS, WRITERS = 5, 2


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_an_export_of_changes_that_is_killed_and_goes_on_has_each_change_once(
    ingest: Ingest, database: str, request: pytest.FixtureRequest
) -> None:
    url: str = request.getfixturevalue(database)
    chance = random.Random(1)
    stores = [writing_store(url, number) for number in range(WRITERS)]
    seen: list[int] = []
    try:
        for round_ in range(ROUNDS + 1):
            writers = [asyncio.create_task(commit(store, f"{round_}-{n}", chance)) for n, store in enumerate(stores)]
            is_last = round_ == ROUNDS
            if is_last:
                await asyncio.gather(*writers)
            seen += await asyncio.to_thread(followed, ingest, url, seen, None if is_last else chance.randrange(5, 150))
            await asyncio.gather(*writers)
        last = await stores[0].changes.last()
    finally:
        for store in stores:
            await store.close()
    assert seen == list(range(1, last + 1))


def writing_store(url: str, number: int) -> SqlStore:
    from ingest.edge.store import open_store

    return open_store(url, f"host/{number}/1.00")


async def commit(store: SqlStore, name: str, chance: random.Random) -> None:
    """Changes of stories that are gone, in transactions of several sizes."""
    for number in range(40):
        row = {"kind": "deleted", "at": START, "story_id": f"{name}-{number}", "version": 1}
        rows = [row] * chance.randrange(1, 8)
        await store.writer.run(lambda connection, rows=rows: connection.execute(insert(changes), rows))  # type: ignore[misc]


def followed(ingest: Ingest, url: str, seen: list[int], until: int | None) -> list[int]:
    """What an export adds that is killed after so many lines; the last one may be half."""
    since = str(seen[-1] if seen else 0)
    process = ingest.start("export", "--changes", "--since-seq", since, "--database", url)
    got: list[str] = []
    with process:
        for line in process.stdout:
            got.append(line)
            if until is not None and len(got) >= until:
                process.kill()
                break
    assert until is not None or process.returncode == 0
    return [int(one["seq"]) for one in map(json.loads, (line for line in got if line.endswith("\n")))]
