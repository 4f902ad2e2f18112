"""The real command line, in processes of its own, against a publisher on loopback."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from archived import WAYBACK
from chronicle import Chronicle
from forked import start_fork_server
from press import Press, open_press
from publishing import serving
from shell import Ingest, Said, Say, configure, installed

from ingest.cli import main


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Logging is set up for the whole process: it is put back."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture(scope="session")
def press() -> Iterator[Press]:
    """The publisher."""
    with open_press() as opened:
        yield opened


@pytest.fixture
def ingest(press: Press, blank_database: Path, tmp_path: Path) -> Ingest:
    """The command line, configured with the publisher's feed."""
    return installed(tmp_path, press.feed, blank_database)


@pytest.fixture(scope="session")
def polled_database(press: Press, blank_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The publisher's stories, as one poll stores them."""
    folder = tmp_path_factory.mktemp("polled")
    done = installed(folder, press.feed, blank_database).run("poll", "--all")
    assert done.returncode == 0, done.stderr
    return folder / "data/ingest.db"


@pytest.fixture
def polled(press: Press, polled_database: Path, tmp_path: Path) -> Ingest:
    """The same after the feed was polled."""
    return installed(tmp_path, press.feed, polled_database)


@pytest.fixture
def past() -> Chronicle:
    """Twelve articles on three pages."""
    return Chronicle(days=12, a_page=4)


@pytest.fixture
def chronicle(past: Chronicle) -> Iterator[Chronicle]:
    """A publisher with a past, which files of tests may make another one."""
    with serving(past):
        yield past


@pytest.fixture
def chronicled(say: Say, chronicle: Chronicle, blank_database: Path, tmp_path: Path) -> Ingest:
    """The command line, configured with that publisher's feed and archive; `say` runs in its folder."""
    made = installed(tmp_path, chronicle.feed, blank_database)
    with (made.config / "ingest.yaml").open("a") as settings:
        settings.write(f"backfill: {{wayback: '{chronicle.home}{WAYBACK}'}}\n")
    say("feeds", "list")  # the database learns of the feed
    return made


@pytest.fixture
def one_at_a_time(chronicled: Ingest) -> Ingest:
    """The same, which asks for one thing at a time."""
    path = chronicled.config / "ingest.yaml"
    path.write_text(path.read_text().replace("per_host: 8", "per_host: 1"))
    return chronicled


@pytest.fixture(scope="session")
def warm_workers() -> None:
    """The workers of commands that run in this process have loaded what they need."""
    start_fork_server()


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, warm_workers: None) -> Say:
    """Runs a command line in this process, in a folder whose configuration lists the feed `mine`."""
    monkeypatch.chdir(tmp_path)
    for name in ("INGEST_CONFIG", "INGEST_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    configure("config", "mine")

    def run(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["ingest", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return Said(int(left.value.code or 0), told.out, told.err)

    return run
