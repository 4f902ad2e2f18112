"""The real clock."""

import asyncio
import datetime as dt


class SystemClock:
    """Time as the machine has it; implements `ports.Clock`."""

    def now(self) -> dt.datetime:
        """The present, in UTC."""
        return dt.datetime.now(dt.UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait, in real time."""
        await asyncio.sleep(seconds)
