"""A store with stories, and the pipeline that delivers them."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import cast

import pytest
from given import a_draft, a_feed, an_entry, leased, settle, written_down

from ingest.edge.store import SqlStore
from ingest.model import Draft
from ingest.pipeline import deliver_due
from ingest.ports import Archives, Clock, Cron, Fetcher, Mark, Outlook, Pool, Ports, Sink, unmarked

OpenStore = Callable[..., SqlStore]
ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)
"""For what a database has a part in."""


class KilledError(BaseException):
    """Stands for a SIGKILL: nothing that comes after is done."""


def ports(store: SqlStore, clock: Clock, *sinks: Sink, mark: Mark = unmarked) -> Ports:
    """What delivering needs of them."""
    unused = object()
    doors = (cast(Pool, unused), cast(Cron, unused), cast(Outlook, unused), cast(Archives, unused))
    return Ports(cast(Fetcher, unused), store, clock, *doors, mark=mark, sinks=sinks)


async def deliver(store: SqlStore, clock: Clock, *sinks: Sink, mark: Mark = unmarked) -> None:
    """As the daemon does at a tick."""
    await deliver_due(ports(store, clock, *sinks, mark=mark))


async def begin(store: SqlStore, clock: Clock, *sinks: Sink) -> None:
    """As the daemon does at its start."""
    await store.deliveries.sync([sink.spec for sink in sinks], clock.now())


async def with_stories(store: SqlStore, clock: Clock, numbers: Sequence[int], **more: object) -> list[str]:
    """Stories, each with one change; returns their ids."""
    found = await store.find_feed("example")
    feed = found.feed if found else await a_feed(store)
    await written_down(store, feed, [an_entry(number) for number in numbers], clock.now())
    return await saved(store, clock, 1000, **more)


async def saved(store: SqlStore, clock: Clock, limit: int, **more: object) -> list[str]:
    """Some of the entries that wait, as stories."""
    ids = []
    for pending in sorted(await leased(store, clock.now(), limit), key=lambda one: int(one.entry.guid[3:])):
        draft = Draft.model_validate(a_draft(int(pending.entry.guid[3:])).model_copy(update=more))
        outcome = await store.save(pending, draft, settle, clock.now())
        assert outcome.story_id
        ids.append(outcome.story_id)
    return ids


def execute(database: str, *statements: str) -> None:
    """What no command does, done to the database."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection, connection:
        for statement in statements:
            connection.execute(statement)
