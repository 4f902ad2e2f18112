"""`ingest db copy`, and the service on the database that it moved to."""

from pathlib import Path

import pytest
from shell import Ingest
from test_poll import SIGKILLED, stored


@pytest.fixture
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/moved.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


KINDS = pytest.mark.parametrize("target", ["sqlite", "postgres"], indirect=True)


@KINDS
def test_a_service_goes_on_with_the_database_that_it_moved_to(polled: Ingest, target: str) -> None:
    before = stored(polled)
    done = polled.run("db", "copy", "--to", target)
    assert done.returncode == 0, done.stderr
    assert ["stories", "6"] in [line.split() for line in done.stdout.splitlines()]
    assert "rows, verified." in done.stdout
    there = {"INGEST_DATABASE_URL": target}
    exported = polled.run("export", "--format", "jsonl", **there)
    assert exported.stdout == polled.run("export", "--format", "jsonl").stdout != ""
    assert len(exported.stdout.splitlines()) == len(before)
    assert polled.run("db", "upgrade", **there).returncode == 0
    assert "ferry" in polled.run("stories", "search", "ferry", **there).stdout
    again = polled.run("poll", "--all", "--json", **there)
    assert (again.returncode, '"new": 0' in again.stdout) == (0, True), again.stderr
    assert polled.run("db", "check", **there).returncode == 0


@KINDS
@pytest.mark.parametrize("point", ["store.copy.rows:4", "store.copy.filled", "store.copy.verified"])
def test_a_copy_that_is_killed_leaves_an_empty_database(polled: Ingest, target: str, point: str) -> None:
    killed = polled.run("db", "copy", INGEST_COPY_TO=target, INGEST_FAIL_AT=point)
    assert killed.returncode == SIGKILLED, killed.stderr
    assert polled.run("stories", "list", INGEST_DATABASE_URL=target).stdout == ""
    assert polled.run("db", "copy", INGEST_COPY_TO=target).returncode == 0


def test_a_target_that_is_not_empty_is_a_mistake(polled: Ingest) -> None:
    other = f"sqlite:///{polled.folder}/moved.db"
    assert polled.run("db", "copy", "--to", other).returncode == 0
    again = polled.run("db", "copy", "--to", other)
    assert (again.returncode, "it is not empty" in again.stderr) == (2, True)
