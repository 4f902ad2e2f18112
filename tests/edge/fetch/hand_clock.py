"""Time that moves when a test moves it."""

import datetime as dt
from dataclasses import dataclass


@dataclass
class HandClock:
    """Implements `ports.Clock`."""

    time: dt.datetime = dt.datetime(2024, 1, 19, 8, 30, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += dt.timedelta(seconds=seconds)
