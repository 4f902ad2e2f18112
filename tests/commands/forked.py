"""The command line in forks of a process that has it loaded already, which starts in an eighth of the time.

Each is a process of its own, with an environment, a folder and output of its own: it takes signals, is killed and
ends as `python -m ingest` does. What is forked from has neither threads nor an event loop nor a database. The server
that its pool's workers are forked from is shared by all.

Rule: where it is the interpreter's own start or end that a test is about, the console script is started itself.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from typing import NoReturn, Self

import psutil

import ingest

NOT_LOADED = "__main__", ".migrations", ".parquet"
"""What begins to work when it is loaded, and what has threads."""
LONGEST_S = 60.0
"""For one command."""


class Forked:
    """A command that was forked; to be used as `subprocess.Popen` is.

    Args:
        talk: what its keeper tells of it: its id, and its exit status, which is negative for a signal.
        out: the other end of its stdout.
        err: the other end of its stderr.
    """

    def __init__(self, talk: socket.socket, out: int, err: int) -> None:
        self._told = talk.makefile(encoding="utf-8")
        talk.close()
        self.stdout = os.fdopen(out, encoding="utf-8")
        self.stderr = os.fdopen(err, encoding="utf-8")
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def wait(self, timeout: float = LONGEST_S) -> int:
        """Its exit status."""
        if self.returncode is None:
            if not select.select([self._told], [], [], timeout)[0]:
                raise TimeoutError("it has no end")
            self.returncode = int(self._told.readline())
            self._told.close()
        return self.returncode

    def communicate(self, timeout: float = LONGEST_S) -> tuple[str, str]:
        """Wait for its end; one that takes longer is killed. Gives what it wrote meanwhile."""
        with ThreadPoolExecutor(2) as readers:
            both = [readers.submit(stream.read) for stream in (self.stdout, self.stderr)]
            try:
                self.wait(timeout)
            except BaseException:
                self.kill()
                raise
            out, err = (reader.result() for reader in both)
        self._close()
        return out, err

    def send_signal(self, number: int) -> None:
        """Unless it has ended."""
        if self.returncode is None and not select.select([self._told], [], [], 0)[0]:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _close(self) -> None:
        self.stdout.close()
        self.stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        self.wait()


def fork(arguments: Sequence[str], environ: Mapping[str, str]) -> Forked:
    """Start a command in this process's folder."""
    (talk, its_talk), (out, its_out), (err, its_err) = socket.socketpair(), os.pipe(), os.pipe()
    with its_talk:
        socket.send_fds(door(), [b"."], [its_talk.fileno(), its_out, its_err])
    os.close(its_out)
    os.close(its_err)
    talk.sendall(json.dumps([["ingest", *arguments], dict(environ), str(Path.cwd())]).encode() + b"\n")
    return Forked(talk, out, err)


@cache
def door() -> socket.socket:
    """Where the process that forks is asked; it is started for the first command, and ends with this process."""
    ours, its = socket.socketpair()
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OPENBLAS_NUM_THREADS": "1"}
    source = subprocess.Popen(
        [sys.executable, __file__, str(its.fileno())],
        env=environ,
        pass_fds=[its.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    its.close()
    atexit.register(source.wait)
    atexit.register(ours.close)
    return ours


def serve(door: socket.socket) -> None:
    """Fork for each that asks; returns at the end, and in each fork."""
    load()
    share_fork_server()
    gc.freeze()  # else each fork copies what it inherits as soon as garbage is collected
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers need no burial
    while True:
        asked, (*given,), *_ = socket.recv_fds(door, 1, 3)
        if not asked:
            return
        if not os.fork():
            door.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            keep(*given)
            return
        for descriptor in given:
            os.close(descriptor)


def keep(talk: int, out: int, err: int) -> None:
    """Fork once more, tell the id and the exit status of that process, and leave; it is the command."""
    from ingest.cli import main

    with socket.socket(fileno=talk) as keeper:
        with keeper.makefile(encoding="utf-8") as lines:
            sys.argv, environ, folder = json.loads(lines.readline())
        if command := os.fork():
            os.close(out)
            os.close(err)
            keeper.sendall(f"{command}\n".encode())
            status = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
            keeper.sendall(f"{status}\n".encode())
            os._exit(0)
    for place, descriptor in enumerate((out, err), 1):
        os.dup2(descriptor, place)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(folder)
    try:
        main()
    except SystemExit as left:
        leave(int(left.code or 0))


def leave(status: int) -> NoReturn:
    """End as the interpreter does, but for its clean-up, which would copy all that is inherited."""
    threading._shutdown()  # type: ignore[attr-defined]  # multiprocessing ends its forks so, too
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def load() -> None:
    """Import the whole of `ingest`, and what it imports when it opens a database."""
    for name in ("alembic.command", "psycopg"):
        importlib.import_module(name)
    for module in pkgutil.walk_packages(ingest.__path__, "ingest."):
        if not any(name in module.name for name in NOT_LOADED):
            importlib.import_module(module.name)
    assert psutil.Process().num_threads() == 1, "no fork has the threads of what it was forked from"


def start_fork_server() -> None:
    """Start what the workers of pools are forked from, with all loaded that they need."""
    from ingest.app import PRELOAD

    forkserver.set_forkserver_preload([*PRELOAD, "warm"])
    forkserver.ensure_running()


def share_fork_server() -> None:
    """Have forks take it for theirs, though it is no child of them that they could look after."""
    start_fork_server()
    forkserver._forkserver.ensure_running = lambda: None


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
