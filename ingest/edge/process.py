"""Which process holds a lease, and whether it lives.

An owner is `PLACE/PID/START`. Rule: the living are never taken for dead; the dead may be found out late, since their
leases end by themselves.

A process id says something only where it is counted: on one machine, and in one PID namespace, since containers may
have one host name and yet their own ids. An id may be used again, but not together with its start, which is counted
from the machine's own start where that is known: the clock may be set meanwhile.
"""

import os
import socket
import sys
from pathlib import Path

import psutil

BOOT = Path("/proc/sys/kernel/random/boot_id")
PID_NAMESPACE = Path("/proc/self/ns/pid")


def this_process() -> str:
    """The owner's name of this process."""
    return f"{place()}/{os.getpid()}/{start(os.getpid())}"


def alive(owner: str) -> bool | None:
    """Whether an owner lives; None where it is in another place, which cannot be known."""
    there, pid, started = owner.rsplit("/", 2)
    return start(int(pid)) == started if there == place() else None


def place() -> str:
    """Where the ids of processes are counted as they are here."""
    return socket.gethostname() + (f" {PID_NAMESPACE.readlink()}" if sys.platform == "linux" else "")


def start(pid: int) -> str | None:
    """When a process began; None if there is none, or a dead one that nobody has buried yet."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        if sys.platform == "linux":
            return f"{BOOT.read_text().strip()} {process.create_time() - psutil.boot_time():.2f}"
        return f"{process.create_time():.2f}"
    except psutil.NoSuchProcess:
        return None
