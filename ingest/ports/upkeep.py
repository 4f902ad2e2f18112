"""The door to the upkeep of the database; a part of the Store."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from ingest.ports.decisions import Settle

Part = Callable[[int, int], None]
"""Told now and then how much is done, and of how much."""


class Upkeep(Protocol):
    """What keeps a database small and sound. All methods raise StoreError."""

    async def prune(self, raw_before: dt.datetime) -> int:
        """Drop raw pages fetched before a time; returns how many.

        With them go the pages that archives brought with entries that are done, or failed before that time.
        """

    async def prune_changes(self, before: dt.datetime) -> int:
        """Drop changes from before a time that no living story stands on; returns how many. Who has not read them is
        told (`Changes.after`)."""

    async def prune_stories(self, before: dt.datetime, settle: Settle, now: dt.datetime) -> int:
        """Delete stories that were first seen before a time, and announce that; returns how many.

        No feed that shows them still brings them back, but what another feed shows later is new.
        """

    async def check(self) -> list[str]:
        """What is wrong with the database, a line each; empty if it is sound."""

    async def vacuum(self) -> None:
        """Give free space back to the disk."""

    async def back_up(self, path: Path, tell: Part) -> None:
        """Copy the database into a file, which is there once it is whole, while others go on writing.

        The copy has another identity, so that readers notice when it takes the place of this one.

        Raises:
            ConfigError: the file cannot be made, or the database is backed up by other means; the message says how.
        """

    async def copy_to(self, url: str, now: dt.datetime, tell: Part) -> Mapping[str, int]:
        """Fill an empty database with all of this one, verified; returns the rows of each table.

        The copy keeps the identity: to readers it is the same database, and this one is to be used no more.

        Raises:
            ConfigError: the other is not empty or cannot be used, or a living process works on this one.
        """

    async def renew_identity(self) -> None:
        """Make this another database to readers: what they remember of it holds no more."""

    async def writable(self) -> bool:
        """Whether a write would go through now."""
