"""Backfills whose process dies by SIGKILL, again and again, at the most unkind moments."""

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from chronicle import Chronicle
from forked import forking
from publishing import serving
from shell import SETTINGS, Ingest, installed
from test_poll import SIGKILLED

DAYS, A_PAGE = 72, 4
ONE_AT_A_TIME = "{per_host: 1, "
"""Of a host; then so many entries are in hand as stand on a page of the feed."""
A_STEP = 1 + A_PAGE
"""Requests: a page of the feed, and its articles."""

WALK = [
    "backfill.asked",
    "store.backfill.entries",
    "backfill.written",
    "backfill.asked:2",
    "store.backfill.entries:2",
    "backfill.written:2",
    "backfill.asked:3",
    "store.before-commit:2",
    "backfill.written:3",
]
"""Moments of the walk; the first of all are in its first step."""
COLLECTION = [
    "collect.fetched",
    "collect.read",
    "store.save.change",
    "store.save.story:2",
    "store.save.aliases",
    "store.before-commit:6",
    "store.after-commit:7",
    "collect.fetched:4",
    "collect.read:3",
    "store.save.story",
    "store.after-commit:9",
]
"""Moments of the collection, while the walk goes on."""


@pytest.fixture
def chronicle() -> Iterator[Chronicle]:
    """A publisher whose feed has 18 pages."""
    made = Chronicle(days=DAYS, a_page=A_PAGE)
    with serving(made):
        yield made


@pytest.fixture
def ingest(chronicle: Chronicle, blank_database: Path, tmp_path: Path) -> Ingest:
    """The command line, which asks that publisher for one thing at a time."""
    made = installed(tmp_path, chronicle.feed, blank_database)
    (made.config / "ingest.yaml").write_text(SETTINGS.replace("{", ONE_AT_A_TIME, 1).replace("per_host: 8, ", ""))
    assert made.run("feeds", "list").returncode == 0  # the database learns of the feed
    return made


def assert_complete(ingest: Ingest) -> None:
    """Each article is stored once."""
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as connection:
        titles = [title for (title,) in connection.execute("SELECT title FROM stories")]
        assert sorted(titles) == sorted(f"Day {number}" for number in range(1, DAYS + 1))
        for table in ("entries", "changes"):
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert (table, count) == (table, DAYS)
    checked = ingest.run("db", "check")
    assert checked.returncode == 0, checked.stdout


def test_killed_at_twenty_moments_it_is_complete_and_repeats_a_step_at_most(
    ingest: Ingest, chronicle: Chronicle
) -> None:
    moments = WALK + COLLECTION
    assert len(moments) == 20
    command: tuple[str, ...] = ("backfill", "saltmere", "--via", "paged")
    repeated = 0
    with forking(ingest.config) as forked:
        for moment in moments:
            killed = forked.run(*command, INGEST_FAIL_AT=moment)
            assert killed.returncode == SIGKILLED, (moment, killed.stdout)
            repeated = assert_a_step_at_most(chronicle, repeated, moment)
            command = ("backfill", "resume", "1")
        done = forked.run(*command, "--json")
    assert done.returncode == 0, done.stdout
    assert_a_step_at_most(chronicle, repeated, "the last")
    told = json.loads(done.stdout)
    assert (told["state"], told["stored"], told["found"], told["pending"]) == ("done", DAYS, DAYS, 0)
    assert told["fetched"] == DAYS
    assert_complete(ingest)


def assert_a_step_at_most(chronicle: Chronicle, repeated: int, moment: str) -> int:
    """How many requests were repetitions by now: no more than a step's since the last time."""
    now = chronicle.asked_again("/")
    assert now - repeated <= A_STEP, moment
    return now


def test_the_daemon_takes_up_a_backfill_whose_process_died(ingest: Ingest, chronicle: Chronicle) -> None:
    killed = ingest.run("backfill", "saltmere", "--via", "paged", INGEST_FAIL_AT="collect.read:2")
    assert killed.returncode == SIGKILLED, killed.stderr
    daemon = ingest.start("run")
    try:
        assert daemon.stderr
        ended = next(line for line in daemon.stderr if "backfill.ended" in line)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=10)
    finally:
        daemon.kill()
        daemon.wait()
    assert (daemon.returncode, json.loads(ended)["state"]) == (0, "done")
    assert_complete(ingest)
    polls = 1
    assert chronicle.asked_again("/") <= A_STEP + polls
