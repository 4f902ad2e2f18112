"""The door to backfills: walks along archives that are kept, taken up again, and whose entries are collected apart."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from ingest.model import Backfill, BackfillSpec, BackfillState, Found, Outcome, PendingEntry
from ingest.ports.pace import Shares


class Backfills(Protocol):
    """A part of the Store. Every write is one transaction; all methods raise StoreError.

    A backfill that is `running` is somebody's work, or waits for somebody to take it. Whatever is written of it is
    written only while it is ours: None says that it was cancelled, or that another process took it over.
    """

    async def begin(self, spec: BackfillSpec, now: dt.datetime, ours: bool = True) -> Backfill:
        """A new one, ours, or left to whoever takes it next.

        Raises:
            ConflictError: one of the same feed is running.
        """

    async def begin_for_gap(self, via: Sequence[str], now: dt.datetime) -> Backfill | None:
        """A new one, ours, for the oldest gap that nobody has tried to close; None where there is none."""

    async def take(self, backfill_id: int | None, now: dt.datetime, even_if_done: bool = False) -> Backfill | None:
        """Make one ours and running: this one, or any that is running and in nobody's hands; None where it cannot be.

        Args:
            even_if_done: also one that is done; one that was cancelled never.
        """

    async def renew(self, run: Backfill, now: dt.datetime) -> bool:
        """Keep it ours; returns whether it still is."""

    def leave(self, run: Backfill) -> None:
        """It is in nobody's hands any more; see `Store.leave_feeds`."""

    async def write_down(
        self, run: Backfill, advanced: Backfill, found: Sequence[Found], now: dt.datetime
    ) -> Backfill | None:
        """Keep what a step found, pending, and how far the walk is; in one transaction.

        Returns:
            It after the step, what became of its entries not counted.

        Args:
            run: as it was before the step.
            advanced: where it is after, with the counts of what the archive itself left out; see `core.backfill`.
        """

    async def lease_entries(self, run: Backfill, now: dt.datetime, limit: int, shares: Shares) -> list[PendingEntry]:
        """Lease up to `limit` of its pending entries that are due, the newest first.

        None while an entry of a feed that is polled is due and could be taken: they go before.
        """

    async def leave_out(self, pending: PendingEntry, why: str) -> Outcome:
        """Forget an entry that lies outside of the range; it is counted."""

    async def end(self, run: Backfill, state: BackfillState, now: dt.datetime) -> Backfill | None:
        """It is over, or stopped for now; entries that still wait are kept where it can be taken up again."""

    async def retry(self, run: Backfill, now: dt.datetime) -> Backfill | None:
        """Make the entries that failed pending again."""

    async def cancel(self, backfill_id: int, now: dt.datetime) -> Backfill | None:
        """End one that is not over, whoever works on it; None where there is none."""

    async def get(self, backfill_id: int) -> Backfill | None:
        """One, as it is now."""

    async def list(self) -> list[Backfill]:
        """All, the newest first."""

    async def samples(self, feed_id: int) -> tuple[str, ...]:
        """Addresses of articles that a feed has listed, the newest first."""
