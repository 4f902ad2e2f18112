"""When there is something new: one task looks at the database, however many readers wait.

It looks only while somebody waits. What a reader gets is read from the database page by page; nothing is kept here
for anybody.
"""

import asyncio

import structlog

from ingest.errors import StoreError
from ingest.ports import Clock, Store

log = structlog.get_logger("ingest")

LOOK_S = 1.0
"""Between two looks: as late may news be."""


class News:
    """The `seq` of the last change, as it was last seen."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._changes = store.changes
        self._clock = clock
        self._last = 0
        self._risen = asyncio.Event()
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None

    async def beyond(self, seq: int) -> None:
        """Wait until there is a change beyond a `seq`; what ends the looking is raised in all who wait."""
        self._waiting += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        looking = self._looking
        try:
            while self._last <= seq:
                await self._risen.wait()
                if looking.done():
                    looking.result()
        finally:
            self._waiting -= 1
            if not self._waiting and self._looking:
                self._looking.cancel()
                self._looking = None

    async def _look(self) -> None:
        try:
            while True:
                await self._look_once()
                await self._clock.sleep(LOOK_S)
        finally:
            self._wake()

    async def _look_once(self) -> None:
        try:
            last = await self._changes.last()
        except StoreError as error:
            log.warning("stream.refused", why=str(error), next="it is looked again")
            return
        if last > self._last:
            self._last = last
            self._wake()

    def _wake(self) -> None:
        self._risen.set()
        self._risen = asyncio.Event()
