"""A pool of processes that a runaway page cannot hurt: it is killed, and only its own work fails.

Strategy: the calls and their outcomes travel as bytes that we pickle ourselves, so that what cannot be pickled fails
its own call and never pebble's threads. No more work is handed over than there are workers: what waits, waits here,
where it costs nothing to cancel. No process starts before the first work.
"""

import asyncio
import multiprocessing
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

import pebble

from ingest.edge.pool.worker import load, perform, prepare
from ingest.errors import WorkError

P = ParamSpec("P")
T = TypeVar("T")

MAX_TASKS = 1000
"""Works after which a worker is replaced, so that what its libraries leak ends with it."""
GRACE_S = 30.0
"""Seconds beyond the time limit after which the pool itself is taken for broken: a worker that dies while it writes
its outcome takes the lock of all others with it."""


class ProcessPool:
    """Implements `ports.Pool`.

    Args:
        workers: processes at once.
        timeout_s: seconds after which a work is killed.
        memory_bytes: private memory of one worker, what it preloaded included; enforced on Linux.
        preload: names of modules that are imported once and shared by all workers.
    """

    def __init__(self, workers: int, timeout_s: float, memory_bytes: int, preload: Sequence[str] = ()) -> None:
        self._workers = workers
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._preload = tuple(preload)
        self._free = asyncio.Semaphore(workers)
        self._starting = asyncio.Lock()
        self._pool: pebble.ProcessPool | None = None
        self._running: set[Future[bytes]] = set()
        self._closed = False
        self._trouble: str | None = None

    @property
    def trouble(self) -> str | None:
        """Why the workers did not start when they were started last."""
        return self._trouble

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run an importable function in a worker; its own errors come through with their type.

        Raises:
            WorkError: it took more time or memory than is allowed, or its process died.
        """
        call = pickle.dumps((work, args, kwargs))
        async with self._free:
            outcome = await self._perform(call)
        result: T
        error: Exception | None
        result, error = pickle.loads(outcome)  # noqa: S301  written by our own worker
        if isinstance(error, MemoryError):
            raise WorkError(f"needed more than {self._memory_bytes / 1e9:.3g} GB of memory") from error
        if error:
            raise error
        return result

    async def close(self) -> None:
        """Kill the workers; work in hand fails."""
        self._closed = True
        async with self._starting:
            await self._stop()

    async def _perform(self, call: bytes) -> bytes:
        patience = asyncio.timeout(self._timeout_s + GRACE_S)
        try:
            pool = await self._started()
            async with patience:
                return await self._outcome(pool.schedule(perform, args=(call,), timeout=self._timeout_s))
        except TimeoutError as error:
            if patience.expired():
                await self._stop()
            raise WorkError(f"took longer than {self._timeout_s:g} s") from error
        except pebble.ProcessExpired as error:
            raise WorkError(f"its process died (exit code {error.exitcode})") from error
        except RuntimeError as error:  # of pebble: the work's own errors are in the outcome
            raise WorkError("the worker processes died before the work was done") from error

    async def _started(self) -> pebble.ProcessPool:
        async with self._starting:
            if self._closed:
                raise WorkError("the pool is closed")
            if self._pool and not self._pool.active:
                await self._stop()
            if not self._pool:
                self._pool = self._new_pool()
                try:
                    await self._load(self._pool)
                except BaseException as error:  # cancelled, too: what has started half is not kept
                    await self._stop()
                    if isinstance(error, Exception):
                        self._trouble = f"no worker process starts: {type(error).__name__}: {error}"
                    raise
                self._trouble = None
            return self._pool

    async def _load(self, pool: pebble.ProcessPool) -> None:
        """Start the workers; raises what hinders a module from being imported there, which forkserver keeps to itself.

        No thread waits for the outcome: when it is cancelled, pebble would leave it waiting for ever.
        """
        call = pickle.dumps((load, (self._preload,), {}))
        loaded = await asyncio.to_thread(pool.schedule, perform, args=(call,))
        _, error = pickle.loads(await self._outcome(loaded))  # noqa: S301  written by our own worker
        if error:
            raise error

    async def _outcome(self, future: Future[bytes]) -> bytes:
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return await asyncio.wrap_future(future)

    def _new_pool(self) -> pebble.ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(self._preload))
        return pebble.ProcessPool(
            max_workers=self._workers,
            max_tasks=MAX_TASKS,
            initializer=prepare,
            initargs=(self._memory_bytes,),
            context=context,
        )

    async def _stop(self) -> None:
        pool, self._pool = self._pool, None
        running, self._running = self._running, set()
        if pool:
            await asyncio.to_thread(stop, pool)
        for future in tuple(running):  # pebble leaves them open; each goes from the set as it ends
            if not future.done():
                future.set_exception(WorkError("the pool was closed"))


def stop(pool: pebble.ProcessPool) -> None:
    """Kill the workers and wait for their end."""
    pool.stop()  # type: ignore[no-untyped-call]  # pebble gives it no types
    pool.join()
