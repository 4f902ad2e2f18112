"""Contract of the Store: the feed list, of the file and of commands."""

import pytest
from fakes import START, FakeClock
from given import a_feed, a_spec, an_entry, written_down

from ingest.edge.store import SqlStore
from ingest.errors import ConfigError
from ingest.model import FeedSpec, FeedState, Synced, WrittenDown
from ingest.ports import Conclusion

LATER = START.replace(hour=20)


async def named(store: SqlStore) -> dict[str, bool]:
    return {status.feed.name: status.feed.enabled for status in await store.feeds()}


async def test_what_was_written_about_a_feed_comes_back_as_it_was(store: SqlStore) -> None:
    spec = a_spec(
        interval="*/5 * * * *", tags=("a", "b"), language="fr", full_text="never", headers={"X-Key": "${KEY}"}
    )
    await store.sync_feeds([spec], START)
    (status,) = await store.feeds()
    assert FeedSpec.model_validate(status.feed.model_dump(include=set(FeedSpec.model_fields))) == spec


async def test_a_new_feed_is_due_at_once(store: SqlStore) -> None:
    await store.sync_feeds([a_spec()], START)
    (status,) = await store.feeds()
    assert status.state == FeedState(feed_id=status.feed.id, due_at=START)


async def test_feeds_come_by_name(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("b"), a_spec("a"), a_spec("c")], START)
    assert [status.feed.name for status in await store.feeds()] == ["a", "b", "c"]


async def test_syncing_twice_changes_nothing(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a"), a_spec("b")], START)
    before = await store.feeds()
    assert await store.sync_feeds([a_spec("a"), a_spec("b")], LATER) == Synced()
    assert await store.feeds() == before


async def test_syncing_tells_what_it_did(store: SqlStore) -> None:
    first = await store.sync_feeds([a_spec("a"), a_spec("b"), a_spec("off", enabled=False)], START)
    then = await store.sync_feeds([a_spec("b", tags=("new",)), a_spec("c")], START)
    assert first == Synced(added=("a", "b", "off"))
    assert then == Synced(added=("c",), changed=("b",), disabled=("a",))


async def test_a_removed_feed_that_the_file_names_again_counts_as_added(store: SqlStore) -> None:
    await store.remove_feed((await a_feed(store, "a")).id, START)
    assert await store.sync_feeds([a_spec("a")], START) == Synced(added=("a",))


async def test_a_feed_that_leaves_the_file_is_disabled(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a"), a_spec("b")], START)
    await store.sync_feeds([a_spec("b")], START)
    assert await named(store) == {"a": False, "b": True}


async def test_a_feed_that_leaves_the_file_is_disabled_though_it_was_enabled_by_command(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a", enabled=False)], START)
    (status,) = await store.feeds()
    await store.switch_feed(status.feed.id, enabled=True)
    await store.sync_feeds([], START)
    assert await named(store) == {"a": False}


async def test_a_feed_that_comes_back_into_the_file_is_the_same_feed(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a")], START)
    before = await store.feeds()
    await store.sync_feeds([], START)
    await store.sync_feeds([a_spec("a")], START)
    assert await store.feeds() == before


async def test_a_feed_that_left_the_file_can_be_enabled_and_removed_by_command(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a"), a_spec("b")], START)
    await store.sync_feeds([], START)
    a, b = await store.feeds()
    await store.switch_feed(a.feed.id, enabled=True)
    await store.remove_feed(b.feed.id, START)
    await store.sync_feeds([], START)
    assert await named(store) == {"a": True}


@pytest.mark.parametrize("written", [True, False])
async def test_what_is_switched_by_command_outlives_a_reload(store: SqlStore, written: bool) -> None:
    await store.sync_feeds([a_spec("a", enabled=written)], START)
    (status,) = await store.feeds()
    await store.switch_feed(status.feed.id, enabled=not written)
    await store.sync_feeds([a_spec("a", enabled=written, language="de")], START)
    assert await named(store) == {"a": not written}


async def test_a_feed_of_a_command_outlives_a_reload(store: SqlStore) -> None:
    await a_feed(store, "mine")
    await store.sync_feeds([a_spec("a")], START)
    assert await named(store) == {"a": True, "mine": True}


async def test_a_feed_that_is_renamed_in_the_file_stays_the_same_feed(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("old")], START)
    (before,) = await store.feeds()
    await store.sync_feeds([a_spec("new", url=before.feed.url)], START)
    (after,) = await store.feeds()
    assert (after.feed.id, after.feed.name) == (before.feed.id, "new")


async def test_feeds_that_change_places_in_the_file_keep_their_names(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a"), a_spec("b")], START)
    await store.sync_feeds([a_spec("a", url="https://b.example/rss"), a_spec("b", url="https://a.example/rss")], START)
    assert {status.feed.name: status.feed.url for status in await store.feeds()} == {
        "a": "https://b.example/rss",
        "b": "https://a.example/rss",
    }


async def test_a_feed_with_another_url_forgets_what_the_old_one_answered(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a")], START)
    ((feed, state),) = await store.claim_feeds(START, 1)
    read = state.model_copy(update={"due_at": LATER, "etag": '"1"', "last_modified": "then", "body_hash": "abc"})
    await store.write_down(feed.id, [], lambda _: Conclusion(read), START)
    await store.sync_feeds([a_spec("a", url="https://elsewhere.example/rss")], START)
    (status,) = await store.feeds()
    assert status.state == FeedState(feed_id=feed.id, due_at=START)


async def test_a_feed_whose_interval_changes_is_due_now_and_keeps_what_was_learned(
    store: SqlStore, clock: FakeClock
) -> None:
    await store.sync_feeds([a_spec("a")], START)
    ((feed, state),) = await store.claim_feeds(START, 1)
    read = state.model_copy(update={"due_at": LATER, "etag": '"1"'})
    await store.write_down(feed.id, [], lambda _: Conclusion(read), START)
    clock.advance(60)
    await store.sync_feeds([a_spec("a", interval="1m")], clock.now())
    (status,) = await store.feeds()
    assert status.state == read.model_copy(update={"due_at": clock.now()})


async def test_the_file_takes_over_a_feed_of_a_command_with_its_name_and_url(store: SqlStore) -> None:
    feed = await a_feed(store, "a")
    await store.sync_feeds([a_spec("a", tags=("of", "the", "file"))], START)
    (status,) = await store.feeds()
    assert status.feed == feed.model_copy(update={"origin": "file", "tags": ("of", "the", "file")})


@pytest.mark.parametrize(
    "spec", [a_spec("a", url="https://other.example/"), a_spec("other", url="https://a.example/rss")]
)
async def test_the_file_cannot_have_only_the_name_or_the_url_of_a_feed_of_a_command(
    store: SqlStore, spec: FeedSpec
) -> None:
    await a_feed(store, "a")
    with pytest.raises(ConfigError, match="ingest feeds remove a"):
        await store.sync_feeds([spec], START)


@pytest.mark.parametrize(
    "spec", [a_spec("a", url="https://other.example/"), a_spec("other", url="https://a.example/rss")]
)
@pytest.mark.parametrize("origin", ["file", "command"])
async def test_a_command_cannot_add_a_name_or_url_twice(store: SqlStore, spec: FeedSpec, origin: str) -> None:
    await (a_feed(store, "a") if origin == "command" else store.sync_feeds([a_spec("a")], START))
    with pytest.raises(ConfigError, match=f"feed {spec.name}: "):
        await store.add_feed(spec, START)


async def test_a_command_cannot_add_the_name_that_stands_for_files(store: SqlStore) -> None:
    with pytest.raises(ConfigError, match="the name stands for what backfills bring from files; choose another"):
        await a_feed(store, "files")


async def test_a_feed_of_the_file_cannot_be_removed_by_command(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a")], START)
    (status,) = await store.feeds()
    with pytest.raises(ConfigError, match="take it out there"):
        await store.remove_feed(status.feed.id, START)


async def test_removing_a_feed_drops_what_it_has_pending(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(1), an_entry(2)])
    await store.remove_feed(feed.id, START)
    totals = await store.totals(START)
    assert (await store.feeds(), totals.entries) == ([], 0)


@pytest.mark.parametrize("again", [a_spec(), a_spec("renamed", url="https://example.example/rss")])
async def test_a_removed_feed_that_is_added_again_is_the_same_feed_and_reads_anew(
    store: SqlStore, again: FeedSpec
) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(1)])
    await store.remove_feed(feed.id, START)
    assert await store.add_feed(again, LATER) == feed.model_copy(update={"name": again.name})
    assert await written_down(store, feed, [an_entry(1)], LATER) == WrittenDown(new=1)


async def test_a_removed_feed_that_was_disabled_comes_back_as_it_is_written(store: SqlStore) -> None:
    feed = await a_feed(store)
    await store.switch_feed(feed.id, enabled=False)
    await store.remove_feed(feed.id, START)
    assert (await a_feed(store)).enabled


async def test_the_file_can_take_the_name_of_a_removed_feed(store: SqlStore) -> None:
    feed = await a_feed(store)
    await store.remove_feed(feed.id, START)
    await store.sync_feeds([a_spec(url="https://elsewhere.example/rss")], START)
    (status,) = await store.feeds()
    assert (status.feed.id, status.feed.url, status.feed.origin) == (feed.id, "https://elsewhere.example/rss", "file")


@pytest.mark.parametrize("reference", ["2", "b", "https://b.example/rss"])
async def test_a_feed_is_found_by_id_name_or_url(store: SqlStore, reference: str) -> None:
    await store.sync_feeds([a_spec("a"), a_spec("b")], START)
    found = await store.find_feed(reference)
    assert found is not None
    assert found.feed.name == "b"


@pytest.mark.parametrize("reference", ["1", "9" * 30, "example", "https://example.example/rss", "nothing", ""])
async def test_a_removed_or_unknown_feed_is_not_found(store: SqlStore, reference: str) -> None:
    await store.remove_feed((await a_feed(store)).id, START)
    assert await store.find_feed(reference) is None


async def test_what_is_not_there_cannot_be_switched_or_removed(store: SqlStore) -> None:
    with pytest.raises(ConfigError, match="there is no feed 7"):
        await store.switch_feed(7, enabled=True)
    with pytest.raises(ConfigError, match="there is no feed 7"):
        await store.remove_feed(7, START)
