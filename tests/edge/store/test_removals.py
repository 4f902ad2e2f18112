"""Contract of the Store: a story that was taken down is gone, is told of, and stays away."""

import datetime as dt

import pytest
from fakes import START
from given import PAGE, OpenStore, a_draft, a_feed, an_entry, leased, one_pending, run_sql, settle, written_down
from test_copies import CHANGED, EDITED, ORIGIN, SHORTENED, by_publisher
from test_copies import saved as saved_drafts

from ingest.edge.store import SqlStore
from ingest.model import BackfillSpec, ChangeFilter, Draft, Found, Outcome, Response, StoryFilter
from ingest.ports import Shares

HOUR = dt.timedelta(hours=1)
EMPTY = ("stories", "versions", "raw_pages", "story_hashtags", "aliases", "shingles", "search", "entry_pages")


async def saved(store: SqlStore, number: int = 1) -> str:
    return (await store.save(await one_pending(store, number), a_draft(number), settle, START)).story_id or ""


async def deleted(store: SqlStore, story_id: str, reason: str = "asked for") -> None:
    assert await store.removals.delete(story_id, reason, settle, START + HOUR)


def count(database: str, table: str) -> object:
    return run_sql(database, f"SELECT COUNT(*) FROM {table}")[0][0]  # its name is written here


async def again(store: SqlStore, draft: Draft, entry: int = 99, feed: str = "other") -> Outcome:
    """Another feed shows an article."""
    known = await store.find_feed(feed)
    await written_down(store, known.feed if known else await a_feed(store, feed), [an_entry(entry)], START + HOUR)
    (pending,) = await leased(store, START + HOUR)
    return await store.save(pending, draft, settle, START + HOUR)


async def test_nothing_of_a_story_is_left_but_its_changes_and_its_tombstone(store: SqlStore, database: str) -> None:
    outcomes = await saved_drafts(store, ORIGIN, CHANGED)
    await deleted(store, outcomes[0].story_id or "")
    assert {table: count(database, table) for table in EMPTY} == dict.fromkeys(EMPTY, 0)
    states = run_sql(database, "SELECT state, story_id, why FROM entries")
    assert states == [("deleted", None, "its story was taken down: asked for")] * 2
    assert await store.upkeep.check() == []


async def test_the_words_of_its_entries_go_too(store: SqlStore, database: str) -> None:
    entry = an_entry(1, summary="What nobody may read.", content="What nobody may read.")
    await written_down(store, await a_feed(store), [entry])
    (pending,) = await leased(store)
    story_id = (await store.save(pending, a_draft(), settle, START)).story_id or ""
    before = len(bytes(run_sql(database, "SELECT data FROM entries")[0][0]))  # type: ignore[call-overload]  # bytes
    await deleted(store, story_id)
    ((data,),) = run_sql(database, "SELECT data FROM entries")
    assert len(bytes(data)) < before / 4  # type: ignore[call-overload]  # bytes


async def test_a_deletion_is_told_with_the_last_change(store: SqlStore) -> None:
    story_id = await saved(store)
    await deleted(store, story_id)
    told = (await store.changes.after(0, ChangeFilter(), 9)).announcements
    assert [(one.change.kind, one.change.story_id, one.story) for one in told] == [
        ("created", story_id, None),
        ("deleted", story_id, None),
    ]


async def test_a_story_is_deleted_once(store: SqlStore) -> None:
    story_id = await saved(store)
    await deleted(store, story_id)
    assert await store.removals.delete(story_id, "", settle, START) is None
    assert await store.removals.delete("none", "", settle, START) is None
    assert await store.changes.last() == 2


@pytest.mark.parametrize("by", ["id", "https://EXAMPLE.com/news/1?utm_source=rss"])
async def test_when_and_why_is_found_by_id_and_by_address(store: SqlStore, by: str) -> None:
    story_id = await saved(store)
    await deleted(store, story_id)
    found = await store.removals.find(story_id if by == "id" else by)
    assert found
    assert (found.story_id, found.deleted_at, found.reason) == (story_id, START + HOUR, "asked for")
    assert await store.removals.find("https://example.com/news/2") is None


async def test_its_own_feed_does_not_bring_it_back(store: SqlStore) -> None:
    story_id = await saved(store)
    await deleted(store, story_id)
    feed = await store.find_feed("example")
    assert feed
    edited = an_entry(1, summary="Edited since.")
    written = await written_down(store, feed.feed, [edited], START + HOUR)
    assert (written.new, written.known) == (0, 1)
    assert await leased(store, START + HOUR) == []
    assert (await store.totals(START)).failed == 0


OTHER_TEXT = {"fingerprint": a_draft(5).fingerprint}
OTHER = "https://example.com/other/1"
RETURNS = {
    "its address": a_draft(1, **OTHER_TEXT),
    "a link to its address": a_draft(5, alias_keys=("https://example.com/news/1",)),
    "its text elsewhere at its publisher": a_draft(1, url_key=OTHER),
    "its title, and its address as the canonical one": a_draft(
        1, url_key=OTHER, canonical_key="https://example.com/news/1", **OTHER_TEXT
    ),
}


@pytest.mark.parametrize("draft", RETURNS.values(), ids=RETURNS.keys())
async def test_no_other_feed_brings_it_back_by(store: SqlStore, database: str, draft: Draft) -> None:
    await deleted(store, await saved(store))
    outcome = await again(store, draft)
    assert (outcome.state, outcome.story_id, outcome.why) == ("deleted", None, "its story was taken down")
    assert (count(database, "stories"), await store.upkeep.check()) == (0, [])
    assert await leased(store, START + 99 * HOUR) == []


STAYS_OPEN = {
    "its text at another publisher": a_draft(1, url_key="https://two.example/1", publisher="two.example"),
    "another article whose page names its address as the canonical one": a_draft(
        5, canonical_key="https://example.com/news/1"
    ),
}


@pytest.mark.parametrize("draft", STAYS_OPEN.values(), ids=STAYS_OPEN.keys())
async def test_what_is_another_story_is_stored(store: SqlStore, draft: Draft) -> None:
    await deleted(store, await saved(store))
    assert (await again(store, draft)).settled == "new"


async def test_an_earlier_text_does_not_come_back_at_another_address(store: SqlStore) -> None:
    first, _ = await saved_drafts(store, ORIGIN, CHANGED)
    await deleted(store, first.story_id or "")
    assert (await again(store, ORIGIN.model_copy(update={"url_key": "https://one.example/else"}))).state == "deleted"


async def test_no_backfill_brings_it_back(store: SqlStore, database: str) -> None:
    story_id = await saved(store)
    await deleted(store, story_id)
    feed = await store.find_feed("example")
    assert feed
    run = await store.backfills.begin(BackfillSpec(feed_id=feed.feed.id, via=("warc",)), START)
    pages = [an_entry(1), an_entry(7, url="https://example.com/news/1?id=7")]
    found = [Found(one, page=Response(one.url, one.url, 200, START, {}, PAGE)) for one in pages]
    walked = await store.backfills.write_down(run, run, found, START)
    assert walked
    assert (walked.found, walked.known) == (2, 1)
    (pending,) = await store.backfills.lease_entries(run, START, 9, Shares())
    assert (await store.save(pending, a_draft(), settle, START)).state == "deleted"
    assert (count(database, "stories"), count(database, "entry_pages")) == (0, 0)


async def test_the_copies_of_an_origin_get_another_one_and_are_told(store: SqlStore) -> None:
    first, *_ = await saved_drafts(store, ORIGIN, SHORTENED, EDITED)
    before = await store.changes.last()
    await deleted(store, first.story_id or "")
    stories = await by_publisher(store)
    origin, copy = stories["two.example"], stories["three.example"]
    assert (origin.duplicate_of, copy.duplicate_of, copy.cluster) == (None, origin.id, origin.id)
    told = (await store.changes.after(before, ChangeFilter(), 9)).announcements
    kinds = {one.change.story_id: one.change.kind for one in told}
    assert kinds == {first.story_id: "deleted", origin.id: "updated", copy.id: "duplicate"}
    assert await store.upkeep.check() == []


async def test_a_copy_that_is_deleted_leaves_its_origin_as_it_was(store: SqlStore) -> None:
    origin, copy = await saved_drafts(store, ORIGIN, SHORTENED)
    before = await store.story(origin.story_id or "")
    await deleted(store, copy.story_id or "")
    assert await store.story(origin.story_id or "") == before


async def test_an_entry_that_was_to_be_another_sighting_is_looked_at_once_more(store: SqlStore) -> None:
    story_id = await saved(store)
    await written_down(store, await a_feed(store, "other"), [an_entry(1)])
    (pending,) = await leased(store)
    assert await store.known_story(pending, "https://example.com/news/1") == story_id
    await deleted(store, story_id)
    outcome = await store.sight(pending, story_id, "known", START)
    assert (outcome.state, outcome.due_at) == ("pending", START)
    assert [one.id for one in await leased(store)] == [pending.id]


async def test_a_re_check_that_was_under_way_writes_nothing(store: SqlStore) -> None:
    outcome = await store.save(await one_pending(store), a_draft(), settle, START, START)
    (recheck,) = await store.rechecks.lease(START, 9, None, None, Shares())
    await deleted(store, outcome.story_id or "")
    assert (await store.rechecks.found(recheck, a_draft(2), settle, START, None)).result == "lost"


async def test_a_page_that_was_being_read_again_is_left(store: SqlStore) -> None:
    story_id = await saved(store)
    run = await store.reprocessings.begin(StoryFilter(), "rules", START)
    (page,) = await store.reprocessings.pages(run, "", 9)
    await deleted(store, story_id)
    done = await store.reprocessings.write(run, page, a_draft(), settle, START)
    assert done
    assert done.failed == "it was deleted meanwhile"
    assert await store.story(story_id) is None


@pytest.mark.parametrize("point", ["store.delete.belongings", "store.delete.story", "store.before-commit"])
async def test_a_deletion_that_is_broken_off_has_not_begun(
    open_another: OpenStore, store: SqlStore, point: str
) -> None:
    class KilledError(BaseException):
        """What no write survives."""

    def kill(reached: str) -> None:
        if reached == point:
            raise KilledError

    first, copy = await saved_drafts(store, ORIGIN, SHORTENED)
    before = [story async for story in store.stories(StoryFilter())]
    killed = open_another("host/2/1", mark=kill)
    with pytest.raises(KilledError):
        await killed.removals.delete(first.story_id or "", "", settle, START)
    assert [story async for story in store.stories(StoryFilter())] == before
    assert await store.upkeep.check() == []
    await deleted(store, first.story_id or "")
    assert {story.id async for story in store.stories(StoryFilter())} == {copy.story_id}
