"""Stories from before there was a search index enter it in the background."""

import pytest
from sqlalchemy import Connection, select
from world import World, rss

from ingest.core.search.query import parse
from ingest.edge.store import search_index
from ingest.edge.store.tables import stories
from ingest.model import StoryFilter
from ingest.pipeline import collect_due, index_waiting, poll_due

STORIES = 7


@pytest.fixture
async def older(world: World) -> World:
    """Stories that no search finds."""
    feed = await world.feed(full_text="never")
    world.web.answers[feed.url] = rss(range(1, STORIES + 1))
    await poll_due(world.ports)
    await collect_due(world.ports)

    def empty(connection: Connection) -> None:
        for row in connection.execute(select(stories)).mappings().all():
            search_index.leave(connection, row)
        search_index.begin_anew(connection)

    await world.store.writer.run(empty)
    return world


async def found(world: World) -> int:
    return len(await world.store.search.find(parse("title"), StoryFilter(), 100))


async def test_all_that_wait_are_brought_in(older: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.pipeline.indexing.STEP", 3)
    assert await found(older) == 0
    assert await index_waiting(older.ports) == STORIES
    assert (await found(older), await older.store.search.waiting()) == (STORIES, 0)
    assert await index_waiting(older.ports) == 0
