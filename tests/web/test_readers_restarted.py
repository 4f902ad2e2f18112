"""Readers over HTTP that die at random while several writers commit: each ends with exactly the changes, in order."""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from functools import partial

import httpx
import pytest
from served import Served, events, served
from shown import NOW, SETTLE, a_draft, some_pending
from sqlalchemy import create_engine, select

from ingest.edge.clock import SystemClock
from ingest.edge.store import SqlStore, steps
from ingest.edge.store.tables import changes
from ingest.web.api import news, stream

OpenStore = Callable[..., SqlStore]
Step = tuple[int, str, str]
"""A change: its seq, its kind, its story."""
WRITERS, STORIES = 3, 21
TOTAL = 2 * STORIES
"""Changes: each story is created, and then something befalls it."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
async def service(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """The site on loopback, which reads little at once and looks for news often; it ends each stream after a moment."""
    monkeypatch.setattr(news, "LOOK_S", 0.01)
    monkeypatch.setattr(stream, "PAGE", 3)
    monkeypatch.setattr(stream, "CHECK_S", 0.3)
    monkeypatch.setattr(stream, "CHECKS", 1)
    async with served(store, SystemClock(), rate=1_000_000) as running:
        yield running


async def write(store: SqlStore, chance: random.Random) -> None:
    """Save what waits, as one process among others; what is saved changes, goes, or is taken down."""
    while pending := await store.lease_entries(NOW, chance.randint(1, 3)):
        for one in pending:
            number = int(one.entry.guid.rpartition("/")[2])
            saved = await store.save(one, a_draft(number), SETTLE, NOW)
            assert saved.story_id
            match number % 3:
                case 0:
                    told = partial(steps.tell, story_id=saved.story_id, kinds=["updated"], version=1, now=NOW)
                    await store.writer.run(told)
                case 1:
                    await store.writer.run(partial(steps.withdraw, story_id=saved.story_id, now=NOW))
                case _:
                    await store.removals.delete(saved.story_id, "", SETTLE, NOW)


def written(database: str) -> list[Step]:
    """What the database holds, by another way than that of readers."""
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        rows = connection.execute(select(changes.c.seq, changes.c.kind, changes.c.story_id).order_by(changes.c.seq))
        found = [(row.seq, row.kind, row.story_id) for row in rows]
    engine.dispose()
    return found


async def by_pages(client: httpx.AsyncClient, chance: random.Random) -> list[Step]:
    """A reader that forgets all but the last seq it saw."""
    seen: list[Step] = []
    while len(seen) < TOTAL:
        query = {"since_seq": last(seen), "limit": chance.randint(1, 9)}
        seen += map(step, (await client.get("changes", params=query)).json()["changes"])
    return seen


async def by_stream(client: httpx.AsyncClient, chance: random.Random) -> list[Step]:
    """A reader that breaks off again and again, in the midst of an event too, and comes again with the last id."""
    seen: list[Step] = []
    while len(seen) < TOTAL:
        headers = {"Last-Event-ID": str(last(seen))}
        async with (
            client.stream("GET", "stories/stream", headers=headers) as answer,
            aclosing(events(answer, chance.randint(1, 60))) as coming,
        ):
            async for event in coming:
                seen.append(step(json.loads(event.data)))
                assert (event.id, event.kind) == (str(seen[-1][0]), seen[-1][1])
                if len(seen) == TOTAL:
                    break
    return seen


def last(seen: list[Step]) -> int:
    return seen[-1][0] if seen else 0


def step(change: dict[str, object]) -> Step:
    story = change["story"]
    assert isinstance(story, dict)
    return int(str(change["seq"])), str(change["kind"]), str(story["id"])


async def test_each_reader_ends_with_exactly_the_changes_in_order(
    service: Served, store: SqlStore, open_another: OpenStore, database: str
) -> None:
    await some_pending(store, *range(1, STORIES + 1))
    writers = [write(open_another(f"host/{number}/1.00"), random.Random(number)) for number in range(WRITERS)]
    readers = [read(service.client, random.Random(seed)) for read in (by_pages, by_stream) for seed in (1, 2, 3)]
    async with asyncio.timeout(60):
        done = await asyncio.gather(*readers, *writers)
    expected = written(database)
    assert {kind for _, kind, _ in expected} == {"created", "updated", "withdrawn", "deleted"}
    assert len(expected) == TOTAL
    assert done[: len(readers)] == [expected] * len(readers)
