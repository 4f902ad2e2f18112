"""Contract of the Store: a search takes a bounded time, and holds up nothing but searches."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from fakes import START
from given import OpenStore, a_draft, one_pending, settle
from sqlalchemy import Connection, Row, Select, event, select

from ingest.core.search.query import parse
from ingest.edge.store import SqlStore, querying, searches
from ingest.edge.store.access import MOST_SEARCHES
from ingest.edge.store.tables import stories
from ingest.errors import LimitError
from ingest.model import Hit, Query, StoryFilter

EVERY = StoryFilter()
LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000000) SELECT count(*) FROM n"
"""What takes a database seconds, and ends."""


async def save(store: SqlStore, number: int) -> None:
    await store.save(await one_pending(store, number), a_draft(number), settle, START)


async def test_whoever_searches_holds_up_no_other_reader_and_very_many_are_refused(store: SqlStore) -> None:
    await save(store, 1)
    go_on = threading.Event()
    slow = [asyncio.create_task(store._searchers.read(lambda _: go_on.wait(10))) for _ in range(MOST_SEARCHES)]
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        assert await store.changes.last() == 1
        assert await store.search.waiting() == 0
        assert [story.seq async for story in store.stories(StoryFilter(after_seq=0))] == [1]
        with pytest.raises(LimitError, match="too many searches are waiting"):
            await store.search.find(parse("title"), EVERY, 1)
        with pytest.raises(LimitError, match="too many searches are waiting"):
            [story async for story in store.stories(StoryFilter(language="en"))]
    go_on.set()
    assert all(await asyncio.gather(*slow))
    assert len(await store.search.find(parse("title"), EVERY, 20)) == 1


async def test_what_takes_longer_than_a_search_may_is_broken_off_and_the_next_is_answered(
    open_another: OpenStore,
) -> None:
    store = open_another("host/1/1", search_s=0.05)
    await save(store, 1)
    for _ in range(3):
        with pytest.raises(LimitError, match="takes longer than a search may; narrow it down"):
            await store._searchers.read(lambda connection: connection.exec_driver_sql(LONG).scalar())
    assert len(await store.search.find(parse("title"), EVERY, 20)) == 1


async def test_who_collects_and_delivers_has_any_time(open_another: OpenStore) -> None:
    store = open_another("host/1/1", search_s=0.05)
    short = LONG.replace("20000000", "400000")
    assert await store._read(lambda connection: connection.exec_driver_sql(short).scalar()) == 400_000


async def test_snippets_are_cut_when_the_snapshot_is_let_go(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await save(store, 1)
    used: list[Connection] = []
    find, hits = searches.find, searches.hits

    def watched(connection: Connection, **asked: object) -> list[searches.Found]:
        used.append(connection)
        return find(connection, **asked)  # type: ignore[arg-type]  # as it is asked

    def cut(found: list[searches.Found], query: Query) -> list[Hit]:
        assert used[0].closed
        return hits(found, query)

    monkeypatch.setattr(searches, "find", watched)
    monkeypatch.setattr(searches, "hits", cut)
    assert len(await store.search.find(parse("title"), EVERY, 20)) == 1


def plans(connection: Connection, query: str, explain: str = "EXPLAIN QUERY PLAN") -> list[str]:
    """How a database goes about the statements of a search."""
    run: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        if told[2].startswith("SELECT"):
            run.append((told[2], told[3]))

    event.listen(connection, "before_cursor_execute", note)
    searches.find(connection, parse(query), EVERY, 20, 0)
    event.remove(connection, "before_cursor_execute", note)
    return [row[-1] for one, values in run for row in connection.exec_driver_sql(f"{explain} {one}", values)]


def explained(connection: Connection, query: Select[tuple[str]]) -> Sequence[Row[Any]]:
    """How SQLite goes about one statement."""
    made = query.compile(connection)
    values = tuple(made.params[name] for name in made.positiontup or ())
    return connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}", values).all()


NARROW = ["lang:xx", "lang:de lang:en", "site:none.example", "since:2024-01-19", "tag:a -lang:de", "rain lang:xx"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", NARROW)
async def test_what_few_stories_have_is_found_without_a_look_at_all(store: SqlStore, query: str) -> None:
    await save(store, 1)
    steps = await store._read(lambda connection: plans(connection, query))
    assert not [step for step in steps if step.startswith(("SCAN stories", "SCAN others"))]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", ["lang:de", "site:example.org", "lang:de site:example.org tag:a since:2024-01-19"])
async def test_what_many_stories_have_is_gone_through_in_order(
    store: SqlStore, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(store, 1)
    monkeypatch.setattr("ingest.edge.store.querying.FEW", -1)
    column = "language" if "lang" in query else "publisher"
    steps = await store._read(lambda connection: plans(connection, query))
    assert f"SEARCH stories USING INDEX ix_stories_{column}_seq ({column}=?)" in steps


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("query", ["lang:zh -中", "lang:zh 中"])
async def test_what_begins_with_a_letter_is_gathered_once_and_not_for_each_story(
    store: SqlStore, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await save(store, 1)
    monkeypatch.setattr("ingest.edge.store.querying.FEW", -1)
    where = StoryFilter(query=parse(query))
    page = select(stories.c.id)
    steps = await store._read(
        lambda connection: [
            row[-1] for row in explained(connection, page.where(*querying.conditions(connection, where)))
        ]
    )
    assert not [step for step in steps if step.startswith("CORRELATED")]
    assert "SEARCH stories USING INDEX ix_stories_language_seq (language=?)" in steps


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
async def test_only_the_newest_matches_are_ranked(store: SqlStore) -> None:
    await save(store, 1)
    lines = await store._read(lambda connection: plans(connection, "title", "EXPLAIN (VERBOSE)"))
    ranked = [number for number, line in enumerate(lines) if "ts_rank_cd" in line]
    limits = [number for number, line in enumerate(lines) if "Limit" in line]
    assert ranked
    assert any(ranked[-1] < limit for limit in limits)
    assert not any("ts_rank_cd" in line for line in lines[limits[-1] :])
