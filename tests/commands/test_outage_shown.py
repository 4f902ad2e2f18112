"""An outage of our own network, as a daemon elsewhere sees it, is seen by who lists or checks feeds."""

import json
import sqlite3
from contextlib import closing

import pytest
from shell import Ingest

SEEN = "INSERT INTO outages (owner, since, seen_at, hosts) VALUES (?, '2024-01-19 08:00:00', '2999-01-01 00:00:00', 9)"
FAILED = "UPDATE feed_states SET failure = 'outage', polled_at = '2024-01-19 08:00:00'"
TOLD = "down since 2024-01-19 08:00:00 UTC"


@pytest.fixture
def cut_off(ingest: Ingest) -> Ingest:
    """With one feed that failed within the outage."""
    ingest.run("feeds", "list")
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as database, database:
        database.execute(SEEN, ("elsewhere/1/1.00",))
        database.execute(FAILED)
    return ingest


def test_the_list_tells_it_once_and_has_the_feed_waiting(cut_off: Ingest) -> None:
    for_people, for_programs = cut_off.run("feeds", "list"), cut_off.run("feeds", "list", "--json")
    assert [feed["health"] for feed in json.loads(for_programs.stdout)] == ["waiting"]
    assert (for_people.stderr.count(TOLD), for_people.stdout.count(TOLD)) == (1, 0)
    assert "\twaiting\t" in for_people.stdout


def test_a_check_tells_it_beside_what_the_feed_answers(cut_off: Ingest) -> None:
    said = cut_off.run("feeds", "check", "saltmere").stdout
    assert said.startswith("saltmere: fine")
    assert "In the feed list it stands as waiting." in said
    assert f"Ingest takes our own network to be {TOLD}" in said
