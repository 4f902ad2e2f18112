"""The real command line, in processes of its own, against a publisher on loopback."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from press import Press, open_press

SETTINGS = """\
fetch: {allow_networks: ["127.0.0.0/8"], per_host: 8, robots: false}
pool: {workers: 1}
web: {port: 0}
"""


@dataclass(frozen=True)
class Ingest:
    """`ingest` with a configuration folder of its own."""

    folder: Path

    @property
    def config(self) -> Path:
        """The configuration folder."""
        return self.folder / "config"

    def start(self, *arguments: str, **environ: str) -> "subprocess.Popen[str]":
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "ingest", *arguments],
            env={**os.environ, "INGEST_CONFIG": str(self.config), **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        process = self.start(*arguments, **environ)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


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
