"""`ingest reprocess`, in processes of its own."""

import json
import sqlite3
from contextlib import closing

import pytest
from press import SUBJECTS
from shell import Ingest
from test_poll import SIGKILLED, assert_each_story_once, stored

STALE = """
    UPDATE stories SET title = 'An old title', text = 'An old text, read by the rules of another day.', shingles = 0;
    DELETE FROM shingles; DELETE FROM story_hashtags;
"""


@pytest.fixture
def stale(polled: Ingest) -> Ingest:
    """Stories as an earlier version of the program would have read their pages."""
    with closing(sqlite3.connect(polled.folder / "data/ingest.db")) as connection:
        connection.executescript(STALE)
    return polled


def changes(ingest: Ingest) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(ingest.folder / "data/ingest.db")) as connection:
        return connection.execute("SELECT story_id, kind FROM changes ORDER BY seq").fetchall()


def test_stories_are_read_again_from_their_kept_pages(stale: Ingest) -> None:
    done = stale.run("reprocess")
    assert (done.returncode, done.stderr) == (0, "")
    assert "6 stories read again: 6 changed." in done.stdout
    assert_each_story_once(stale)
    assert {story["version"] for story in stored(stale)} == {2}


def test_what_is_as_it_would_be_read_today_is_left_alone(stale: Ingest) -> None:
    stale.run("reprocess")
    before = changes(stale)
    assert "6 stories read again: 0 changed." in stale.run("reprocess").stdout
    assert changes(stale) == before


def test_a_dry_run_stores_nothing_and_shows_what_would_change(stale: Ingest) -> None:
    before = stored(stale)
    done = stale.run("reprocess", "--dry-run")
    assert done.returncode == 0
    assert "6 stories read again: 6 would change.\n" in done.stdout
    assert "  title: An old title → The ferry opens again\n" in done.stdout
    assert "  hashtags: +#ferry (headline), +#opens (headline), +#again (headline), +#coast (feed)\n" in done.stdout
    assert stored(stale) == before


def test_a_dry_run_in_json_gives_counts_and_a_sample(stale: Ingest) -> None:
    told = json.loads(stale.run("reprocess", "--dry-run", "--json").stdout)
    assert (told["finished"], told["read"], told["versions"]) == (True, 6, 6)
    assert told["fields"] == {"title": 6, "text": 6, "hashtags": 6}
    assert {one["field"] for one in told["sample"][0]["differences"]} == {"title", "text", "hashtags"}


@pytest.mark.parametrize(
    ("options", "count"),
    [(("--feed", "saltmere"), 6), (("--since", "2024-01-19T03:00:00Z"), 3), (("--until", "2024-01-18"), 0)],
)
def test_only_the_stories_that_the_options_name_are_read(stale: Ingest, options: tuple[str, str], count: int) -> None:
    assert json.loads(stale.run("reprocess", *options, "--json").stdout)["read"] == count


def test_a_feed_that_is_not_there_is_a_mistake(stale: Ingest) -> None:
    done = stale.run("reprocess", "--feed", "nowhere")
    assert (done.returncode, "there is no feed 'nowhere'" in done.stderr) == (2, True)


def test_stories_that_cannot_be_read_are_told_with_the_reason(stale: Ingest) -> None:
    with closing(sqlite3.connect(stale.folder / "data/ingest.db", isolation_level=None)) as connection:
        connection.execute("UPDATE entries SET data = x'00' WHERE id = 1")
    done = stale.run("reprocess")
    assert done.returncode == 1
    assert "1 story left as before: its entry cannot be read." in done.stdout


POINTS = ["store.reprocess.written:2", "store.before-commit:3", "store.after-commit:3", "reprocess.written:4"]


@pytest.mark.parametrize("point", POINTS)
def test_a_run_that_is_killed_goes_on_and_changes_each_story_once(stale: Ingest, point: str) -> None:
    before = len(changes(stale))
    killed = stale.run("reprocess", INGEST_FAIL_AT=point)
    assert killed.returncode == SIGKILLED, killed.stderr
    after = stale.run("reprocess")
    assert (after.returncode, "goes on" in after.stderr) == (0, True)
    assert f"{len(SUBJECTS)} stories read again: {len(SUBJECTS)} changed." in after.stdout
    assert_each_story_once(stale)
    updates = [story for story, kind in changes(stale)[before:] if kind == "updated"]
    assert len(set(updates)) == len(SUBJECTS)
    assert {story["version"] for story in stored(stale)} == {2}
