"""Backfills whose process dies by SIGKILL, again and again, at the most unkind moments."""

import json
import signal
import sqlite3
from contextlib import closing

import pytest
from chronicle import Chronicle
from shell import Ingest
from test_poll import SIGKILLED

DAYS, A_PAGE = 72, 4
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
def past() -> Chronicle:
    """A feed with 18 pages."""
    return Chronicle(days=DAYS, a_page=A_PAGE)


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
    one_at_a_time: Ingest, chronicle: Chronicle
) -> None:
    moments = WALK + COLLECTION
    assert len(moments) == 20
    command: tuple[str, ...] = ("backfill", "saltmere", "--via", "paged")
    repeated = 0
    for moment in moments:
        killed = one_at_a_time.run(*command, INGEST_FAIL_AT=moment)
        assert killed.returncode == SIGKILLED, (moment, killed.stderr)
        repeated = assert_a_step_at_most(chronicle, repeated, moment)
        command = ("backfill", "resume", "1")
    done = one_at_a_time.run(*command, "--json")
    assert done.returncode == 0, done.stderr
    assert_a_step_at_most(chronicle, repeated, "the last")
    told = json.loads(done.stdout)
    assert (told["state"], told["stored"], told["found"], told["pending"]) == ("done", DAYS, DAYS, 0)
    assert told["fetched"] == DAYS
    assert_complete(one_at_a_time)


def assert_a_step_at_most(chronicle: Chronicle, repeated: int, moment: str) -> int:
    """How many requests were repetitions by now: no more than a step's since the last time."""
    now = chronicle.asked_again("/")
    assert now - repeated <= A_STEP, moment
    return now


def test_the_daemon_takes_up_a_backfill_whose_process_died(one_at_a_time: Ingest, chronicle: Chronicle) -> None:
    killed = one_at_a_time.run("backfill", "saltmere", "--via", "paged", INGEST_FAIL_AT="collect.read:2")
    assert killed.returncode == SIGKILLED, killed.stderr
    daemon = one_at_a_time.start("run")
    try:
        ended = next(line for line in daemon.stderr if "backfill.ended" in line)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=10)
    finally:
        daemon.kill()
        daemon.wait()
    assert (daemon.returncode, json.loads(ended)["state"]) == (0, "done")
    assert_complete(one_at_a_time)
    polls = 1
    assert chronicle.asked_again("/") <= A_STEP + polls
