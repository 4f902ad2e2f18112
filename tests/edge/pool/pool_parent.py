"""A program with a pool, for tests that look at it from outside: `preload`, `hang` or `leave`."""

import asyncio
import sys

import pool_works
import psutil

from ingest.edge.pool import ProcessPool


async def leave_while_starting() -> None:
    """Give up the first work as soon as a process has started for it, long before it has loaded its modules."""
    pool = ProcessPool(2, timeout_s=60, memory_bytes=1_000_000_000, preload=["ingest.core.read"])
    running = asyncio.ensure_future(pool.run(pool_works.add, 2, 3))
    while not psutil.Process().children():  # noqa: ASYNC110  no event tells of a child
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await pool.close()


async def main(what: str) -> None:
    pool = ProcessPool(2, timeout_s=60, memory_bytes=1_000_000_000, preload=["pool_works"])
    if what == "preload":
        sys.stdout.write(f"{await pool.run(pool_works.was_preloaded)}\n")
    else:
        await asyncio.gather(*(pool.run(pool_works.tell_and_hang) for _ in range(2)))
    await pool.close()


if __name__ == "__main__":
    asyncio.run(leave_while_starting() if sys.argv[1] == "leave" else main(sys.argv[1]))
