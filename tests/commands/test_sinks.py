"""`ingest sinks`, and the daemon that delivers: killed, it repeats a batch under its key and loses nothing."""

import json
import signal
from collections.abc import Iterator

import pytest
from hooked import SECRET, Hook, a_hook, last_of, with_sinks
from shell import SETTINGS, Ingest

MOMENTS = ["deliver.begun", "deliver.delivered", "store.sinks.moved", "store.sinks.moved:2", "deliver.moved"]


@pytest.fixture
def hook() -> Iterator[Hook]:
    with a_hook() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, polled: Ingest) -> str:
    """A database of either kind, with the publisher's stories."""
    if request.param == "sqlite":
        return f"sqlite:///{polled.folder}/data/ingest.db"
    postgres: str = request.getfixturevalue("postgres")
    done = polled.run("poll", "--all", INGEST_DATABASE_URL=postgres)
    assert done.returncode == 0, done.stderr
    return postgres


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_daemon_that_is_killed_repeats_its_batch_under_the_same_key(
    polled: Ingest, url: str, hook: Hook, moment: str
) -> None:
    ingest, last = with_sinks(polled, hook), last_of(url)
    environ = {"INGEST_DATABASE_URL": url, "HOOK_SECRET": SECRET}
    killed = ingest.run("run", INGEST_FAIL_AT=moment, **environ)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    before = hook.all_that_came()
    taken: dict[str, list[int]] = dict(before)
    daemon = ingest.start("run", **environ)
    try:
        daemon.stdout.readline()  # its address: it serves, and hears signals
        while sum(map(len, taken.values())) < last:
            key, seqs = hook.came.get(timeout=20)
            assert taken.setdefault(key, seqs) == seqs
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=20)
    finally:
        daemon.kill()
        daemon.wait()
    assert [seq for seqs in taken.values() for seq in seqs][:last] == list(range(1, last + 1))
    shown = json.loads(ingest.run("sinks", "list", "--json", **environ).stdout)
    position = next(sink["position"] for sink in shown if sink["name"] == "lines")
    files = (ingest.folder / "data/lines").glob("*.jsonl*")
    written = [json.loads(line)["seq"] for file in files for line in file.read_text().splitlines()]
    assert written == list(range(1, len(written) + 1))
    assert len(written) >= position


def test_sinks_are_listed_tested_replayed_and_skipped(polled: Ingest, hook: Hook) -> None:
    ingest = with_sinks(polled, hook)
    listed = ingest.run("sinks", "list")
    assert listed.returncode == 0, listed.stderr
    assert [line.split("\t")[:3] for line in listed.stdout.splitlines()[-2:]] == [
        ["hook", "webhook", "not begun"],
        ["lines", "files", "not begun"],
    ]
    tested = ingest.run("sinks", "test", "hook", HOOK_SECRET=SECRET)
    assert tested.stdout == f"hook: 127.0.0.1:{hook.port} took an empty batch.\n"
    (came,) = hook.all_that_came()
    assert came[1] == []
    assert ingest.run("sinks", "skip", "hook").stdout == "hook: goes on behind 1.\n"
    assert ingest.run("sinks", "skip", "hook", "--to", "4").stdout == "hook: goes on behind 4.\n"
    assert ingest.run("sinks", "replay", "hook", "--from", "3").stdout == "hook: goes on behind 2.\n"
    shown = json.loads(ingest.run("sinks", "list", "--json").stdout)
    behind = last_of(f"sqlite:///{ingest.folder}/data/ingest.db") - 2
    facts = {key: shown[0][key] for key in ("name", "state", "position", "behind", "dead")}
    assert facts == {"name": "hook", "state": "ok", "position": 2, "behind": behind, "dead": 0}


def test_a_sink_that_leaves_the_settings_keeps_its_place(polled: Ingest, hook: Hook) -> None:
    ingest = with_sinks(polled, hook)
    ingest.run("sinks", "skip", "hook", "--to", "4")
    settings = (ingest.config / "ingest.yaml").read_text()
    (ingest.config / "ingest.yaml").write_text(SETTINGS)
    assert json.loads(ingest.run("sinks", "list", "--json").stdout)[0]["state"] == "not listed"
    (ingest.config / "ingest.yaml").write_text(settings)
    assert json.loads(ingest.run("sinks", "list", "--json").stdout)[0]["position"] == 4


MISTAKES = [
    (("test", "hoax"), "there is no sink 'hoax' in ingest.yaml; there is hook, lines", 2),
    (("skip", "hook", "--to", "999"), "sink hook: changes can be followed from 1 to", 2),
    (("replay", "hook", "--from", "999"), "sink hook: changes can be followed from 1 to", 2),
    (("test", "hook"), "sinks[0].secret: the environment has no variable HOOK_SECRET; set it, or HOOK_SECRET_FILE", 2),
]


@pytest.mark.parametrize(("words", "told", "status"), MISTAKES)
def test_what_cannot_be_done_is_told(
    polled: Ingest, hook: Hook, words: tuple[str, ...], told: str, status: int
) -> None:
    done = with_sinks(polled, hook).run("sinks", *words)
    assert told in done.stderr
    assert done.returncode == status


def test_the_daemon_does_not_start_without_a_secret_that_a_sink_needs(polled: Ingest, hook: Hook) -> None:
    ingest = with_sinks(polled, hook)
    refused = ingest.run("run")
    assert (refused.returncode, "sinks[0].secret" in refused.stderr) == (2, True)
    assert ingest.run("poll").returncode == 0
