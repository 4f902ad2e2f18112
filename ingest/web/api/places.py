"""How many streams there are, and whose: nobody takes all of them.

Rule 1: each may hold a page in memory, so that there are only so many at once.
Rule 2: a part of them is kept for holders of tokens: who comes without one never shuts them out.
Rule 3: no caller has more than a share.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ingest.web.guard import Caller, retry
from ingest.web.problem import problem

MOST = 200
"""Streams at once."""
KEPT = 100
"""Of these, for holders of tokens."""
SHARE = 50
"""Of one caller: a token, or an address."""
AGAIN_S = 30.0
"""After which somebody may have left."""


class Taken(Exception):  # noqa: N818  # it says what is the matter
    """There is no place; its answer says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.answer = problem(status, why, headers=retry(AGAIN_S))


class Places:
    """Who holds how many."""

    def __init__(self) -> None:
        self._held: Counter[Caller] = Counter()

    @contextmanager
    def one_for(self, caller: Caller) -> Iterator[None]:
        """Hold a place; raises `Taken` where there is none."""
        self._check(caller)
        self._held[caller] += 1
        try:
            yield
        finally:
            self._held[caller] -= 1
            self._held += Counter()  # who holds none is forgotten

    def _check(self, caller: Caller) -> None:
        if self._held[caller] >= SHARE:
            raise Taken(429, f"{SHARE} streams of one caller are served at once, and these are open already")
        if self._held.total() >= MOST:
            raise Taken(503, f"{MOST} readers are served already")
        strangers = sum(held for one, held in self._held.items() if one.holds is None)
        if caller.holds is None and strangers >= MOST - KEPT:
            raise Taken(503, f"{MOST - KEPT} readers without a token are served already; {KEPT} places are for others")
