"""One thread that writes: all that waits is committed together, once.

    run ─► queue ─► BEGIN IMMEDIATE ─ SAVEPOINT a write … ─ COMMIT ─► the callers go on

Rule 1: a caller goes on only after COMMIT, so that what it was told is durable.
Rule 2: a write that fails takes back its own savepoint, and raises in its caller; the others are committed.
Rule 3: when the transaction itself fails (COMMIT, or a full disk that made SQLite give it up), all of the group fail.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ingest.edge.store.engine import store_error
from ingest.errors import StoreError
from ingest.ports import Mark

T = TypeVar("T")

GROUP = 100
"""Writes a transaction; the cost of a COMMIT (one fsync) is shared by all."""


class Job(Generic[T]):
    """A write, from its caller to its outcome."""

    def __init__(self, write: Callable[[Connection], T]) -> None:
        self._write = write
        self.future: Future[T] = Future()
        self._result: tuple[T] | None = None
        self._error: BaseException | None = None

    def attempt(self, connection: Connection) -> None:
        """Write within a savepoint of its own (rule 2)."""
        connection.exec_driver_sql("SAVEPOINT job")  # in plain SQL, which costs a fifth of SQLAlchemy's own
        try:
            self._result = (self._write(connection),)
        except Exception as error:  # noqa: BLE001  # it is raised in the caller
            self._error = error
            connection.exec_driver_sql("ROLLBACK TO job")  # raises where SQLite gave up the transaction (rule 3)
        connection.exec_driver_sql("RELEASE job")

    def tell(self, url: URL, lost: BaseException | None) -> None:
        """Let the caller go on: with the result, with its own failure, or with that of the group."""
        error = self._error or lost
        if isinstance(error, SQLAlchemyError):
            translated = store_error(url, error)
            translated.__cause__ = error
            self.future.set_exception(translated)
        elif error:
            self.future.set_exception(error)
        elif self._result:
            self.future.set_result(self._result[0])


AnyJob = Job[Any]
"""Any, since writes of all types wait in one queue."""


class Writer:
    """Runs writes on the only connection that writes."""

    def __init__(self, engine: Engine, mark: Mark) -> None:
        self._engine = engine
        self._mark = mark
        self._jobs: queue.SimpleQueue[AnyJob | None] = queue.SimpleQueue()
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
        if self._closed:
            raise StoreError(f"database {self._engine.url.database}: it was closed")
        job = Job(write)
        self._jobs.put(job)
        return await asyncio.wrap_future(job.future)

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
            wanted = [job for job in group if job.future.set_running_or_notify_cancel()]
            if wanted:
                self._commit(wanted)

    def _next_group(self) -> tuple[list[AnyJob], bool]:
        """Wait for a write, take all that wait with it, and whether they are the last."""
        group: list[AnyJob] = []
        while len(group) < GROUP:
            try:
                job = self._jobs.get(block=not group)
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _commit(self, group: list[AnyJob]) -> None:
        lost: BaseException | None = None
        try:
            with self._engine.begin() as connection:
                for job in group:
                    job.attempt(connection)
                self._mark("store.before-commit")
            self._mark("store.after-commit")
        except BaseException as error:  # noqa: BLE001  # rule 3; a caller that is told nothing would wait for ever
            lost = error
        for job in group:
            job.tell(self._engine.url, lost)
