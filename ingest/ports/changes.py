"""The door to what changed; a part of the Store."""

from typing import Protocol

from ingest.model import Announced, ChangeFilter


class Changes(Protocol):
    """What readers of the store follow. All methods raise StoreError."""

    async def after(self, seq: int, where: ChangeFilter, limit: int) -> Announced:
        """What was told of the next `limit` changes beyond a `seq`; who goes on from its position misses nothing.

        Raises:
            LateError: changes beyond that `seq` were dropped, or the database has not come to it.
        """

    async def last(self) -> int:
        """The `seq` of the last change; 0 where there is none."""

    async def expect(self, seq: int) -> None:
        """Make sure that the database has come to a `seq`; raises LateError."""

    async def identity(self) -> str:
        """What tells this database from every other: in another, a `seq` means something else."""
