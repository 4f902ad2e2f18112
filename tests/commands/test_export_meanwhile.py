"""`ingest export` of a database that is written to meanwhile: nothing twice, and an end."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from shell import Ingest, Say

from ingest.cli import export


def change(database: Path, *places: int) -> None:
    """Tell a change of the stories that were the first, second … of all along `seq`."""
    with closing(sqlite3.connect(database)) as connection, connection:
        ids = [row[0] for row in connection.execute("SELECT id FROM stories ORDER BY seq")]
        for place in places:
            told = ("updated", "2024-01-20 08:00:00.000000", ids[place], 2)
            done = connection.execute("INSERT INTO changes (kind, at, story_id, version) VALUES (?, ?, ?, ?)", told)
            connection.execute("UPDATE stories SET seq = ? WHERE id = ?", (done.lastrowid, ids[place]))


def meanwhile(monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]) -> None:
    """Let something be done whenever one thing is written."""
    written = export._written

    async def watched(source: Any, target: Any) -> int:
        async def worked() -> Any:
            async for thing in source:
                work()
                yield thing

        return await written(worked(), target)

    monkeypatch.setattr(export, "_written", watched)


def exported(say: Say, polled: Ingest, *arguments: str) -> list[dict[str, Any]]:
    path = polled.folder / "out.jsonl"
    said = say("export", "--database", f"sqlite:///{polled.folder}/data/ingest.db", "-o", str(path), *arguments)
    assert said.status == 0, said.err
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_no_story_stands_twice_in_an_export_and_what_changed_comes_with_the_next(
    say: Say, polled: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported(say, polled)
    ids = [one["id"] for one in before]
    with monkeypatch.context() as patch:
        patch.setattr("ingest.edge.store.reading.PAGE", 2)
        left = [-1, 0]
        meanwhile(patch, lambda: left and change(polled.folder / "data/ingest.db", left.pop(0)))
        told = [one["id"] for one in exported(say, polled)]
    assert told == ids[:-1]
    assert [one["id"] for one in exported(say, polled, "--since-seq", str(before[-1]["seq"]))] == [ids[-1], ids[0]]


def test_an_export_ends_also_where_changes_come_faster_than_it_reads(
    say: Say, polled: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported(say, polled, "--changes")
    monkeypatch.setattr(export, "CHANGES", 1)
    count = 0

    def work() -> None:
        nonlocal count
        count += 1
        assert count < 50
        change(polled.folder / "data/ingest.db", 0)

    meanwhile(monkeypatch, work)
    assert [one["seq"] for one in exported(say, polled, "--changes")] == [one["seq"] for one in before]


def test_who_goes_on_from_a_later_state_of_the_database_is_told(say: Say, polled: Ingest) -> None:
    said = say("export", "--since-seq", "999", "--config", str(polled.config))
    assert (said.status, said.out) == (1, "")
    assert "this database has only come to" in said.err
