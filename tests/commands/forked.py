"""The command line in forks of a process that has it loaded already, for tests that start it very often.

Each is a process of its own, which may be killed; it only starts in a third of the time. The server that its pool's
workers are forked from is shared by all.
"""

import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path

LOADED = (
    "app cli.backfill cli.logs edge.archives edge.clock edge.fetch.client edge.pool edge.process edge.store pipeline"
    " pipeline.outlook"
).split()
"""Modules of `ingest`."""
LONGEST_S = 60.0
"""For one command."""


@dataclass(frozen=True)
class Forked:
    """`ingest`, forked."""

    source: "subprocess.Popen[str]"
    """The process that forks."""
    told: Path
    """A file for what a fork says."""

    def run(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end; its output is that of stdout and of stderr."""
        assert self.source.stdin
        assert self.source.stdout
        self.source.stdin.write(json.dumps([arguments, environ, str(self.told)]) + "\n")
        self.source.stdin.flush()
        if not select.select([self.source.stdout], [], [], LONGEST_S)[0]:
            os.killpg(self.source.pid, signal.SIGKILL)
            raise TimeoutError(f"ingest {' '.join(arguments)}: has no end")
        status = int(self.source.stdout.readline())
        return subprocess.CompletedProcess(arguments, status, self.told.read_text())


@contextmanager
def forking(config: Path | None = None) -> Iterator[Forked]:
    """The command line, until the block is left.

    Args:
        config: the configuration folder; where none is given, each command is told its own by INGEST_CONFIG.
    """
    folders = {"INGEST_CONFIG": str(config)} if config else {}
    environ = {**os.environ, **folders, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, __file__], env=environ, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        ) as source,
    ):
        yield Forked(source, Path(folder) / "told")
        assert source.stdin
        source.stdin.close()


def serve() -> None:
    """Fork for each line that is read, and write down the fork's exit status, which is negative for a signal."""
    from ingest.cli import main

    for name in LOADED:
        importlib.import_module(f"ingest.{name}")
    share_fork_server()
    gc.freeze()  # else each fork copies what it inherits as soon as garbage is collected
    while line := sys.stdin.readline():
        child = os.fork()
        if not child:
            arguments, environ, told = json.loads(line)
            os.environ.update(environ)
            sys.argv = ["ingest", *arguments]
            file = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(file, 1)
            os.dup2(file, 2)
            main()
            return
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


def share_fork_server() -> None:
    """Start it, and have forks take it for theirs, though it is no child of them that they could look after."""
    from ingest.app import PRELOAD

    forkserver.set_forkserver_preload([*PRELOAD, "warm"])
    forkserver.ensure_running()
    forkserver._forkserver.ensure_running = lambda: None


if __name__ == "__main__":
    serve()
