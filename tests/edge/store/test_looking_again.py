"""Contract of the Store: what is looked at again, by whom, and what that does to a story."""

import datetime as dt

import pytest
from fakes import START
from given import OpenStore, a_draft, a_feed, an_entry, leased, one_pending, settle, written_down
from sqlalchemy import update

from ingest.edge.store import SqlStore
from ingest.edge.store.tables import entries
from ingest.model import Draft, Recheck, Story, StoryFilter
from ingest.ports import UNSHARED, Shares

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
SOON = START + 10 * MINUTE
NEXT = START + HOUR
TAGGED = {"etag": '"1"', "last_modified": "Fri, 19 Jan 2024 07:00:00 GMT"}

FIRST = "The ferry to the northern islands will sail twice a day from Monday."
SECOND = "The islanders had asked for a second crossing since the mill closed."


def told(number: int = 1, text: str = FIRST, **more: object) -> Draft:
    """The article NUMBER with a text."""
    draft = a_draft(number, **more)
    return draft.model_copy(update={"article": draft.article.model_copy(update={"text": text})})


async def stored(store: SqlStore, number: int = 1, check_at: dt.datetime | None = SOON) -> str:
    """An article whose page is looked at again."""
    saved = await store.save(await one_pending(store, number), told(number, **TAGGED), settle, START, check_at)
    return saved.story_id or ""


async def due(store: SqlStore, now: dt.datetime = SOON, limit: int = 9, shares: Shares = UNSHARED) -> list[Recheck]:
    return await store.rechecks.lease(now, limit, None, None, shares)


async def one_due(store: SqlStore, now: dt.datetime = SOON) -> Recheck:
    (recheck,) = await due(store, now)
    return recheck


async def story_of(store: SqlStore) -> Story:
    (story,) = [one async for one in store.stories(StoryFilter())]
    return story


async def seen_again(store: SqlStore, name: str = "other") -> None:
    """Another feed shows the article too."""
    await written_down(store, await a_feed(store, name), [an_entry(1, guid="its own")])
    (pending,) = await leased(store)
    await store.save(pending, told(), settle, START, SOON)


async def shown(store: SqlStore, now: dt.datetime, feed: str = "example", **edited: object) -> None:
    """A poll shows the entry, edited."""
    status = await store.find_feed(feed)
    assert status
    await written_down(store, status.feed, [an_entry(1, **edited)], now)


async def test_a_page_is_looked_at_when_its_time_has_come_with_what_its_server_said_of_it(store: SqlStore) -> None:
    story_id = await stored(store)
    assert await due(store, SOON - MINUTE) == []
    recheck = await one_due(store)
    assert (recheck.story_id, recheck.entry.url, recheck.source) == (story_id, "https://example.com/news/1", "page")
    assert {"etag": recheck.etag, "last_modified": recheck.last_modified} == TAGGED


async def test_a_story_that_is_not_to_be_looked_at_again_never_is(store: SqlStore) -> None:
    await stored(store, check_at=None)
    assert await due(store, START + 999 * HOUR) == []


async def test_of_several_sightings_one_is_looked_at(store: SqlStore) -> None:
    await stored(store)
    await seen_again(store)
    assert len(await due(store)) == 1


async def test_what_one_process_looks_at_no_other_does(store: SqlStore, open_another: OpenStore) -> None:
    await stored(store)
    recheck = await one_due(store)
    other = open_another("host/2/2")
    assert await due(other) == []
    taken_over = await one_due(other, SOON + 2 * MINUTE)
    lost = await store.rechecks.found(recheck, told(text=SECOND), settle, SOON, NEXT)
    assert (lost.result, (await story_of(store)).text) == ("lost", FIRST)
    assert (await other.rechecks.found(taken_over, None, settle, SOON, NEXT)).result == "unchanged"


async def test_a_lease_that_is_renewed_is_not_taken_over(store: SqlStore, open_another: OpenStore) -> None:
    await stored(store)
    recheck = await one_due(store)
    await store.rechecks.renew([recheck.id], SOON + MINUTE)
    assert await due(open_another("host/2/2"), SOON + 1.5 * MINUTE) == []


async def test_a_released_re_check_is_due_again(store: SqlStore) -> None:
    await stored(store)
    await one_due(store)
    await store.release()
    assert len(await due(store)) == 1


async def test_pending_entries_go_before_re_checks(store: SqlStore) -> None:
    await stored(store)
    feed = await a_feed(store, "other")
    await written_down(store, feed, [an_entry(2, url="https://elsewhere.example/2")], SOON)
    assert await due(store) == []
    (pending,) = await leased(store, SOON)
    assert len(await due(store)) == 1
    await store.give_up(pending, "that was all")


async def test_a_publisher_whose_entries_wait_for_their_share_holds_up_no_other(store: SqlStore) -> None:
    await stored(store)
    busy = [an_entry(number, url=f"https://busy.example/{number}") for number in range(3)]
    await written_down(store, await a_feed(store, "busy"), busy, SOON)
    await store.lease_entries(SOON, 9, shares=Shares(each=1))
    assert len(await due(store, shares=Shares(each=1))) == 1


async def test_the_entries_of_a_publisher_go_before_its_re_checks(store: SqlStore) -> None:
    await stored(store)
    more = [an_entry(number) for number in range(2, 5)]
    await written_down(store, await a_feed(store, "more"), more, SOON)
    await store.lease_entries(SOON, 9, shares=Shares(each=1))
    assert await due(store, shares=Shares(each=1)) == []


async def test_no_publisher_has_more_re_checks_in_hand_than_its_share(store: SqlStore) -> None:
    for number in range(1, 5):
        await stored(store, number)
    assert len(await due(store, shares=Shares(each=3, in_hand={"example.com": 1}))) == 2


@pytest.mark.parametrize("switched", ["disabled", "removed"])
async def test_for_a_feed_that_is_watched_no_more_nothing_is_looked_at(store: SqlStore, switched: str) -> None:
    await stored(store)
    status = await store.find_feed("example")
    assert status
    if switched == "disabled":
        await store.switch_feed(status.feed.id, False)
    else:
        await store.remove_feed(status.feed.id, START)
    assert (await due(store), await store.upkeep.check()) == ([], [])


async def test_a_page_as_it_was_is_no_version(store: SqlStore) -> None:
    await stored(store)
    done = await store.rechecks.found(await one_due(store), None, settle, SOON, NEXT)
    assert (done.result, done.due_at, (await story_of(store)).seq) == ("unchanged", NEXT, 1)
    assert await due(store, NEXT - MINUTE) == []
    assert (await one_due(store, NEXT)).etag == TAGGED["etag"]


async def test_another_text_is_a_version_and_the_earlier_one_stays_readable(store: SqlStore) -> None:
    await stored(store)
    done = await store.rechecks.found(await one_due(store), told(text=SECOND, etag='"2"'), settle, SOON, NEXT)
    story = await story_of(store)
    assert (done.result, story.version, story.text, story.seq) == ("changed", 2, SECOND, 2)
    versions = await store.versions(story.id)
    assert [(one.text, one.read_at) for one in versions] == [(FIRST, START), (SECOND, SOON)]
    assert (await one_due(store, NEXT)).etag == '"2"'
    assert await store.upkeep.check() == []


async def test_another_address_with_the_same_text_becomes_one_of_the_storys(store: SqlStore) -> None:
    story_id = await stored(store)
    moved = told(url_key="https://example.com/moved", alias_keys=("https://example.com/news/1",))
    done = await store.rechecks.found(await one_due(store), moved, settle, SOON, NEXT)
    found = await store.find_story("https://example.com/moved")
    assert (done.result, found and found.id) == ("unchanged", story_id)


OTHERS = {
    "another article": told(2, SECOND, alias_keys=("https://example.com/news/1",)),
    "another publisher": told(text=SECOND, publisher="example.org"),
}


@pytest.mark.parametrize("draft", OTHERS.values(), ids=OTHERS.keys())
async def test_what_the_address_leads_to_now_is_no_version_if_it_is(store: SqlStore, draft: Draft) -> None:
    await stored(store)
    done = await store.rechecks.found(await one_due(store), draft, settle, SOON, NEXT)
    story = await story_of(store)
    assert (done.result, story.version, story.text) == ("unchanged", 1, FIRST)


async def test_a_withdrawn_story_is_marked_and_stays_readable(store: SqlStore) -> None:
    await stored(store)
    done = await store.rechecks.withdraw(await one_due(store), "410", SOON, NEXT)
    story = await story_of(store)
    assert (done.result, story.withdrawn_at, story.text, story.version, story.seq) == ("withdrawn", SOON, FIRST, 1, 2)
    assert await store.upkeep.check() == []


async def test_a_story_is_withdrawn_once(store: SqlStore) -> None:
    await stored(store)
    await store.rechecks.withdraw(await one_due(store), "410", SOON, NEXT)
    recheck = await one_due(store, NEXT)
    done = await store.rechecks.withdraw(recheck, "410", NEXT, None)
    story = await story_of(store)
    assert (recheck.withdrawn, done.result, story.seq, story.withdrawn_at) == (True, "unchanged", 2, SOON)


@pytest.mark.parametrize(("draft", "version"), [(None, 1), (told(), 1), (told(text=SECOND), 2)])
async def test_a_page_that_comes_back_takes_the_mark_away(store: SqlStore, draft: Draft | None, version: int) -> None:
    await stored(store)
    await store.rechecks.withdraw(await one_due(store), "410", SOON, NEXT)
    done = await store.rechecks.found(await one_due(store, NEXT), draft, settle, NEXT, None)
    story = await story_of(store)
    assert (done.result, story.withdrawn_at, story.version, story.seq) == ("returned", None, version, 3)
    assert await store.upkeep.check() == []


async def test_a_page_that_is_missing_is_remembered_until_it_is_found(store: SqlStore) -> None:
    await stored(store)
    await store.rechecks.miss(await one_due(store), "404", NEXT)
    again = await one_due(store, NEXT)
    await store.rechecks.leave(again, "503", NEXT + HOUR)
    still = await one_due(store, NEXT + HOUR)
    await store.rechecks.found(still, None, settle, NEXT, NEXT + 2 * HOUR)
    assert (again.missing, still.missing, (await one_due(store, NEXT + 2 * HOUR)).missing) == (True, True, False)


async def test_a_poll_that_shows_an_entry_edited_makes_it_due_at_once(store: SqlStore) -> None:
    await stored(store, check_at=None)
    await shown(store, SOON, title="Another title")
    recheck = await one_due(store, SOON)
    assert recheck.entry.title == "Another title"


async def test_a_poll_that_shows_an_entry_as_it_was_makes_nothing_due(store: SqlStore) -> None:
    await stored(store, check_at=None)
    await shown(store, SOON)
    assert await due(store, SOON) == []


async def test_an_entry_of_which_it_is_not_known_what_its_feed_said_is_learned_silently(store: SqlStore) -> None:
    await stored(store, check_at=None)
    await store.writer.run(lambda connection: connection.exec_driver_sql("UPDATE entries SET edition = ''"))
    await shown(store, SOON, title="Another title")
    assert await due(store, SOON) == []
    await shown(store, NEXT, title="A third title")
    assert len(await due(store, NEXT)) == 1


async def test_edits_one_after_the_other_are_heeded_once_an_hour(store: SqlStore) -> None:
    await stored(store, check_at=None)
    await shown(store, SOON, title="Another title")
    await store.rechecks.found(await one_due(store), None, settle, SOON, None)
    await shown(store, SOON + MINUTE, title="A third title")
    assert await due(store, SOON + HOUR - MINUTE) == []
    assert len(await due(store, SOON + HOUR)) == 1


async def test_an_edit_that_comes_while_the_page_is_asked_is_not_lost(store: SqlStore) -> None:
    await stored(store)
    recheck = await one_due(store)
    await shown(store, SOON, title="Another title")
    done = await store.rechecks.found(recheck, None, settle, SOON, NEXT)
    assert (done.due_at, len(await due(store))) == (SOON, 1)


async def test_the_entry_that_was_looked_at_last_has_the_next_re_check(store: SqlStore) -> None:
    await stored(store)
    await seen_again(store)
    status = await store.find_feed("other")
    assert status
    edited = an_entry(1, guid="its own", title="Another title")
    await written_down(store, status.feed, [edited], START + MINUTE)
    recheck = await one_due(store, START + MINUTE)
    await store.rechecks.found(recheck, None, settle, START + MINUTE, NEXT)
    (after,) = await due(store, NEXT)
    assert (recheck.feed.name, after.id) == ("other", recheck.id)


async def test_an_entry_that_is_shown_twice_in_one_document_is_not_edited_by_that(store: SqlStore) -> None:
    feed = await a_feed(store)
    twice = [an_entry(1), an_entry(1, summary="Said in other words.")]
    await written_down(store, feed, twice)
    (pending,) = await leased(store)
    await store.save(pending, told(), settle, START)
    await written_down(store, feed, twice, SOON)
    await written_down(store, feed, twice, NEXT)
    assert await due(store, NEXT + HOUR) == []


async def test_an_entry_that_cannot_be_read_stops_no_other(store: SqlStore) -> None:
    await stored(store, 1)
    await stored(store, 2)
    await store.writer.run(
        lambda connection: connection.execute(update(entries).where(entries.c.guid == "id-1").values(data=b"\0"))
    )
    assert [recheck.entry.guid for recheck in await due(store)] == ["id-2"]
    assert await store.upkeep.check() == []
