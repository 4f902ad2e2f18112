"""Writing to a folder that sinks fill, so that no crash leaves half of anything there.

Rule 1: a folder belongs to one sink of one database, whose names it holds: in another database a `seq` and an id mean
        something else, and what one sink wrote tells nothing of how far another is.
Rule 2: one piece of work at a time, also where nobody waits for it any more, and of all processes: whoever stops, or
        waits no longer, may still be writing when another begins.
Rule 3: what the disk refuses waits, however long: nothing is given up for it.
"""

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ingest.errors import DeliveryError

T = TypeVar("T")

OWNER = ".ingest"
"""The file that holds the names of the database and the sink."""


class Folder:
    """A folder of ours, and the one thread that writes to it."""

    def __init__(self, path: Path, owner: str) -> None:
        self.path = path
        self._owner = owner
        self._thread = ThreadPoolExecutor(1, "sink-folder")

    async def run(self, work: Callable[[], T]) -> T:
        """Do something there; raises DeliveryError where the disk refuses, or the folder is another's."""

        def claimed() -> T:
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                with _locked(self.path):
                    self._claim()
                    return work()
            except BlockingIOError as error:
                raise DeliveryError("away", f"{self.path}: another process is writing there") from error
            except OSError as error:
                why = error.strerror or str(error)
                raise DeliveryError("away", f"{self.path}: cannot be written: {why}; nothing half was left") from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, claimed)

    async def test(self) -> str:
        """Write something and take it away again."""

        def probe() -> str:
            probing = self.path / f".probe.{os.getpid()}"
            try:
                write_whole(probing, "probe")
            finally:
                probing.unlink(missing_ok=True)
            return f"{self.path} can be written to"

        return await self.run(probe)

    async def close(self) -> None:
        """Finish what is being written."""
        await asyncio.to_thread(self._thread.shutdown)

    def _claim(self) -> None:
        mine = self.path / OWNER
        if not mine.exists():
            write_whole(mine, self._owner)
        if (found := mine.read_text(encoding="utf-8", errors="replace")) != self._owner:
            told = f"holds what another sink or database ({found[:100]}) delivered; name another folder, or empty it"
            raise DeliveryError("away", f"{self.path} {told}")


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep others out; the system lets go of it for whoever dies."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)  # closing it leaves the lock to a process that was forked meanwhile
        os.close(handle)


def write_whole(path: Path, text: str) -> None:
    """Put a file in its place once it is whole and on the disk; the folder itself is the caller's to sync."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


def sync_folder(path: Path) -> None:
    """Make what was renamed and removed in a folder durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
