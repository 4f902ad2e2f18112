"""The real command line, in processes of its own, against a publisher on loopback."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from press import Press, open_press
from shell import Ingest

SETTINGS = """\
fetch: {allow_networks: ["127.0.0.0/8"], per_host: 8, robots: false}
pool: {workers: 1}
web: {port: 0}
"""


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
    made = Ingest(tmp_path)
    made.config.mkdir()
    (made.config / "ingest.yaml").write_text(SETTINGS)
    (made.config / "feeds.yaml").write_text(f"feeds: [{{url: '{press.feed}', name: saltmere, tags: [coast]}}]")
    (tmp_path / "data").mkdir()
    shutil.copy(blank_database, tmp_path / "data/ingest.db")
    return made
