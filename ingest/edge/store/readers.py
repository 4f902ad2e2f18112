"""Threads that read, each with a connection and a snapshot of its own.

What may take long (a search, a page that is narrowed down) has threads of its own, so that collecting and delivering
never wait for it. Who asks for it is refused where too many are waiting already, and told to ask for less where it
takes too long.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import SQLAlchemyError

from ingest.edge.store import engine
from ingest.errors import LimitError

TOO_LONG = "this takes longer than a search may; narrow it down by another word, a site, a tag or dates"

T = TypeVar("T")
Made = TypeVar("Made")


class Readers:
    """Some threads.

    Args:
        count: of threads.
        most: reads that may wait or be done at once; None: any number.
        limit_s: seconds that the database may take for a read, PostgreSQL for each statement of it; None: any time.
    """

    def __init__(self, url: URL, name: str, count: int, most: int | None = None, limit_s: float | None = None) -> None:
        self._url = url
        self._kind = engine.kind_of(url)
        self._engine = engine.connect(url, "read")
        self._threads = ThreadPoolExecutor(count, f"store-{name}")
        self._most = most
        self._limit_s = limit_s
        self._asked = 0

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run a query; raises StoreError."""
        return await self.made_of(query, lambda found: found)

    async def made_of(self, query: Callable[[Connection], T], make: Callable[[T], Made]) -> Made:
        """What is made of the outcome of a query, in its thread, when its snapshot is let go.

        Raises:
            LimitError: it took too long, or too many are waiting.
            StoreError: the database refused.
        """

        def run() -> Made:
            try:
                with self._engine.connect() as connection:
                    if self._limit_s is not None:
                        self._kind.limit(connection, self._limit_s)
                    found = query(connection)
            except SQLAlchemyError as error:
                if self._limit_s is not None and self._kind.is_broken_off(error):
                    raise LimitError(TOO_LONG) from error
                raise engine.store_error(self._url, error) from error
            return make(found)

        if self._asked == self._most:
            raise LimitError("too many searches are waiting; ask again later")
        self._asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        finally:
            self._asked -= 1

    async def close(self) -> None:
        """Finish what is read, and let go of the connections."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()
