"""One thread that writes: all that waits is committed together, once.

    run ─► queue ─► BEGIN IMMEDIATE ─ SAVEPOINT a write … ─ COMMIT ─► the callers go on

Rule 1: a caller goes on only after COMMIT, so that what it was told is durable.
Rule 2: a write that fails takes back its own savepoint, and raises in its caller; the others are committed.
Rule 3: when the transaction itself fails (COMMIT, or a full disk that made SQLite give it up), all of the group fail.
Rule 4: writes of one kind are made as one, since a statement costs SQLAlchemy more than it costs SQLite; where that
        fails, each of them is made anew by itself.
"""

import asyncio
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ingest.edge.store.engine import name_of, store_error
from ingest.errors import StoreError
from ingest.ports import Mark

T = TypeVar("T")
Item = TypeVar("Item")

WriteAll = Callable[[Connection, Sequence[Item]], Sequence[T]]
"""Writes any number of a kind, and gives the result of each."""

GROUP = 100
"""Writes a transaction; the cost of a COMMIT (one fsync) is shared by all."""


@dataclass
class Job:
    """A write, from its caller to its outcome. Any, since writes of all types wait in one queue."""

    write: WriteAll[Any, Any]
    item: Any
    future: asyncio.Future[Any]
    """Of the caller, in the caller's loop."""
    result: Any = None
    error: BaseException | None = None

    def tell(self, url: URL, lost: BaseException | None) -> None:
        """Let the caller go on: with the result, with its own failure, or with that of the group."""
        error = self.error or lost
        if self.future.done():  # the caller was cancelled meanwhile
            return
        if isinstance(error, StopIteration):  # which no future takes
            error = RuntimeError("the write ran out of what it looked for").with_traceback(error.__traceback__)
        if isinstance(error, SQLAlchemyError):
            translated = store_error(url, error)
            translated.__cause__ = error
            self.future.set_exception(translated)
        elif error:
            self.future.set_exception(error)
        else:
            self.future.set_result(self.result)


def attempt(connection: Connection, jobs: Sequence[Job]) -> None:
    """Make writes of one kind within a savepoint (rules 2 and 4)."""
    connection.exec_driver_sql("SAVEPOINT job")  # in plain SQL, which costs a fifth of SQLAlchemy's own
    try:
        results = jobs[0].write(connection, [job.item for job in jobs])
        for job, result in zip(jobs, results, strict=True):
            job.result, job.error = result, None
    except Exception as error:  # noqa: BLE001  # it is raised in the caller
        for job in jobs:
            job.error = error
        connection.exec_driver_sql("ROLLBACK TO job")  # raises where SQLite gave up the transaction (rule 3)
        if len(jobs) > 1:
            for job in jobs:
                job.error = None
            for job in jobs:
                attempt(connection, [job])
    connection.exec_driver_sql("RELEASE job")


class Writer:
    """Runs writes on the only connection that writes; all callers are in one event loop."""

    def __init__(self, engine: Engine, mark: Mark) -> None:
        self._engine = engine
        self._mark = mark
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    async def run(self, write: Callable[[Connection], T]) -> T:
        """Run a write within the next transaction and wait until it is durable.

        A caller that is cancelled takes its write along, unless it has begun.

        Raises:
            StoreError: the database refused, or the store is closed.
            Exception: what the write itself raised.
        """
        return await self.run_alike(lambda connection, _: [write(connection)], None)

    async def run_alike(self, write: WriteAll[Item, T], item: Item) -> T:
        """The same for a write that is made together with all that wait with the very same function."""
        if self._closed:
            raise StoreError(f"database {name_of(self._engine.url)}: it was closed")
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._jobs.put(Job(write, item, future))
        return await future

    async def close(self) -> None:
        """Finish what waits, and let go of the connection."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _work(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            wanted = [job for job in group if not job.future.cancelled()]
            if wanted:
                self._commit(wanted)

    def _next_group(self) -> tuple[list[Job], bool]:
        """Wait for a write, take all that wait with it, and whether they are the last."""
        group: list[Job] = []
        while len(group) < GROUP:
            try:
                job = self._jobs.get(block=not group)
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[Job]) -> None:
        lost: BaseException | None = None
        alike: dict[WriteAll[Any, Any], list[Job]] = defaultdict(list)
        for job in group:
            alike[job.write].append(job)
        try:
            with self._engine.begin() as connection:
                for jobs in alike.values():
                    attempt(connection, jobs)
                self._mark("store.before-commit")
            self._mark("store.after-commit")
        except BaseException as error:  # noqa: BLE001  # rule 3; a caller that is told nothing would wait for ever
            lost = error
        with suppress(RuntimeError):  # the loop is closed, and nobody waits
            group[0].future.get_loop().call_soon_threadsafe(self._tell, group, lost)

    def _tell(self, group: list[Job], lost: BaseException | None) -> None:
        """In the callers' loop, which is woken once for all of them."""
        for job in group:
            job.tell(self._engine.url, lost)
