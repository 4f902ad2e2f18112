"""The real command line, in processes of its own, against a publisher on loopback."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from press import Press, open_press
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
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Say:
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
