"""What happens in a worker: its limits, and one call after the other."""

import fcntl
import importlib
import multiprocessing
import os
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Sequence

from ingest.errors import WorkError


def prepare(memory_bytes: int) -> None:
    """Make a new process mortal; pebble has it ignore Ctrl-C already."""
    # pebble's own handler needs the interpreter, which a call that is lost in C never gives back.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        # RLIMIT_DATA counts what is written; RLIMIT_AS also counts libraries and reserves that are never touched.
        # macOS enforces neither, and has no signal for the end of a pipe: there a worker ends after its present work.
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
        die_with_parent()


def die_with_parent() -> None:
    """Have the kernel kill this process as soon as the one that runs the pool is gone.

    The parent holds the other end of a pipe, whose closing sends the signal that F_SETSIG names. PR_SET_PDEATHSIG
    would watch the fork server, which outlives the pool for as long as there are workers.
    """
    if sys.platform != "linux" or not (parent := multiprocessing.parent_process()):
        return
    pipe = parent.sentinel
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():  # it went before the signal was set
        os._exit(1)


def load(modules: Sequence[str]) -> None:
    """Import the modules, which costs nothing where the fork server did."""
    for name in modules:
        importlib.import_module(name)


def perform(call: bytes) -> bytes:
    """Run a pickled (function, args, kwargs); gives a pickled (result, error), one of which is None."""
    try:
        work, args, kwargs = pickle.loads(call)  # noqa: S301  written by our own pool
        return pickle.dumps((work(*args, **kwargs), None))
    except MemoryError:
        failed: BaseException = MemoryError()  # a new one: the old one's traceback holds the memory
    except BaseException as error:  # noqa: BLE001  whatever it is, it is the caller's
        failed = error
    return packed(failed)


def packed(error: BaseException) -> bytes:
    """The outcome of a failure; an error that cannot travel, or would end the parent, goes as a WorkError."""
    if isinstance(error, Exception):
        if not isinstance(error, MemoryError):
            error.add_note("In the worker:\n" + "".join(traceback.format_exception(error)))
        try:
            outcome = pickle.dumps((None, error))
            pickle.loads(outcome)  # noqa: S301  written in the line above
        except Exception as hindrance:  # noqa: BLE001  pickling runs the error's own code, which may raise anything
            error.add_note(f"It cannot be pickled: {hindrance}")
        else:
            return outcome
    return pickle.dumps((None, WorkError(f"{type(error).__name__}: {error}")))
