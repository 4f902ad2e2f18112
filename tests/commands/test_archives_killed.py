"""Backfills of each kind of archive but paged feeds, whose process dies by SIGKILL at moments that chance picks."""

import json
import random
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from archived import opened
from chronicle import Chronicle
from shell import Ingest
from test_poll import SIGKILLED

DAYS, A_PAGE = 48, 4
IN_HAND = 4
"""Entries at once, where a host may be asked for one thing at a time."""

WALK = [
    f"{mark}:{time}" for mark in ("backfill.asked", "store.backfill.entries", "backfill.written") for time in (1, 2)
]
"""Moments of the walk. Together they take it five steps on."""
COLLECTION = [
    f"{mark}:{time}"
    for mark in (
        "collect.fetched",
        "collect.read",
        "store.save.change",
        "store.save.story",
        "store.save.aliases",
        "store.before-commit",
        "store.after-commit",
    )
    for time in (1, 2, 3)
]
"""Moments of the collection, while the walk goes on."""

A_STEP = {
    "wordpress": 2,  # the feed, and the first posts
    "sitemap": 2,  # a part, and the index that led to it
    "wayback": 2,  # a page of the index, and a snapshot
    "warc": 0,
    "urls": 0,
}
"""Kind → requests of one step of the walk, with those for what a new process must know again."""
AN_ARTICLE = {"wayback": 2, "warc": 0}
"""Requests for one, where they are not one: its own page, and the archive's."""


@pytest.fixture
def past() -> Chronicle:
    return Chronicle(days=DAYS, a_page=A_PAGE)


def moments(seed: str) -> list[str]:
    """Twenty: first of the walk, while there is one to go on, then of the collection."""
    chance = random.Random(seed)
    return chance.sample(WALK, len(WALK)) + chance.sample(COLLECTION, 20 - len(WALK))


@pytest.mark.parametrize("kind", A_STEP)
def test_killed_at_twenty_moments_each_archive_is_complete_and_repeats_a_step_at_most(
    kind: str, one_at_a_time: Ingest, chronicle: Chronicle, tmp_path: Path
) -> None:
    command = opened(kind, chronicle, tmp_path)
    walked = 0
    for kills, moment in enumerate([*moments(kind), ""]):
        done = one_at_a_time.run(*command, "--json", INGEST_FAIL_AT=moment)
        assert done.returncode == (SIGKILLED if moment else 0), (moment, done.stderr)
        command = ("backfill", "resume", "1")
        before, walked = walked, asked_again(chronicle, articles=False)
        assert walked - before <= A_STEP[kind], moment
        assert asked_again(chronicle, articles=True) <= kills * IN_HAND * AN_ARTICLE.get(kind, 1), moment
    told = json.loads(done.stdout)
    assert (told["state"], told["stored"] + told["seen"], told["pending"]) == ("done", DAYS, 0)
    assert told["fetched"] == DAYS
    assert_complete(one_at_a_time)
    assert one_at_a_time.run("db", "check").returncode == 0


def asked_again(chronicle: Chronicle, articles: bool) -> int:
    """How many requests were repetitions: for articles and their copies, or for anything else."""
    asked = [path for path in chronicle.asked if ("/news/" in path) is articles]
    return len(asked) - len(set(asked))


def assert_complete(ingest: Ingest) -> None:
    """Each article is stored once."""
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as connection:
        titles = Counter(title for (title,) in connection.execute("SELECT title FROM stories"))
        assert titles == Counter(f"Day {number}" for number in range(1, DAYS + 1))
        for table in ("entries", "changes"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (DAYS,)
