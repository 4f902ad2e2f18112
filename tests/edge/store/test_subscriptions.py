"""Subscriptions in the database: which there are follows from the feeds; tries, promises and pings outlive a crash."""

import datetime as dt
import itertools

import pytest
from fakes import START
from given import OpenStore, a_feed, a_spec

from ingest.edge.store import SqlStore
from ingest.model import Feed, FeedState, Subscription
from ingest.ports import Conclusion

ME = "https://me.example.net"
HUB = {"hub": "https://hub.example.com/", "topic": "https://example.org/rss"}
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


async def polled(store: SqlStore, feed: Feed, **more: object) -> None:
    """Poll a feed; it is due again after three hours."""
    await store.claim_feeds(START, 1, only=[feed.id], even_if_not_due=True)
    state = FeedState.model_validate({"feed_id": feed.id, "due_at": START + 3 * HOUR} | more)
    await store.write_down(feed.id, [], lambda _: Conclusion(state), START)


async def a_feed_with_hub(store: SqlStore, name: str = "example", **more: object) -> Feed:
    feed = await a_feed(store, name, **more)
    await polled(store, feed, **HUB)
    return feed


async def settled(store: SqlStore, now: dt.datetime = START, public_url: str = ME) -> list[Subscription]:
    """Settle, and take what is due then."""
    tokens = (f"token {now} {number}" for number in itertools.count())
    await store.subscriptions.settle(public_url, lambda: next(tokens), now)
    return await store.subscriptions.take_due(now, 10)


async def active(store: SqlStore, now: dt.datetime = START, **more: object) -> Subscription:
    """A subscription of one feed, confirmed for ten days."""
    await a_feed_with_hub(store, **more)
    (asked,) = await settled(store, now)
    assert await store.subscriptions.activate(asked, now + 10 * DAY, now + 7 * DAY)
    return await again(store, asked)


async def again(store: SqlStore, subscription: Subscription) -> Subscription:
    found = await store.subscriptions.find(subscription.token)
    assert found
    return found


async def due_at(store: SqlStore, subscription: Subscription) -> dt.datetime:
    status = await store.find_feed(str(subscription.feed_id))
    assert status
    return status.state.due_at


async def test_a_watched_feed_that_names_a_hub_is_asked_for(store: SqlStore) -> None:
    feed = await a_feed_with_hub(store)
    await polled(store, await a_feed(store, "without"))
    (asked,) = await settled(store)
    assert (asked.feed_id, asked.hub, asked.topic) == (feed.id, HUB["hub"], HUB["topic"])
    assert (asked.public_url, asked.state, asked.ends_at) == (ME, "asked", None)
    assert asked.token != asked.secret


async def test_nothing_is_asked_for_without_a_public_url(store: SqlStore) -> None:
    await a_feed_with_hub(store)
    assert await settled(store, public_url="") == []


async def test_a_feed_is_asked_for_once(store: SqlStore) -> None:
    await a_feed_with_hub(store)
    assert [len(await settled(store)), len(await settled(store, START + MINUTE))] == [1, 0]


async def test_a_hub_that_does_not_confirm_is_asked_again_with_the_same_callback(store: SqlStore) -> None:
    await a_feed_with_hub(store)
    (first,) = await settled(store)
    assert await settled(store, START + 9 * MINUTE) == []
    (second,) = await settled(store, START + 10 * MINUTE)
    assert (second.token, second.secret, second.failures) == (first.token, first.secret, 1)
    assert await settled(store, START + 29 * MINUTE) == []


async def test_what_a_hub_promised_is_seen_with_the_feed(store: SqlStore) -> None:
    subscription = await active(store)
    ((feed, _),) = await store.claim_feeds(START, 1, only=[subscription.feed_id], even_if_not_due=True)
    (status,) = await store.feeds()
    assert feed.pushed_until == status.feed.pushed_until == START + 10 * DAY


async def test_a_subscription_is_renewed_when_its_time_has_come_and_lasts_meanwhile(store: SqlStore) -> None:
    subscription = await active(store)
    assert await settled(store, START + 7 * DAY - MINUTE) == []
    (renewed,) = await settled(store, START + 7 * DAY)
    assert (renewed.id, renewed.state, renewed.ends_at) == (subscription.id, "active", START + 10 * DAY)


async def test_a_lapsed_subscription_makes_its_feed_due_and_is_asked_for_further(store: SqlStore) -> None:
    subscription = await active(store)
    late = START + 10 * DAY
    await polled(store, (await store.feeds())[0].feed, due_at=late + DAY, **HUB)
    (asked,) = await settled(store, late)
    assert (asked.id, asked.state, asked.ends_at) == (subscription.id, "asked", None)
    assert await due_at(store, subscription) == late


async def switched_off(store: SqlStore, feed: Feed) -> None:
    await store.switch_feed(feed.id, False)


async def removed(store: SqlStore, feed: Feed) -> None:
    await store.remove_feed(feed.id, START)


async def gone(store: SqlStore, feed: Feed) -> None:
    await polled(store, feed, ended="gone", **HUB)


async def with_another_hub(store: SqlStore, feed: Feed) -> None:
    await polled(store, feed, hub="https://other.example.com/", topic=HUB["topic"])


async def with_another_address(store: SqlStore, feed: Feed) -> None:
    await polled(store, feed, hub=HUB["hub"], topic="https://example.org/atom")


async def without_hub(store: SqlStore, feed: Feed) -> None:
    await polled(store, feed)


ENDS = [switched_off, removed, gone, with_another_hub, with_another_address, without_hub]


@pytest.mark.parametrize("change", ENDS)
async def test_an_active_subscription_that_is_not_wanted_ends_and_its_hub_is_told_once(store, change) -> None:
    subscription = await active(store)
    await change(store, (await store.feeds())[0].feed)
    told = [one for one in await settled(store, START + MINUTE) if one.id == subscription.id]
    assert [one.state for one in told] == ["ended"]
    assert subscription.id not in [one.id for one in await settled(store, START + DAY)]


@pytest.mark.parametrize("change", ENDS)
async def test_a_subscription_that_was_only_asked_for_is_forgotten(store, change) -> None:
    await a_feed_with_hub(store)
    (asked,) = await settled(store)
    await change(store, (await store.feeds())[0].feed)
    await settled(store, START + MINUTE)
    assert await store.subscriptions.find(asked.token) is None
    assert not await store.subscriptions.activate(asked, START + DAY, START + DAY)


async def test_a_feed_with_another_hub_is_asked_for_there(store: SqlStore) -> None:
    subscription = await active(store)
    await with_another_hub(store, (await store.feeds())[0].feed)
    begun = [one for one in await settled(store, START + MINUTE) if one.state == "asked"]
    assert [one.hub for one in begun] == ["https://other.example.com/"]
    assert await due_at(store, subscription) == START + MINUTE, "between the two nobody tells us of news"


@pytest.mark.parametrize("public_url", ["", "https://moved.example.net"])
async def test_another_public_url_ends_what_was_promised_to_the_old_one(store: SqlStore, public_url: str) -> None:
    subscription = await active(store)
    await settled(store, START + MINUTE, public_url)
    assert (await again(store, subscription)).state == "ended"
    (status,) = await store.feeds()
    assert (status.feed.pushed_until, status.state.due_at) == (None, START + MINUTE)


async def test_an_ended_subscription_is_forgotten_once_the_promise_is_over(store: SqlStore) -> None:
    subscription = await active(store)
    await switched_off(store, (await store.feeds())[0].feed)
    await settled(store, START + MINUTE)
    assert await store.subscriptions.find(subscription.token)
    await settled(store, START + 10 * DAY)
    assert await store.subscriptions.find(subscription.token) is None


async def test_a_hub_that_refuses_is_asked_no_more_until_then(store: SqlStore) -> None:
    subscription = await active(store)
    await store.subscriptions.refuse(subscription, START + DAY, START + MINUTE)
    assert await settled(store, START + DAY - MINUTE) == []
    assert [one.state for one in await settled(store, START + DAY)] == ["asked"]


async def test_a_feed_whose_hub_takes_its_promise_back_is_due(store: SqlStore) -> None:
    subscription = await active(store)
    await store.subscriptions.refuse(subscription, START + DAY, START + MINUTE)
    await settled(store, START + MINUTE)
    assert await due_at(store, subscription) == START + MINUTE


@pytest.mark.parametrize("interval", ["auto", "2h", "0 12 * * *"])
async def test_a_ping_makes_the_feed_due(store: SqlStore, interval: str) -> None:
    subscription = await active(store, interval=interval)
    await store.subscriptions.ping(subscription, START + MINUTE)
    assert await due_at(store, subscription) == START + MINUTE


async def test_a_ping_while_the_feed_is_polled_makes_it_due_once_more(store: SqlStore) -> None:
    subscription = await active(store)
    await store.claim_feeds(START, 1, even_if_not_due=True)
    await store.subscriptions.ping(subscription, START)
    state = FeedState(feed_id=subscription.feed_id, due_at=START + 3 * HOUR, **HUB)
    await store.write_down(subscription.feed_id, [], lambda _: Conclusion(state), START)
    before = await due_at(store, subscription)
    await settled(store, START + MINUTE)
    assert (before, await due_at(store, subscription)) == (START + 3 * HOUR, START + MINUTE)
    await polled(store, (await store.feeds())[0].feed, **HUB)
    await settled(store, START + 2 * MINUTE)
    assert await due_at(store, subscription) == START + 3 * HOUR, "a ping is heeded once"


async def test_a_ping_of_what_has_ended_is_none(store: SqlStore) -> None:
    subscription = await active(store)
    await without_hub(store, (await store.feeds())[0].feed)
    await settled(store, START + MINUTE)
    await polled(store, (await store.feeds())[0].feed)
    await store.subscriptions.ping(subscription, START + 2 * MINUTE)
    assert await due_at(store, subscription) == START + 3 * HOUR


async def test_two_processes_do_not_ask_twice(store: SqlStore, open_another: OpenStore) -> None:
    await a_feed_with_hub(store)
    other = open_another("host/2/2.00")
    assert [len(await settled(store)), len(await settled(other))] == [1, 0]


async def test_a_feed_with_another_address_is_read_anew_for_its_hub(store: SqlStore) -> None:
    await store.sync_feeds([a_spec()], START)
    await polled(store, (await store.feeds())[0].feed, **HUB)
    await store.sync_feeds([a_spec(url="https://elsewhere.example/rss")], START)
    (status,) = await store.feeds()
    assert (status.state.hub, status.state.topic) == ("", "")
