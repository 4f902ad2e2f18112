"""Real implementations of ports for tests, without waiting."""

import asyncio
import datetime as dt

START = dt.datetime(2024, 1, 19, 8, 0, tzinfo=dt.UTC)


class FakeClock:
    """A clock that stands still until it is told to go on; sleeping takes no time and puts it forward."""

    def __init__(self, start: dt.datetime = START) -> None:
        self._now = start

    def now(self) -> dt.datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Put it forward."""
        self._now += dt.timedelta(seconds=seconds)
