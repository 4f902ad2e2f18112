"""The door to the kept pages that are read again; a part of the Store."""

import datetime as dt
from typing import Protocol

from ingest.model import Draft, KeptPage, Reprocessed, Reprocessing, StoryFilter
from ingest.ports.decisions import Settle


class Reprocessings(Protocol):
    """Runs over the kept pages. Every write is one transaction; all methods raise StoreError."""

    async def begin(self, where: StoryFilter, rules: str, now: dt.datetime) -> Reprocessing:
        """The run with this filter, by these rules, that was not finished; else a new one.

        Args:
            rules: what tells the rules that the pages are read by; see `core.reprocess.rules_of`.
        """

    async def left(self, run: Reprocessing) -> int:
        """How many pages lie before a run."""

    async def pages(self, run: Reprocessing, beyond: str, limit: int) -> list[KeptPage]:
        """The next pages of a run, of stories whose id is beyond this one."""

    async def write(
        self, run: Reprocessing, page: KeptPage, read: Draft | str, settle: Settle, now: dt.datetime
    ) -> Reprocessed | None:
        """Make a story be what its page was read as, place it anew among its copies, and move the run on.

        Args:
            read: the draft, or why there is none.

        Returns:
            None where another process, in the same run, has done it already.
        """

    async def try_out(self, page: KeptPage, read: Draft | str, settle: Settle, now: dt.datetime) -> Reprocessed:
        """What `write` would come to; nothing is kept."""

    async def finish(self, run: Reprocessing, now: dt.datetime) -> Reprocessing:
        """The run is over; returns it as it is now, with what others did in it."""
