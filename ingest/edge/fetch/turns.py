"""Taking turns: at most so many at once for each key, and no memory of keys that nobody waits for.

Two lines form for each key. Whoever is first goes before all who are not, and some of the turns are kept for them, so
that they never wait for the end of what came before.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Line:
    """Those who wait for one kind of turn, and how many hold one."""

    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    held: int = 0

    def __bool__(self) -> bool:
        return bool(self.waiting or self.held)


@dataclass
class Lines:
    """The two lines of a key."""

    first: Line = field(default_factory=Line)
    rest: Line = field(default_factory=Line)


class Turns:
    """Turns by key.

    Args:
        at_once: how many may hold a turn of one key.
        kept: how many of these only the first may hold.
    """

    def __init__(self, at_once: int, kept: int = 0) -> None:
        self._at_once = at_once
        self._kept = kept
        self._lines: dict[Hashable, Lines] = {}

    def __len__(self) -> int:
        """Keys in use."""
        return len(self._lines)

    @asynccontextmanager
    async def turn(self, key: Hashable, first: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        lines = self._lines.setdefault(key, Lines())
        line = lines.first if first else lines.rest
        called = asyncio.get_running_loop().create_future()
        line.waiting.append(called)
        self._call(lines)
        try:
            await called
            yield
        finally:
            if called.cancelled():
                line.waiting.remove(called)
            else:
                line.held -= 1
            self._call(lines)
            if not lines.first and not lines.rest:
                del self._lines[key]

    def _call(self, lines: Lines) -> None:
        """Give out the turns that are free."""
        for line, most in ((lines.first, self._at_once), (lines.rest, self._at_once - self._kept)):
            waiting = [called for called in line.waiting if not called.done()]
            free = min(most - line.held, self._at_once - lines.first.held - lines.rest.held)
            for called in waiting[: max(free, 0)]:
                line.waiting.remove(called)
                line.held += 1
                called.set_result(None)
