"""A clock that tests move by hand."""

import datetime as dt

PACE_S = 3.0


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = dt.datetime(2025, 6, 19, 8, 0, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.time

    def advance(self, seconds: float) -> None:
        self.time += dt.timedelta(seconds=seconds)
