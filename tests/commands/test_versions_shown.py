"""Articles that are edited or removed after they were stored, from the command line."""

import json
import signal
import subprocess
from collections.abc import Iterator

import pytest
from press import Press, open_press
from shell import Ingest

CORRECTION = "Correction: the ferry sails on three days of the week, and not on four as was written here before."


@pytest.fixture
def press() -> Iterator[Press]:
    """A publisher of this test's own, who edits."""
    with open_press() as opened:
        yield opened


def ferry(ingest: Ingest, press: Press, *more: str) -> "subprocess.CompletedProcess[str]":
    return ingest.run("stories", "show", f"http://127.0.0.1:{press.port}/news/ferry", *more)


@pytest.fixture
def edited(ingest: Ingest, press: Press) -> Ingest:
    """The ferry's article was stored, and then edited."""
    assert ingest.run("poll", "--all").returncode == 0
    press.correction = CORRECTION
    return ingest


def test_a_poll_that_shows_an_edit_stores_the_version_and_says_so(edited: Ingest, press: Press) -> None:
    polled = edited.run("poll", "--all")
    assert "1 page looked at again: 1 changed." in polled.stderr
    assert CORRECTION in ferry(edited, press).stdout


def test_the_versions_of_a_story_are_listed_with_what_each_changed(edited: Ingest, press: Press) -> None:
    edited.run("poll", "--all")
    listed = ferry(edited, press, "--versions").stdout.splitlines()
    assert [line.split("  ")[0] for line in listed] == ["1", "2"]
    differing = ferry(edited, press, "--versions", "--diff").stdout.splitlines()
    assert differing[-1] == f"   + {CORRECTION}"


def test_the_versions_of_a_story_are_data_too(edited: Ingest, press: Press) -> None:
    edited.run("poll", "--all")
    first, second = json.loads(ferry(edited, press, "--versions", "--diff", "--json").stdout)
    assert (first["version"], first["diff"], CORRECTION in first["text"]) == (1, [], False)
    assert (second["version"], second["diff"][-1], CORRECTION in second["text"]) == (2, f"+ {CORRECTION}", True)


def test_a_difference_without_versions_is_a_mistake(edited: Ingest, press: Press) -> None:
    shown = ferry(edited, press, "--diff")
    assert (shown.returncode, "--versions" in shown.stderr) == (2, True)


def test_an_article_that_was_removed_is_shown_as_withdrawn(edited: Ingest, press: Press) -> None:
    press.removed = True
    assert "1 withdrawn" in edited.run("poll", "--all").stderr
    shown = ferry(edited, press).stdout
    assert "\nwithdrawn " in shown
    assert "A second phase begins in autumn." in shown
    assert json.loads(ferry(edited, press, "--json").stdout)["withdrawn_at"]


@pytest.mark.parametrize("point", ["recheck.fetched", "recheck.read", "store.recheck.written"])
def test_a_re_check_that_is_killed_is_done_by_the_next_command_once(edited: Ingest, press: Press, point: str) -> None:
    killed = edited.run("poll", "--all", INGEST_FAIL_AT=point)
    after = edited.run("poll", "--all")
    assert (killed.returncode, after.returncode) == (-signal.SIGKILL, 0)
    assert "1 page looked at again: 1 changed." in after.stderr
    assert [one["version"] for one in json.loads(ferry(edited, press, "--versions", "--json").stdout)] == [1, 2]
    assert edited.run("db", "check").returncode == 0
