"""Contract of the Store: which feeds are polled, and what is written down of them."""

import asyncio
import datetime as dt
from functools import partial

import pytest
from fakes import START, FakeClock
from given import OpenStore, a_feed, a_spec, an_entry, kept_busy, leased, one_pending, published, written_down

from ingest.core.dedupe.url import canonical
from ingest.edge.store import SqlStore
from ingest.edge.store.known import CHUNK
from ingest.edge.store.leases import LEASE
from ingest.model import Entry, FeedState, Gap, WrittenDown
from ingest.ports import Conclusion

HOUR = dt.timedelta(hours=1)


async def claimed(store: SqlStore, now: dt.datetime = START, limit: int = 10) -> list[str]:
    return [feed.name for feed, _ in await store.claim_feeds(now, limit)]


async def test_a_feed_is_claimed_once(store: SqlStore) -> None:
    await a_feed(store)
    assert (await claimed(store), await claimed(store)) == (["example"], [])


async def test_the_feeds_that_are_longest_due_are_claimed_first(store: SqlStore) -> None:
    for name, hours in {"a": 0, "b": -2, "c": -1, "d": 1}.items():
        await store.add_feed(a_spec(name), START + hours * HOUR)
    assert await claimed(store, limit=2) == ["b", "c"]


async def test_a_feed_that_is_not_due_is_not_claimed(store: SqlStore, clock: FakeClock) -> None:
    await store.add_feed(a_spec(), START + HOUR)
    before = await claimed(store, clock.now())
    clock.advance(3600)
    assert (before, await claimed(store, clock.now())) == ([], ["example"])


async def test_a_disabled_feed_is_not_claimed(store: SqlStore) -> None:
    await a_feed(store, enabled=False)
    assert await claimed(store) == []


async def test_a_named_feed_is_claimed_though_it_is_disabled_and_not_due(store: SqlStore) -> None:
    feed = await store.add_feed(a_spec(enabled=False), START + HOUR)
    await a_feed(store, "other")
    ((got, _),) = await store.claim_feeds(START, 10, only=[feed.id], even_if_not_due=True)
    assert got == feed


async def test_a_named_feed_that_is_not_due_is_not_claimed_unless_asked_for(store: SqlStore) -> None:
    feed = await store.add_feed(a_spec(), START + HOUR)
    assert await store.claim_feeds(START, 10, only=[feed.id]) == []


async def test_a_removed_feed_is_never_claimed(store: SqlStore) -> None:
    feed = await a_feed(store)
    await store.remove_feed(feed.id, START)
    assert await store.claim_feeds(START, 10, only=[feed.id], even_if_not_due=True) == []


async def test_a_claim_is_over_when_its_time_is_up(open_another: OpenStore, clock: FakeClock) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    await a_feed(here)
    await claimed(here)
    clock.advance(LEASE.total_seconds() - 1)
    before = await claimed(there, clock.now())
    clock.advance(1)
    assert (before, await claimed(there, clock.now())) == ([], ["example"])


async def test_the_state_of_a_feed_is_kept_and_the_claim_ends(store: SqlStore) -> None:
    feed = await a_feed(store)
    state = FeedState(
        feed_id=feed.id,
        due_at=START,
        etag='"1"',
        last_modified="Fri, 19 Jan 2024 08:00:00 GMT",
        body_hash="abc",
        polled_at=START,
        succeeded_at=START - HOUR,
        pace_s=90.5,
        failures=2,
        problem="the server answers 500",
        title="Example",
        site_url="https://example.com/",
    )
    await store.claim_feeds(START, 1)
    await store.write_down(feed.id, [], lambda _: Conclusion(state), START)
    assert await store.claim_feeds(START, 1) == [(feed, state)]


async def test_the_state_may_depend_on_what_was_new(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(1)])
    ((_, state),) = await store.claim_feeds(START + HOUR, 1)
    await store.write_down(
        feed.id,
        [an_entry(1), an_entry(2), an_entry(3)],
        lambda written: Conclusion(state.model_copy(update={"title": f"{written.new} new, {written.known} known"})),
        START + HOUR,
    )
    (status,) = await store.feeds()
    assert status.state.title == "2 new, 1 known"


async def test_a_poll_whose_claim_was_taken_over_keeps_its_entries_and_not_its_state(
    open_another: OpenStore, clock: FakeClock
) -> None:
    here, there = open_another("here/1/1"), open_another("there/1/1")
    feed = await a_feed(here)
    ((_, state),) = await here.claim_feeds(clock.now(), 1)
    clock.advance(LEASE.total_seconds())
    await there.claim_feeds(clock.now(), 1)
    late = state.model_copy(update={"title": "late"})
    gap = Gap(since=START, until=clock.now())
    written = await here.write_down(feed.id, [an_entry()], lambda _: Conclusion(late, gap), clock.now())
    (status,) = await here.feeds()
    assert (written, status.pending, status.state, status.gaps) == (WrittenDown(new=1), 1, state, 0)


async def test_of_two_feeds_that_end_where_the_other_is_asked_one_goes_on(store: SqlStore) -> None:
    one, other = [await store.add_feed(a_spec(name), START) for name in ("one", "other")]
    for feed, state in await store.claim_feeds(START, 2):
        moved = state.model_copy(update={"moved_to": other.url if feed.id == one.id else one.url})
        await store.write_down(feed.id, [], lambda _, moved=moved: Conclusion(moved), START)
    claimed = await store.claim_feeds(START, 2)

    def ended(state: FeedState, written: WrittenDown) -> Conclusion:
        return Conclusion(state.model_copy(update={"ended": "merged"}) if written.twin else state)

    async with kept_busy(store.writer):
        both = asyncio.gather(*(store.write_down(feed.id, [], partial(ended, state), START) for feed, state in claimed))
        await asyncio.sleep(0)
    assert [bool(written.twin) for written in await both] == [True, False]


async def test_nothing_is_written_down_of_a_feed_that_was_removed_meanwhile(store: SqlStore) -> None:
    feed = await a_feed(store)
    ((_, state),) = await store.claim_feeds(START, 1)
    await store.remove_feed(feed.id, START)
    await store.write_down(feed.id, [an_entry()], lambda _: Conclusion(state), START)
    assert (await store.totals(START)).entries == 0


async def test_a_conclusion_that_fails_takes_the_entries_back(store: SqlStore) -> None:
    feed = await a_feed(store)
    with pytest.raises(ZeroDivisionError):
        await store.write_down(
            feed.id, [an_entry()], lambda _: Conclusion(FeedState(feed_id=1 // 0, due_at=START)), START
        )
    assert (await store.totals(START)).entries == 0


async def test_an_entry_comes_back_as_it_was_written_down(store: SqlStore) -> None:
    entry = an_entry(
        summary="A summary — with «letters»",
        content="<p>Content</p>",
        authors=("Ada",),
        categories=("News", "Ünïcode"),
        published=published(3),
        image="https://example.com/image.jpg",
        enclosures=[{"url": "https://example.com/a.mp3", "type": "audio/mpeg", "length": 7}],
    )
    feed = await a_feed(store)
    await written_down(store, feed, [entry])
    (pending,) = await leased(store)
    assert (pending.entry, pending.feed, pending.attempts, pending.seen_at) == (entry, feed, 0, START)


async def test_entries_that_are_known_are_not_written_down_again(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry(1), an_entry(2)])
    again = await written_down(store, feed, [an_entry(1), an_entry(2), an_entry(3)])
    assert again == WrittenDown(new=1, known=2)


async def test_an_entry_that_a_document_holds_twice_is_one(store: SqlStore) -> None:
    written = await written_down(store, await a_feed(store), [an_entry(1), an_entry(1), an_entry(1, guid="other")])
    assert written == WrittenDown(new=1, known=2)


URL = "https://example.com/{}".format


@pytest.mark.parametrize(
    ("before", "document"),
    [
        (("a", URL(1), "one"), [("a", "", "two"), ("", URL(1), "two")]),
        (("a", URL(1), ""), [("b", URL(1), "one"), ("a", URL(2), "")]),
        (("a", URL(1), "one"), [("a", "", ""), ("", URL(1), "two")]),
        (("", URL(1), "one"), [("a", URL(1), "two"), ("b", URL(1), "three")]),
    ],
)
async def test_a_document_whose_items_contradict_each_other_brings_something_new_once(
    store: SqlStore, before: tuple[str, str, str], document: list[tuple[str, str, str]]
) -> None:
    feed = await a_feed(store)
    first, *again = (
        [Entry(guid=guid, url=url, title=title) for guid, url, title in items]
        for items in ([before], document, document)
    )
    await written_down(store, feed, first)
    assert [(await written_down(store, feed, entries)).new for entries in again] == [1, 0]


async def test_an_id_that_is_used_again_is_two_entries(store: SqlStore) -> None:
    feed = await a_feed(store)
    written = await written_down(store, feed, [an_entry(1), an_entry(2, guid="id-1")])
    assert written == WrittenDown(new=2)


async def test_entries_of_two_feeds_are_two(store: SqlStore) -> None:
    await written_down(store, await a_feed(store, "a"), [an_entry()])
    assert await written_down(store, await a_feed(store, "b"), [an_entry()]) == WrittenDown(new=1)


async def test_a_document_of_any_length_is_written_down(store: SqlStore) -> None:
    feed = await a_feed(store)
    entries = [an_entry(number) for number in range(2 * CHUNK + 1)]
    first = await written_down(store, feed, [*entries, entries[0]])
    again = await written_down(store, feed, entries)
    assert (first, again) == (WrittenDown(new=len(entries), known=1), WrittenDown(known=len(entries)))


NEWER = {
    "content": an_entry(content="<p>More</p>"),
    "title": an_entry(title="Title 1, mended"),
    "address": an_entry(url="https://example.com/moved"),
    "id": an_entry(guid="tag:example.com,1"),
    "date": an_entry(published=published(5)),
}


@pytest.mark.parametrize("newer", NEWER.values(), ids=NEWER.keys())
async def test_a_pending_entry_is_collected_as_the_feed_had_it_last(store: SqlStore, newer: Entry) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry()])
    assert await written_down(store, feed, [newer]) == WrittenDown(known=1)
    (pending,) = await leased(store)
    assert pending.entry == newer


async def test_a_pending_entry_is_known_by_its_newer_address(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry()])
    await written_down(store, feed, [NEWER["address"]])
    assert await store.entry_outcomes(canonical("https://example.com/moved"))


async def test_an_entry_that_is_done_stays_as_it_was(store: SqlStore) -> None:
    pending = await one_pending(store)
    await store.give_up(pending, "gone")
    written = await written_down(store, pending.feed, [NEWER["content"]])
    assert (written, await leased(store)) == (WrittenDown(known=1), [])


async def test_of_an_entry_that_a_document_holds_twice_the_first_counts(store: SqlStore) -> None:
    feed = await a_feed(store)
    await written_down(store, feed, [an_entry()])
    await written_down(store, feed, [NEWER["content"], an_entry()])
    (pending,) = await leased(store)
    assert pending.entry == NEWER["content"]
