"""The door to what is taken down; a part of the Store."""

import datetime as dt
from typing import Protocol

from ingest.model import Tombstone
from ingest.ports.decisions import Settle


class Removals(Protocol):
    """Stories that are taken down. All methods raise StoreError."""

    async def delete(self, story_id: str, reason: str, settle: Settle, now: dt.datetime) -> Tombstone | None:
        """Remove all that a story is made of, announce that, and let nothing bring it back; its copies are placed anew.

        None where there is no such story, be it that it was deleted before.
        """

    async def find(self, reference: str) -> Tombstone | None:
        """What was taken down under this id, or at any URL that was its own."""
