"""The bearer tokens that were handed out, as their digests: who reads the database learns none.

A row is looked up by the digest of what was sent. How long that takes tells nothing of use: nobody can choose a text
whose SHA-256 begins like that of another, and so feel a way towards one, byte by byte.
"""

import builtins
import datetime as dt
from contextlib import suppress
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update

from ingest.edge.store.rows import columns, noun
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import tokens
from ingest.edge.store.writer import Writer
from ingest.errors import ConflictError, StoreError
from ingest.model import Scope, Token


class SqlTokens:
    """Implements `ports.Tokens`."""

    def __init__(self, read: Read, writer: Writer) -> None:
        self._read = read
        self._writer = writer

    async def add(self, name: str, digest: str, scope: Scope, now: dt.datetime) -> Token:
        token = Token(name=name, scope=scope, made_at=now)
        return await self._writer.run(partial(_add, token=token, digest=digest))

    async def use(self, digest: str, today: dt.date) -> Token | None:
        token = await self._read(partial(_find, digest=digest))
        if token and token.used_on != today:
            used = update(tokens).where(tokens.c.digest == digest).values(used_on=today)
            with suppress(StoreError):  # on a full disk, what can be read is read all the same
                await self._writer.run(lambda connection: connection.execute(used))
        return token

    async def list(self) -> builtins.list[Token]:
        return await self._read(_all)

    async def revoke(self, name: str) -> bool:
        gone = delete(tokens).where(tokens.c.name == name)
        return await self._writer.run(lambda connection: bool(connection.execute(gone).rowcount))


def _add(connection: Connection, token: Token, digest: str) -> Token:
    if connection.scalar(select(tokens.c.name).where(tokens.c.name == token.name)) is not None:
        raise ConflictError(f"there is a token {token.name!r} already; revoke it first, or choose another name")
    connection.execute(insert(tokens), token.model_dump() | {"digest": digest})
    return token


def _find(connection: Connection, digest: str) -> Token | None:
    row = connection.execute(select(*columns(tokens, Token)).where(tokens.c.digest == digest)).mappings().first()
    return noun(Token, row) if row else None


def _all(connection: Connection) -> list[Token]:
    rows = connection.execute(select(*columns(tokens, Token)).order_by(tokens.c.name)).mappings()
    return [noun(Token, row) for row in rows]
