"""What a poll makes of what comes, and what it remembers."""

import asyncio
import dataclasses

import pytest
from structlog.testing import capture_logs
from world import DAY, Answer, Web, World, page, rss

from ingest.model import FeedSpec, Request, Response
from ingest.pipeline import poll_due
from ingest.pipeline.hands import LOOK_AGAIN_S
from ingest.ports import Pace

NEW = "https://new.example/rss"


async def test_entries_are_written_down_and_known_the_next_time(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1, 2])
    first = await world.poll(feed)
    world.web.answers[feed.url] = rss([1, 2, 3])
    second = await world.poll(feed)
    assert ((first.new, first.known), (second.new, second.known)) == ((2, 0), (1, 2))


async def test_an_answer_that_was_read_before_is_not_parsed_again(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1])
    results = [(await world.poll(feed)).result for _ in range(2)]
    assert results == ["read", "unchanged"]


async def test_questions_are_conditional_but_for_every_hundredth(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = dataclasses.replace(rss([1]), headers={"etag": '"1"'})
    for _ in range(201):
        await world.poll(feed)
    assert [number for number, request in enumerate(world.web.asked) if not request.etag] == [0, 99, 199]


async def test_a_feed_is_asked_as_its_owner_wrote(world: World) -> None:
    feed = await world.feed(cookies={"a": "b"}, basic_auth="me:${PASSWORD}", user_agent="Own/1", timeout="5s")
    await world.poll(feed)
    (request,) = world.web.asked
    asked = request.asking
    assert (asked.cookies, asked.basic_auth, asked.user_agent, asked.timeout) == (
        {"a": "b"},
        "me:${PASSWORD}",
        "Own/1",
        "5s",
    )
    assert request.secrets_for == feed.url


async def test_a_failed_poll_says_why_and_when_next(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=500)
    polled = await world.poll(feed)
    assert (polled.result, polled.problem) == ("failed", "the server answers 500")
    assert world.clock.now() < polled.due_at <= world.clock.now() + DAY


async def test_a_feed_that_is_gone_ends_with_a_notice(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=410)
    assert (await world.poll(feed)).due_at is None
    state = await world.state(feed)
    assert (state.ended, "410" in state.notice) == ("gone", True)
    world.clock.advance(30 * DAY.total_seconds())
    assert await poll_due(world.ports) == []


async def test_a_move_for_good_is_followed_once_it_is_confirmed(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = dataclasses.replace(rss([1]), redirects=((301, NEW),))
    world.web.answers[NEW] = rss([1])
    for _ in range(3):
        await world.poll(feed)
    assert [request.url for request in world.web.asked] == [feed.url, feed.url, NEW]


async def test_a_redirect_for_now_is_never_kept(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = dataclasses.replace(rss([1]), redirects=((301, "https://a.example/"), (302, NEW)))
    for _ in range(5):
        await world.poll(feed)
    assert {request.url for request in world.web.asked} == {feed.url}


async def test_a_move_is_undone_when_the_new_address_is_gone(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = dataclasses.replace(rss([1]), redirects=((308, NEW),))
    for _ in range(2):
        await world.poll(feed)
    world.web.answers[NEW] = Answer(status=410)
    await world.poll(feed)
    await world.poll(feed)
    assert [request.url for request in world.web.asked][2:] == [NEW, feed.url]
    assert not (await world.state(feed)).ended


async def test_two_feeds_that_end_at_one_address_become_one(world: World) -> None:
    older, younger = await world.feed("older"), await world.feed("younger")
    world.web.answers[older.url] = rss([1])
    world.web.answers[younger.url] = dataclasses.replace(rss([1]), redirects=((301, older.url),))
    for _ in range(3):
        await world.poll(younger)
    state = await world.state(younger)
    assert (state.ended, "older" in state.notice) == ("merged", True)
    assert not (await world.state(older)).ended


async def test_one_run_asks_each_feed_once_though_a_slow_one_keeps_it_going(world: World) -> None:
    fast = await world.feed("fast", interval="10s")
    slow = await world.feed("slow")
    tardy = Tardy(world, slow.url)
    await poll_due(dataclasses.replace(world.ports, fetcher=tardy), world.clock.now())
    assert [request.url for request in world.web.asked] == [fast.url, slow.url]


async def test_the_service_asks_a_feed_again_when_its_turn_comes_though_a_slow_one_is_in_hand(world: World) -> None:
    fast = await world.feed("fast", interval="10s")
    slow = await world.feed("slow")
    await poll_due(dataclasses.replace(world.ports, fetcher=Tardy(world, slow.url)))
    assert [request.url for request in world.web.asked].count(fast.url) > 1


class Tardy:
    """The web, where one address answers a minute after the others and some. Implements `ports.Fetcher`."""

    def __init__(self, world: World, slow: str) -> None:
        self._world = world
        self._slow = slow

    async def fetch(self, request: Request) -> Response:
        if request.url == self._slow:
            for _ in range(2):
                await asyncio.sleep(1.5 * LOOK_AGAIN_S)
                self._world.clock.advance(30)
        return await self._world.web.fetch(request)

    async def close(self) -> None:
        """Nothing is open."""


async def broken(world: World) -> None:
    """Polls of `example`, which has moved on its site, over a week."""
    feed = await world.feed()
    world.web.answers[feed.url] = rss([1], title="Example")
    await world.poll(feed)
    world.web.answers[feed.url] = Answer(status=404)
    for _ in range(14):
        world.clock.advance(DAY.total_seconds() / 2)
        await poll_due(world.ports)


async def test_a_broken_feed_is_looked_for_and_a_find_proposed(world: World) -> None:
    world.web.answers["https://example.example/"] = page(NEW)
    world.web.answers[NEW] = rss([1], title="Example")
    await broken(world)
    state = (await world.store.feeds())[0].state
    assert (state.proposal, state.moved_to, NEW in state.notice) == (NEW, "", True)


async def test_a_broken_feed_is_looked_for_once_a_day(world: World) -> None:
    await broken(world)
    looks = [request for request in world.web.asked if request.url == "https://example.example/"]
    assert 2 <= len(looks) <= 5


class TestHealing:
    @pytest.fixture
    def pace(self) -> Pace:
        return Pace(heal=True)

    async def test_a_broken_feed_is_asked_where_it_was_found_under_its_title(self, world: World) -> None:
        world.web.answers["https://example.example/"] = page(NEW)
        world.web.answers[NEW] = rss([1], title="Example")
        await broken(world)
        state = (await world.store.feeds())[0].state
        assert (state.moved_to, state.failures) == (NEW, 0)

    async def test_another_feed_of_the_site_is_only_proposed(self, world: World) -> None:
        world.web.answers["https://example.example/"] = page(NEW)
        world.web.answers[NEW] = rss([1], title="Comments")
        await broken(world)
        state = (await world.store.feeds())[0].state
        assert (state.moved_to, state.proposal) == ("", NEW)


async def test_a_backlog_is_taken_fairly_over_the_publishers(world: World) -> None:
    for number in range(30):
        await world.feed(f"a{number}", url=f"https://feeds.big.example/{number}")
    world.clock.advance(1)
    small = await world.feed("small")
    await poll_due(world.ports)
    order = [request.url for request in world.web.asked]
    assert order.index(small.url) <= world.ports.pace.share


async def test_feeds_added_together_do_not_stay_in_step(world: World) -> None:
    feeds = [await world.feed(f"f{number}") for number in range(40)]
    for feed in feeds:
        world.web.answers[feed.url] = rss([1, 2, 3])
    await poll_due(world.ports)
    dues = {(await world.state(feed)).due_at for feed in feeds}
    assert len(dues) > 0.8 * len(feeds)


@pytest.mark.parametrize("interval", ["auto", "1d", "0 6 * * *"])
async def test_a_new_feed_is_polled_at_once_whatever_its_interval(world: World, interval: str) -> None:
    feed = await world.feed(interval=interval)
    world.web.answers[feed.url] = rss([1])
    (polled,) = await poll_due(world.ports)
    assert (polled.feed, polled.new) == (feed.name, 1)
    assert await poll_due(world.ports) == []


@pytest.mark.parametrize("interval", ["auto", "1d"])
async def test_a_list_of_new_feeds_is_polled_a_few_at_a_time_and_then_spread(world: World, interval: str) -> None:
    specs = [
        FeedSpec(url=f"https://f{number}.example/rss", name=f"f{number}", interval=interval) for number in range(60)
    ]
    await world.store.sync_feeds(specs, world.clock.now())
    world.web.answers |= {spec.url: rss([1, 2, 3]) for spec in specs}
    crowd = Crowd(world.web)
    ports = dataclasses.replace(world.ports, fetcher=crowd, pace=Pace(concurrency=10))
    assert len(await poll_due(ports)) == len(specs)
    assert crowd.most <= 10
    dues = [status.state.due_at for status in await world.store.feeds()]
    assert len(set(dues)) > 0.8 * len(specs)


class Crowd:
    """The web, which counts how many ask it at once. Implements `ports.Fetcher`."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._present = self.most = 0

    async def fetch(self, request: Request) -> Response:
        self._present += 1
        self.most = max(self.most, self._present)
        await asyncio.sleep(0)
        self._present -= 1
        return await self._web.fetch(request)

    async def close(self) -> None:
        """Nothing is open."""


async def test_an_unchanged_answer_to_a_question_without_conditions_is_a_failure(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=304)
    polled = await world.poll(feed)
    assert (polled.result, polled.problem) == ("failed", "the server answers 304")


async def test_a_pause_that_the_server_asks_for_is_the_reason_with_its_end(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=503, headers={"retry-after": "7200"})
    with capture_logs() as logs:
        await world.poll(feed)
    reason = "the server answers 503 and asks us to wait until 2024-01-19 10:00:00 UTC"
    assert (await world.state(feed)).problem == reason
    assert [line["problem"] for line in logs if line["event"] == "feed.polled"] == [reason]


async def test_the_reason_of_an_end_is_told_once_and_by_the_poll_too(world: World) -> None:
    feed = await world.feed()
    world.web.answers[feed.url] = Answer(status=410)
    polled, state = await world.poll(feed), await world.state(feed)
    assert (polled.problem, state.problem) == ("the server answers 410", "")
