"""Works for the pool, good and bad; importable, as the workers need them."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

from ingest.errors import FetchError

IMPORTED_BY = os.getpid()


class StubbornError(Exception):
    """An error that cannot be unpickled."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


def add(first: int, second: int) -> int:
    return first + second


def worker_pid() -> int:
    return os.getpid()


def was_preloaded() -> bool:
    return os.getppid() == IMPORTED_BY


def run_forever() -> None:
    while True:
        time.sleep(0.01)


def hang_in_c(started: str = "") -> None:
    """Never give the interpreter back: no Python code, signal handler or thread runs any more."""
    if started:
        Path(started).write_text(str(os.getpid()))
    ctypes.PyDLL(None).sleep(3600)


def tell_and_hang() -> None:
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    hang_in_c()


def devour(size: int) -> int:
    return len(bytearray(size))


def die(how: int) -> None:
    os.kill(os.getpid(), how)


def leave(code: int) -> None:
    os._exit(code)


def leave_politely() -> None:
    sys.exit("enough")


def interrupted() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def fail_to_fetch() -> None:
    raise FetchError("timeout", "example.org: no answer", retry_after_s=3)


def fail_stubbornly() -> None:
    raise StubbornError("cannot", "travel")


def give_a_function() -> object:
    return lambda: None
