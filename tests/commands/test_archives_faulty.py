"""Backfills of a range along archives of each kind that have all faults at once."""

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from archived import WAYBACK, opened
from chronicle import Chronicle
from shell import Ingest, Say

RANGE = ("--since", "2024-01-05", "--until", "2024-01-12")
WITHIN = {5, 6, 7, 8, 9, 10, 11, 12}
MISSING = 10
UNDATED = {7, 14}
PATIENCE = 'collect: {retries: ["1s"]}\n'

BUSY = {
    "wordpress": ["/wp-json/"],
    "sitemap": ["/sitemap.xml"],
    "wayback": [f"{WAYBACK}/cdx/"],
    "warc": [],
    "urls": ["/news/what-happened-on-day-9-"],
}
"""Kind → what is answered by 429, once."""
DATED = {"wayback": {7}}
"""Of the articles that tell no date themselves, those that an archive dates within the range."""


@pytest.fixture
def past() -> Chronicle:
    """Sixteen articles, four of them before the range, and four behind it."""
    return Chronicle(days=16, a_page=4, missing={MISSING}, undated=UNDATED)


@pytest.fixture
def patient(chronicled: Ingest, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    """The command line, which waits for a second where a server refuses for now."""
    monkeypatch.setattr("ingest.edge.fetch.scopes.OTHERS_FIRST_S", 0.0)  # in life a minute more
    monkeypatch.setattr("ingest.core.cadence.failure.OTHERS_FIRST", dt.timedelta())
    monkeypatch.setattr("ingest.edge.fetch.scopes.PENALTY_FIRST_S", 0.01)  # in life a second between requests
    with (chronicled.config / "ingest.yaml").open("a") as settings:
        settings.write(PATIENCE)
    return chronicled


@pytest.mark.parametrize("kind", BUSY)
def test_of_a_faulty_archive_each_story_of_the_range_is_stored_once_and_the_counts_add_up(
    kind: str, say: Say, patient: Ingest, chronicle: Chronicle, tmp_path: Path
) -> None:
    chronicle.busy = BUSY[kind].copy()
    command = opened(kind, chronicle, tmp_path)
    for broken in tmp_path.glob("2.warc.gz"):
        broken.write_bytes(broken.read_bytes() + broken.read_bytes()[:-20])
    said = say(*command, *RANGE, "--json")
    told = json.loads(said.out)
    done = ("known", "stored", "seen", "left", "undated", "pending")
    assert told["found"] == sum(told[name] for name in done) + sum(told["failed"].values())
    assert told["fetched"] == told["stored"] + told["left"] + told["undated"]
    state = "failed" if kind == "warc" else "done"
    assert (told["state"], told["pending"], chronicle.busy) == (state, 0, []), told["walked"]
    assert told["failed"] == ({} if kind == "warc" else {"the page answers 404": 1})
    expected = WITHIN - {MISSING} - UNDATED | DATED.get(kind, set())
    assert stored(patient) == sorted(f"Day {number}" for number in expected)
    assert say("db", "check").status == 0


def stored(ingest: Ingest) -> list[str]:
    """The titles of all stories."""
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as connection:
        return sorted(title for (title,) in connection.execute("SELECT title FROM stories"))
