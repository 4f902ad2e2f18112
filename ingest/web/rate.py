"""How often each caller may ask: a bucket for each, which fills evenly and is emptied by a request at a time."""

import datetime as dt
from collections import OrderedDict

MINUTE_S = 60.0
MOST_CALLERS = 10_000
"""Buckets that are kept, so that many addresses cannot fill the memory; who was quiet longest is forgotten."""


class Rates:
    """The buckets of all callers.

    Args:
        most: requests a minute; as many may come at once after a minute of quiet.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._buckets: OrderedDict[str, tuple[float, dt.datetime]] = OrderedDict()

    def wait_s(self, caller: str, now: dt.datetime) -> float:
        """Take a request out of a caller's bucket: 0, or how many seconds it lacks."""
        left, since = self._buckets.pop(caller, (float(self.most), now))
        per_second = self.most / MINUTE_S
        left = min(self.most, left + max(0.0, (now - since).total_seconds()) * per_second)
        wait_s = 0.0 if left >= 1 else (1 - left) / per_second
        self._buckets[caller] = (left if wait_s else left - 1, now)
        if len(self._buckets) > MOST_CALLERS:
            self._buckets.popitem(last=False)
        return wait_s
