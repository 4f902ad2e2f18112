"""Contract of the Store: how stories are found and read."""

import datetime as dt

import pytest
from fakes import START
from given import a_draft, a_feed, an_entry, one_pending, published, settle, written_down
from sqlalchemy import create_engine, event

from ingest.core.search.query import parse
from ingest.edge.store import SqlStore, open_store, querying, reading
from ingest.model import Hashtag, StoryFilter

HOUR = dt.timedelta(hours=1)


async def filled(store: SqlStore, count: int = 5) -> list[str]:
    """Stories 1, 2, … published 1, 2, … hours before the start."""
    ids = []
    for number in range(1, count + 1):
        draft = a_draft(number, hashtags=[Hashtag(tag="Odd" if number % 2 else "Even", source="feed")])
        article = draft.article.model_copy(
            update={"published": published(number), "language": "en" if number < 3 else "fr"}
        )
        pending = await one_pending(store, number)
        outcome = await store.save(pending, draft.model_copy(update={"article": article}), settle, START)
        ids.append(outcome.story_id or "")
    return ids


async def titles(store: SqlStore, newest_first: bool = False, limit: int | None = None, **where: object) -> str:
    found = store.stories(StoryFilter.model_validate(where), newest_first, limit)
    return " ".join([story.title.removeprefix("Title ") async for story in found])


FILTERS: list[tuple[dict[str, object], str]] = [
    ({}, "1 2 3 4 5"),
    ({"after_seq": 3}, "4 5"),
    ({"after_seq": 9}, ""),
    ({"tag": "odd"}, "1 3 5"),
    ({"tag": "ODD"}, "1 3 5"),
    ({"tag": "none"}, ""),
    ({"language": "fr"}, "3 4 5"),
    ({"feed": "example"}, "1 2 3 4 5"),
    ({"feed": "none"}, ""),
    ({"since": START - 3 * HOUR}, "1 2 3"),
    ({"until": START - 3 * HOUR}, "4 5"),
    ({"since": START - 4 * HOUR, "until": START - 2 * HOUR}, "3 4"),
    ({"tag": "odd", "language": "fr", "after_seq": 3}, "5"),
]


@pytest.mark.parametrize("few", [querying.FEW, 1])
async def test_stories_are_narrowed_also_where_a_tag_or_feed_has_many(
    store: SqlStore, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querying, "FEW", few)
    await filled(store)
    assert [(where, await titles(store, **where)) for where, _ in FILTERS] == FILTERS


@pytest.mark.parametrize("where", [{"tag": "odd"}, {"feed": "example"}, {"query": parse("tag:odd")}])
async def test_a_page_of_many_stories_is_read_without_sorting_all_of_them(
    sqlite: str, where: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(querying, "FEW", 0)
    store = open_store(sqlite, "host/1/1.00")
    await filled(store, 1)
    await store.close()
    engine = create_engine(sqlite)
    with engine.connect() as connection:
        asked: list[tuple[str, object]] = []
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        reading.page(connection, StoryFilter.model_validate(where), newest_first=False, beyond=None, limit=10)
        plans = [str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", of).all()) for sql, of in tuple(asked)]
    engine.dispose()
    (plan,) = [plan for plan in plans if "uq_stories_seq" in plan or "SCAN stories" in plan or "SEARCH stories" in plan]
    assert "TEMP B-TREE" not in plan


async def test_a_story_without_a_date_is_found_by_its_first_sight(store: SqlStore) -> None:
    draft = a_draft()
    undated = draft.model_copy(update={"article": draft.article.model_copy(update={"published": None})})
    await store.save(await one_pending(store), undated, settle, START)
    assert (await titles(store, since=START), await titles(store, until=START)) == ("1", "")


async def test_the_newest_stories_can_go_first(store: SqlStore) -> None:
    await filled(store)
    assert await titles(store, newest_first=True, limit=2) == "5 4"


async def test_stories_are_read_up_to_a_limit(store: SqlStore) -> None:
    await filled(store)
    read = [await titles(store, limit=limit) for limit in (0, 2, 5, 9)]
    assert read == ["", "1 2", "1 2 3 4 5", "1 2 3 4 5"]


async def test_pages_join_without_a_gap(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await filled(store)
    for page in (1, 2, 5):
        monkeypatch.setattr(reading, "PAGE", page)
        read = await titles(store), await titles(store, newest_first=True)
        assert (page, *read) == (page, "1 2 3 4 5", "5 4 3 2 1")


async def test_a_story_that_is_saved_while_others_are_read_is_read_too(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 2)
    await filled(store, 2)
    found = store.stories(StoryFilter())
    first = [(await anext(found)).seq, (await anext(found)).seq]
    await store.save(await one_pending(store, 3), a_draft(3), settle, START)
    assert first + [story.seq async for story in found] == [1, 2, 3]


async def test_sightings_come_in_the_order_of_being_seen(store: SqlStore) -> None:
    story_id = (await filled(store, 1))[0]
    for name, hours in (("late", 2), ("later", 3)):
        feed = await a_feed(store, name)
        await written_down(
            store, feed, [an_entry(url=f"https://example.com/news/1?utm_source={name}")], START + hours * HOUR
        )
        (pending,) = await store.lease_entries(START + hours * HOUR, 1)
        await store.sight(pending, story_id, "known", START)
    story = await store.story(story_id)
    assert story is not None
    assert [(sighting.feed, sighting.url) for sighting in story.sightings] == [
        ("example", "https://example.com/news/1"),
        ("late", "https://example.com/news/1?utm_source=late"),
        ("later", "https://example.com/news/1?utm_source=later"),
    ]


async def test_a_story_keeps_the_name_of_a_feed_that_was_removed(store: SqlStore) -> None:
    (story_id,) = await filled(store, 1)
    found = await store.find_feed("example")
    assert found is not None
    await store.remove_feed(found.feed.id, START)
    story = await store.story(story_id)
    assert story is not None
    assert ([sighting.feed for sighting in story.sightings], await titles(store, feed="example")) == (["example"], "1")


SPELLINGS = "https://example.com/news/2", "HTTP://Example.com/news/2?utm_medium=rss#top", "https://x.example/2"


async def test_a_story_is_found_by_any_spelling_of_any_address(store: SqlStore) -> None:
    await filled(store, 1)
    draft = a_draft(2, alias_keys=("https://x.example/2",))
    await store.save(await one_pending(store, 2), draft, settle, START)
    for spelling in SPELLINGS:
        story = await store.find_story(spelling)
        assert story is not None, spelling
        assert story.title == "Title 2"


async def test_a_story_is_found_by_its_id(store: SqlStore) -> None:
    _, story_id = await filled(store, 2)
    assert await store.find_story(story_id) == await store.story(story_id)


async def test_what_is_not_stored_is_not_found(store: SqlStore) -> None:
    await filled(store, 1)
    for reference in ("", "https://example.com/none", "01HMZZZZZZZZZZZZZZZZZZZZZZ", "no address"):
        assert (await store.find_story(reference), await store.story(reference)) == (None, None), reference
        assert await store.raw_page(reference) is None, reference
