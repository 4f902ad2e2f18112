"""What the store keeps of a feed for the polls to come: its rhythm, its moves, its gaps, its failures."""

import datetime as dt
from collections.abc import Awaitable, Callable

import pytest
from fakes import START
from given import a_feed, a_spec, an_entry, leased, written_down

from ingest.core.outage import SPREAD
from ingest.edge.store import SqlStore
from ingest.edge.store.twins import PARTED
from ingest.model import Feed, FeedState, FeedStatus, Gap, Hints, PendingEntry, Rhythm, WrittenDown
from ingest.ports import Conclusion, Shares

HOUR = dt.timedelta(hours=1)


async def remembered(store: SqlStore, feed: Feed, **more: object) -> WrittenDown:
    """Poll a feed whose state then is this."""
    state = FeedState.model_validate({"feed_id": feed.id, "due_at": START} | more)
    await store.claim_feeds(START, 1, only=[feed.id], even_if_not_due=True)
    return await store.write_down(feed.id, [], lambda _: Conclusion(state), START)


async def status_of(store: SqlStore, feed: Feed) -> FeedStatus:
    status = await store.find_feed(str(feed.id))
    assert status
    return status


async def test_rhythm_and_hints_come_back_as_they_were(store: SqlStore) -> None:
    feed = await a_feed(store)
    rhythm = Rhythm(at=1.5, watched_s=60.25, entries=3.5, hours=(1.0,) * 24, weekdays=(0.5,) * 7, newest=7.0)
    hints = Hints(wait_s=900, skip_hours=(0, 1, 2), skip_days=(5, 6))
    await remembered(store, feed, rhythm=rhythm, hints=hints)
    state = (await status_of(store, feed)).state
    assert (state.rhythm, state.hints) == (rhythm, hints)


async def test_a_feed_that_ended_is_not_claimed(store: SqlStore) -> None:
    await remembered(store, await a_feed(store), ended="gone")
    assert await store.claim_feeds(START, 10) == []


async def test_enabling_a_feed_that_ended_begins_anew(store: SqlStore) -> None:
    feed = await a_feed(store)
    await remembered(store, feed, ended="gone", notice="its server says that it is gone", moved_to="https://b.example/")
    await store.switch_feed(feed.id, True)
    ((_, state),) = await store.claim_feeds(START, 10)
    assert (state.ended, state.notice, state.moved_to) == ("", "", "")


async def test_a_move_outlives_a_reload_of_the_file_and_not_a_new_address(store: SqlStore) -> None:
    await store.sync_feeds([a_spec("a")], START)
    ((feed, _),) = await store.claim_feeds(START, 1)
    await remembered(store, feed, moved_to="https://b.example/rss")
    moved = []
    for spec in (a_spec("a", tags=["x"]), a_spec("a", url="https://c.example/rss")):
        await store.sync_feeds([spec], START)
        moved.append((await status_of(store, feed)).state.moved_to)
    assert moved == ["https://b.example/rss", ""]


async def test_a_gap_is_kept_with_the_state(store: SqlStore) -> None:
    feed = await a_feed(store)
    await store.claim_feeds(START, 1)
    conclusion = Conclusion(FeedState(feed_id=feed.id, due_at=START), Gap(since=START - HOUR, until=START))
    await store.write_down(feed.id, [], lambda _: conclusion, START)
    status = await status_of(store, feed)
    assert (status.gaps, status.last_gap) == (1, conclusion.gap)


async def test_a_feed_that_moved_to_the_address_of_another_is_told_its_name(store: SqlStore) -> None:
    other, feed = await a_feed(store, "other"), await a_feed(store)
    await remembered(store, feed, moved_to=other.url)
    assert (await remembered(store, feed)).twin == "other"


async def test_of_two_that_moved_to_one_address_only_the_younger_has_a_twin(store: SqlStore) -> None:
    older, younger = await a_feed(store, "older"), await a_feed(store, "younger")
    for feed in (older, younger):
        await remembered(store, feed, moved_to="https://new.example/rss")
    twins = [(await remembered(store, feed, moved_to="https://new.example/rss")).twin for feed in (older, younger)]
    assert twins == ["", "older"]


@pytest.mark.parametrize("more", [{"ended": "gone"}, {}])
async def test_a_feed_that_is_not_polled_is_nobodys_twin(store: SqlStore, more: dict[str, str]) -> None:
    other, feed = await a_feed(store, "other"), await a_feed(store)
    await remembered(store, other, **more)
    if not more:
        await store.switch_feed(other.id, False)
    await remembered(store, feed, moved_to=other.url)
    assert (await remembered(store, feed)).twin == ""


async def left_out(store: SqlStore, other: Feed) -> None:
    await store.sync_feeds([a_spec("third")], START)


async def removed(store: SqlStore, other: Feed) -> None:
    await store.sync_feeds([a_spec("third")], START)
    await store.remove_feed(other.id, START)


async def disabled(store: SqlStore, other: Feed) -> None:
    await store.switch_feed(other.id, False)


async def gone(store: SqlStore, other: Feed) -> None:
    await remembered(store, other, ended="gone")


@pytest.mark.parametrize("leave", [left_out, removed, disabled, gone])
async def test_a_merged_feed_is_polled_again_once_its_twin_is_not(
    store: SqlStore, leave: Callable[[SqlStore, Feed], Awaitable[None]]
) -> None:
    await store.sync_feeds([a_spec("other"), a_spec("third")], START)
    other, feed = (await store.feeds())[0].feed, await a_feed(store)
    await remembered(store, feed, moved_to=other.url, ended="merged")
    before = (await status_of(store, feed)).state.ended
    await leave(store, other)
    after = (await status_of(store, feed)).state
    assert (before, after.ended, after.notice) == ("merged", "", PARTED)


async def test_a_merged_feed_stays_so_while_its_twin_goes_on(store: SqlStore) -> None:
    other, feed, third = await a_feed(store, "other"), await a_feed(store), await a_feed(store, "third")
    await remembered(store, feed, moved_to=other.url, ended="merged")
    await store.switch_feed(third.id, False)
    assert (await status_of(store, feed)).state.ended == "merged"


async def test_failures_of_our_own_network_are_taken_back(store: SqlStore) -> None:
    feed = await a_feed(store)
    later = START + HOUR
    await remembered(
        store, feed, failure="dns", failures=1, failing_since=START, polled_at=START, due_at=later, problem="no name"
    )
    assert await store.forgive(["dns", "refused"], "no network", START, START) == 1
    state = (await status_of(store, feed)).state
    assert (state.failures, state.failing_since, state.failure, state.problem) == (0, None, "outage", "")
    assert START <= state.due_at < START + SPREAD


async def test_entries_that_wait_for_the_network_are_due_once_it_is_back(store: SqlStore) -> None:
    pending, other = await _leased(store, 2)
    await store.postpone(pending, START + HOUR, "no network", tried=False)
    await store.postpone(other, START + HOUR, "the server answers 503")
    await store.forgive(["dns"], "no network", START, START)
    assert [(again.id, again.attempts) for again in await leased(store)] == [(pending.id, 0)]


async def _leased(store: SqlStore, count: int) -> list[PendingEntry]:
    await written_down(store, await a_feed(store), [an_entry(number) for number in range(count)])
    return await leased(store)


@pytest.mark.parametrize(
    "more",
    [
        {"failure": "http-404"},
        {"polled_at": START - HOUR},
        {"failures": 0},
    ],
)
async def test_other_failures_stay(store: SqlStore, more: dict[str, object]) -> None:
    feed = await a_feed(store)
    await remembered(store, feed, **{"failure": "dns", "failures": 1, "polled_at": START} | more)
    assert await store.forgive(["dns"], "no network", START, START) == 0


async def test_feeds_that_failed_together_do_not_come_back_together(store: SqlStore) -> None:
    for number in range(20):
        feed = await a_feed(store, f"f{number}")
        await remembered(store, feed, failure="dns", failures=1, polled_at=START)
    await store.forgive(["dns"], "no network", START, START)
    assert len({status.state.due_at for status in await store.feeds()}) == 20


async def test_an_earlier_failure_stays_charged(store: SqlStore) -> None:
    feed = await a_feed(store)
    long_ago = START - 9 * HOUR
    await remembered(store, feed, failure="dns", failures=3, failing_since=long_ago, polled_at=START)
    await store.forgive(["dns"], "no network", START, START)
    state = (await status_of(store, feed)).state
    assert (state.failures, state.failing_since) == (2, long_ago)


async def test_no_publisher_takes_more_turns_than_its_share(store: SqlStore) -> None:
    for number in range(5):
        await a_feed(store, f"big{number}", url=f"https://feeds{number}.big.example.com/rss")
    await a_feed(store, "small")
    claimed = await store.claim_feeds(START, 10, shares=Shares(each=2))
    assert [feed.name for feed, _ in claimed] == ["big0", "big1", "small"]


async def test_what_is_in_hand_counts_against_the_share(store: SqlStore) -> None:
    await a_feed(store, "big", url="https://feeds.big.com/rss")
    assert await store.claim_feeds(START, 10, shares=Shares(each=2, in_hand={"big.com": 2})) == []


async def test_entries_of_one_publisher_leave_hands_to_others_whichever_feed_they_come_from(store: SqlStore) -> None:
    mixed = await a_feed(store)
    urls = [f"https://big.com/{number}" for number in range(5)] + ["https://small.com/1"]
    await written_down(store, mixed, [an_entry(number, url=url) for number, url in enumerate(urls)])
    taken = await store.lease_entries(START, 10, shares=Shares(each=2))
    assert sorted(pending.entry.url for pending in taken) == [*urls[:2], urls[-1]]
    assert len(await leased(store)) == 3
