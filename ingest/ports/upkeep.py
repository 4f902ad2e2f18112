"""The door to the upkeep of the database; a part of the Store."""

import datetime as dt
from typing import Protocol


class Upkeep(Protocol):
    """What keeps a database small and sound. All methods raise StoreError."""

    async def prune(self, raw_before: dt.datetime) -> int:
        """Drop raw pages fetched before a time; returns how many.

        With them go the pages that archives brought with entries that are done, or failed before that time.
        """

    async def check(self) -> list[str]:
        """What is wrong with the database, a line each; empty if it is sound."""

    async def vacuum(self) -> None:
        """Give free space back to the disk."""

    async def writable(self) -> bool:
        """Whether a write would go through now."""
