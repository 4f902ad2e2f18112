"""Contract of the Store: tokens are known by their digests, until they are revoked."""

import datetime as dt

import pytest
from fakes import START

from ingest.edge.store import SqlStore
from ingest.errors import ConflictError
from ingest.model import Token

TODAY = START.date()


async def test_a_token_is_found_by_its_digest_and_its_last_day_is_kept(store: SqlStore) -> None:
    made = await store.tokens.add("dashboard", "digest", "read", START)
    assert made == Token(name="dashboard", scope="read", made_at=START)
    assert await store.tokens.use("digest", TODAY) == made
    assert await store.tokens.list() == [made.model_copy(update={"used_on": TODAY})]
    await store.tokens.use("digest", TODAY + dt.timedelta(days=1))
    assert [one.used_on for one in await store.tokens.list()] == [TODAY + dt.timedelta(days=1)]


async def test_a_token_that_was_not_made_or_was_revoked_is_none(store: SqlStore) -> None:
    await store.tokens.add("dashboard", "digest", "write", START)
    assert await store.tokens.use("other", TODAY) is None
    assert await store.tokens.revoke("dashboard")
    assert await store.tokens.use("digest", TODAY) is None
    assert not await store.tokens.revoke("dashboard")


async def test_a_name_is_given_once(store: SqlStore) -> None:
    await store.tokens.add("dashboard", "digest", "read", START)
    with pytest.raises(ConflictError, match="there is a token 'dashboard' already"):
        await store.tokens.add("dashboard", "another", "read", START)
