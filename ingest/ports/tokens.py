"""The door to the bearer tokens that were handed out; a part of the Store."""

import datetime as dt
from typing import Protocol

from ingest.model import Scope, Token


class Tokens(Protocol):
    """Tokens, known by their digests alone; see `core.access`. All methods raise StoreError."""

    async def add(self, name: str, digest: str, scope: Scope, now: dt.datetime) -> Token:
        """Hand one out; ConflictError where the name is taken."""

    async def use(self, digest: str, today: dt.date) -> Token | None:
        """The token with this digest, noted as used on this day; None where there is none."""

    async def list(self) -> list[Token]:
        """All by name."""

    async def revoke(self, name: str) -> bool:
        """Take one back at once; returns whether there was one."""
