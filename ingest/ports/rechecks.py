"""The door to stories that are looked at again."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from ingest.model import Draft, Recheck, Rechecked
from ingest.ports.decisions import Settle
from ingest.ports.pace import Shares


class Rechecks(Protocol):
    """Which pages are looked at again, and what came of it.

    Whatever ends a re-check says when the next one is due, and ends the lease; if that is not ours any more, the result
    is `lost` and nothing is written. Of a story's entries the one that was looked at last has the next re-check.
    """

    async def lease(
        self, now: dt.datetime, limit: int, feeds: Sequence[int] | None, due_by: dt.datetime | None, shares: Shares
    ) -> list[Recheck]:
        """Lease up to `limit` that are due (by `due_by`, default now), the longest due first.

        Pending entries go before: while one is due that somebody could take, none is leased; and none of a publisher of
        whom one is due.
        """

    async def renew(self, ids: Sequence[int], now: dt.datetime) -> None:
        """Prolong the leases of these entries, if they are ours."""

    async def found(
        self, recheck: Recheck, draft: Draft | None, settle: Settle, now: dt.datetime, next_at: dt.datetime | None
    ) -> Rechecked:
        """The article is there, as it was (None), or as it is now: a new version if it really changed.

        A story that was withdrawn is so no more.
        """

    async def withdraw(self, recheck: Recheck, why: str, now: dt.datetime, next_at: dt.datetime | None) -> Rechecked:
        """The publisher took the article away: mark its story, which stays readable."""

    async def miss(self, recheck: Recheck, why: str, next_at: dt.datetime | None) -> Rechecked:
        """There is no page; believed once it is found again."""

    async def leave(self, recheck: Recheck, why: str, next_at: dt.datetime | None, counted: bool = True) -> Rechecked:
        """Nothing was learned of the article; `counted`: whether its server was asked at all."""
