"""The command line, in processes of its own, or in this one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from forked import Forked, fork

SETTINGS = """\
fetch: {allow_networks: ["127.0.0.0/8"], per_host: 8, robots: false}
pool: {workers: 1}
web: {port: 0}
"""


class Said(NamedTuple):
    """What a command came to that ran in this process."""

    status: int
    out: str
    err: str


Say = Callable[..., Said]


@dataclass(frozen=True)
class Ingest:
    """`ingest` with a configuration folder of its own."""

    folder: Path

    @property
    def config(self) -> Path:
        """The configuration folder."""
        return self.folder / "config"

    def start(self, *arguments: str, **environ: str) -> Forked:
        """Start a command."""
        return fork(arguments, self._environ(environ))

    def run(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        process = self.start(*arguments, **environ)
        out, err = process.communicate()
        return subprocess.CompletedProcess(arguments, process.wait(), out, err)

    def start_anew(self, *arguments: str, stdout: int | IO[bytes] = subprocess.PIPE) -> "subprocess.Popen[str]":
        """Start a command with an interpreter of its own, where its start or its end is what a test is about."""
        return subprocess.Popen(
            [sys.executable, "-m", "ingest", *arguments],
            env=self._environ({}),
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def _environ(self, more: dict[str, str]) -> dict[str, str]:
        return {**os.environ, "INGEST_CONFIG": str(self.config), **more}


def configure(folder: str, feed: str) -> None:
    """Make a configuration folder that lists one feed."""
    Path(folder).mkdir(parents=True)
    (Path(folder) / "feeds.yaml").write_text(f"feeds: [{{url: 'https://{feed}.example/rss', name: {feed}}}]")


def installed(folder: Path, feed: str, database: Path) -> Ingest:
    """The command line with a configuration of this feed, and this database."""
    made = Ingest(folder)
    made.config.mkdir(exist_ok=True)
    (made.config / "ingest.yaml").write_text(SETTINGS)
    (made.config / "feeds.yaml").write_text(f"feeds: [{{url: '{feed}', name: saltmere, tags: [coast]}}]")
    (folder / "data").mkdir(exist_ok=True)
    shutil.copy(database, folder / "data/ingest.db")
    return made
