"""Which process holds a lease, and whether it lives.

An owner is `HOST/PID/START`: a process id alone may be used again, but not together with its start time.
"""

import os
import socket

import psutil


def this_process() -> str:
    """The owner's name of this process."""
    return f"{socket.gethostname()}/{os.getpid()}/{psutil.Process().create_time():.2f}"


def alive(owner: str) -> bool | None:
    """Whether an owner lives; None where it is on another machine, which cannot be known."""
    host, pid, started = owner.rsplit("/", 2)
    if host != socket.gethostname():
        return None
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == started
    except psutil.NoSuchProcess:
        return False
