"""Taking turns: at most so many at once for each key, and no memory of keys that nobody waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A semaphore for each key, for as long as it is in use."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._lines: dict[str, Line] = {}

    def __len__(self) -> int:
        """Keys in use."""
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        line = self._lines.setdefault(key, Line(self._at_once))
        line.present += 1
        try:
            async with line.semaphore:
                yield
        finally:
            line.present -= 1
            if not line.present:
                del self._lines[key]


class Line:
    """Those who hold or wait for a turn."""

    def __init__(self, at_once: int) -> None:
        self.semaphore = asyncio.Semaphore(at_once)
        self.present = 0
