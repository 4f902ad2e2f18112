"""A program with a pool, for tests that look at it from outside: `preload` or `hang`."""

import asyncio
import sys

import pool_works

from ingest.edge.pool import ProcessPool


async def main(what: str) -> None:
    pool = ProcessPool(2, timeout_s=60, memory_bytes=1_000_000_000, preload=["pool_works"])
    if what == "preload":
        sys.stdout.write(f"{await pool.run(pool_works.was_preloaded)}\n")
    else:
        await asyncio.gather(*(pool.run(pool_works.tell_and_hang) for _ in range(2)))
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
