"""The door to search; a part of the Store."""

from collections.abc import Sequence
from typing import Protocol

from ingest.model import Hit, Indexed, Query, StoryFilter, Unindexed


class Searches(Protocol):
    """What searches go through. Each story is found from the moment that it is saved. All methods raise StoreError."""

    async def find(self, query: Query, where: StoryFilter, limit: int, offset: int = 0) -> list[Hit]:
        """The stories that a query and a filter let through, the best first, of equals the newest.

        Where very many match, the newest of them are ranked. A query without words ranks nothing: the newest are first.
        """

    async def waiting(self) -> int:
        """How many stories that were stored before there was an index are not in it yet, at most."""

    async def unindexed(self, limit: int) -> list[Unindexed]:
        """The next of them, the newest first."""

    async def index(self, found: Sequence[Unindexed], tokens: Sequence[Indexed]) -> None:
        """Enter what `unindexed` gave, in one transaction; what was saved or deleted meanwhile is left."""
