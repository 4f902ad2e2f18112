"""Threads that read, each with a connection and a snapshot of its own.

What may take long (a search, a page that is narrowed down) has threads of its own, so that collecting and delivering
never wait for it; and who asks for it is refused where too many are waiting already.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import URL, Connection

from ingest.edge.store import engine
from ingest.errors import StoreError

T = TypeVar("T")


class Readers:
    """Some threads.

    Args:
        count: of threads.
        most: reads that may wait or be done at once; None: any number.
    """

    def __init__(self, url: URL, name: str, count: int, most: int | None = None) -> None:
        self._url = url
        self._engine = engine.connect(url, "read")
        self._threads = ThreadPoolExecutor(count, f"store-{name}")
        self._most = most
        self._asked = 0

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query; raises StoreError."""

        def run() -> T:
            with engine.translated(self._url), self._engine.connect() as connection:
                return query(connection)

        if self._asked == self._most:
            raise StoreError(f"database {engine.name_of(self._url)}: too many searches are waiting; ask again later")
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        finally:
            self._asked -= 1

    async def close(self) -> None:
        """Finish what is read, and let go of the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()
