"""Contract of the Store: changes and stories that were kept long enough go, and nobody is given a hole."""

import datetime as dt

import pytest
from fakes import START
from given import OpenStore, a_draft, an_entry, leased, one_pending, run_sql, settle, written_down
from test_copies import CHANGED, EDITED, ORIGIN, SHORTENED
from test_copies import saved as saved_drafts

from ingest.edge.store import SqlStore, retention
from ingest.errors import LateError
from ingest.model import ChangeFilter, StoryFilter
from ingest.ports import Shares

HOUR = dt.timedelta(hours=1)
LATER = START + HOUR


async def saved(store: SqlStore, number: int, now: dt.datetime = START) -> str:
    pending = await one_pending(store, number)
    return (await store.save(pending, a_draft(number), settle, now)).story_id or ""


def seqs(database: str) -> list[object]:
    return [seq for (seq,) in run_sql(database, "SELECT seq FROM changes ORDER BY seq")]


async def test_changes_go_that_no_living_story_stands_on(store: SqlStore, database: str) -> None:
    gone = await saved(store, 1)  # 1
    await store.save(await one_pending(store, 2), a_draft(2), settle, START, START)  # 2
    (recheck,) = await store.rechecks.lease(START, 9, None, None, Shares())
    await store.rechecks.withdraw(recheck, "gone", START, START)  # 3
    (recheck,) = await store.rechecks.lease(START, 9, None, None, Shares())
    await store.rechecks.found(recheck, None, settle, START, None)  # 4
    await store.removals.delete(gone, "", settle, START)  # 5
    await saved(store, 3)  # 6
    assert await store.upkeep.prune_changes(LATER) == 3
    assert seqs(database) == [2, 4, 6]
    assert await store.upkeep.check() == []


async def test_versions_still_tell_when_they_were_read(store: SqlStore) -> None:
    outcome, *_ = await saved_drafts(store, EDITED, CHANGED, ORIGIN)
    story_id = outcome.story_id or ""
    before = [await store.versions(story.id) async for story in store.stories(StoryFilter())]
    await store.upkeep.prune_changes(LATER)
    assert [await store.versions(story.id) async for story in store.stories(StoryFilter())] == before
    assert await store.story(story_id) is not None


async def test_a_reader_that_comes_late_is_told_and_one_in_time_misses_nothing(store: SqlStore) -> None:
    gone = await saved(store, 1)
    await store.removals.delete(gone, "", settle, START)
    await saved(store, 2)
    await store.upkeep.prune_changes(LATER)
    for late in (0, 1):
        with pytest.raises(LateError, match="changes up to 2 were dropped"):
            await store.changes.after(late, ChangeFilter(), 9)
    assert [one.change.seq for one in (await store.changes.after(2, ChangeFilter(), 9)).announcements] == [3]


async def test_a_reader_that_began_later_does_without_what_was_dropped_then_and_no_more(store: SqlStore) -> None:
    gone = await saved(store, 1)  # 1
    await saved(store, 2)  # 2
    await store.removals.delete(gone, "", settle, START)  # 3
    await saved(store, 3)  # 4
    await store.upkeep.prune_changes(LATER)
    forgone = await store.changes.dropped()
    told = (await store.changes.after(0, ChangeFilter(), 9, forgone)).announcements
    assert (forgone, [one.change.seq for one in told]) == (3, [2, 4])
    await store.removals.delete(told[-1].change.story_id, "", settle, START)  # 5
    await saved(store, 4)  # 6
    await store.upkeep.prune_changes(LATER)
    with pytest.raises(LateError, match="changes up to 5 were dropped"):
        await store.changes.after(4, ChangeFilter(), 9, forgone)


async def test_young_changes_stay(store: SqlStore, database: str) -> None:
    gone = await saved(store, 1)
    await store.removals.delete(gone, "", settle, LATER)
    await saved(store, 2)
    assert await store.upkeep.prune_changes(LATER) == 1
    assert seqs(database) == [2, 3]


async def test_the_last_number_stays_so_that_readers_can_tell_how_far_it_is(store: SqlStore) -> None:
    gone = await saved(store, 1)
    await store.removals.delete(gone, "", settle, START)
    assert await store.upkeep.prune_changes(LATER) == 1
    assert await store.changes.last() == 2


async def test_a_change_that_was_superseded_since_goes_the_next_time(store: SqlStore, database: str) -> None:
    first, second = await saved(store, 1), await saved(store, 2)
    await store.removals.delete(second, "", settle, START)
    await store.upkeep.prune_changes(LATER)
    await store.removals.delete(first, "", settle, START)
    await store.upkeep.prune_changes(LATER)
    assert seqs(database) == [4]


async def test_many_go_in_several_transactions_and_how_far_moves_on_with_each(
    open_another: OpenStore, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """What no write survives."""

    def kill_at_the_second(point: str) -> None:
        marks.append(point)
        if marks.count("store.prune.changes") == 2:
            raise KilledError

    marks: list[str] = []
    monkeypatch.setattr(retention, "CHANGES_AT_ONCE", 2)
    store = open_another("host/2/1", mark=kill_at_the_second)
    for number in (1, 2, 3):
        await store.removals.delete(await saved(store, number), "", settle, START)
    with pytest.raises(KilledError):
        await store.upkeep.prune_changes(LATER)
    assert (seqs(database), run_sql(database, "SELECT dropped FROM identity")) == ([3, 4, 5, 6], [(2,)])
    assert await store.upkeep.prune_changes(LATER) == 3
    assert (seqs(database), run_sql(database, "SELECT dropped FROM identity")) == ([6], [(5,)])


async def test_old_stories_go_and_are_told(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "STORIES_AT_ONCE", 2)
    old = [await saved(store, number) for number in (1, 2, 3)]
    feed = (await store.feeds())[0].feed
    await written_down(store, feed, [an_entry(4)], LATER)
    (pending,) = await leased(store, LATER)
    young = (await store.save(pending, a_draft(4), settle, LATER)).story_id
    assert await store.upkeep.prune_stories(LATER, settle, LATER) == 3
    assert [story.id async for story in store.stories(StoryFilter())] == [young]
    told = (await store.changes.after(4, ChangeFilter(), 9)).announcements
    assert [(one.change.kind, one.change.story_id) for one in told] == [("deleted", one) for one in old]
    assert await store.upkeep.check() == []


async def test_a_feed_that_still_shows_an_old_story_does_not_bring_it_back(store: SqlStore) -> None:
    story_id = await saved(store, 1)
    await store.upkeep.prune_stories(LATER, settle, LATER)
    feed = (await store.feeds())[0].feed
    written = await written_down(store, feed, [an_entry(1, summary="Edited.")], LATER)
    assert (written.new, await leased(store, LATER)) == (0, [])
    assert await store.entry_outcomes("https://example.com/news/1") == [
        "example: deleted: its story was kept long enough (database.stories)"
    ]
    assert await store.removals.find(story_id) is None


async def test_of_a_cluster_that_goes_as_a_whole_nobody_is_moved(store: SqlStore) -> None:
    await saved_drafts(store, ORIGIN, SHORTENED, EDITED)
    before = await store.changes.last()
    await store.upkeep.prune_stories(LATER, settle, LATER)
    told = (await store.changes.after(before, ChangeFilter(), 9)).announcements
    assert [one.change.kind for one in told] == ["deleted"] * 3
