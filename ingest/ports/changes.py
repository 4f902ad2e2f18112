"""The door to what changed; a part of the Store."""

from typing import Protocol

from ingest.model import Announced, ChangeFilter


class Changes(Protocol):
    """What readers of the store follow. All methods raise StoreError."""

    async def after(self, seq: int, where: ChangeFilter, limit: int, forgone: int = 0) -> Announced:
        """What was told of the next `limit` changes beyond a `seq`; who goes on from its position misses nothing.

        Args:
            forgone: up to which `seq` the reader does without changes that were dropped, since it began after that.

        Raises:
            LateError: changes beyond that `seq` were dropped, or the database has not come to it.
        """

    async def last(self) -> int:
        """The `seq` of the last change; 0 where there is none."""

    async def dropped(self) -> int:
        """The `seq` up to which changes were dropped that others superseded, or whose story was deleted."""

    async def expect(self, seq: int) -> None:
        """Make sure that the database has come to a `seq`; raises LateError."""

    async def identity(self) -> str:
        """What tells this database from every other: in another, a `seq` means something else."""
