"""WebSub from end to end: a feed and a hub on loopback, the callbacks of the site, a clock that is put forward."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import ParamSpec, TypeVar, cast

import httpx
import pytest
from fakes import FakeClock
from hub import Hub, serving
from shown import Browse

from ingest import pipeline
from ingest.edge.fetch.client import HttpFetcher
from ingest.edge.net.guard import Guard
from ingest.edge.store import SqlStore
from ingest.model import FeedSpec, FeedState, FeedStatus
from ingest.pipeline.outlook import NetworkOutlook
from ingest.ports import Archives, Cron, Ports

P = ParamSpec("P")
T = TypeVar("T")
PUBLIC = "https://ingest.example.org"
DAY = 86400.0


class Here:
    """Work done in this process. Implements `ports.Pool`."""

    async def run(self, work, *args, **kwargs):
        return work(*args, **kwargs)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Subscriber:
    """The service: its pipeline, its site, and the hub that it deals with."""

    ports: Ports
    browser: httpx.AsyncClient
    hub: Hub
    clock: FakeClock

    async def tick(self, public_url: str = PUBLIC) -> None:
        tokens = (f"token-{len(self.hub.asked)}-{number}" for number in range(9))
        await pipeline.subscribe_due(self.ports, public_url, lambda: next(tokens))

    async def poll(self) -> None:
        await pipeline.poll_due(self.ports)

    async def status(self) -> FeedStatus:
        (status,) = await self.ports.store.feeds()
        return status

    async def state(self) -> FeedState:
        return (await self.status()).state

    async def is_due(self) -> bool:
        return (await self.state()).due_at <= self.clock.now()


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    async with serving() as running:
        yield running


@pytest.fixture
async def asking(store: SqlStore, clock: FakeClock, browse: Browse, hub: Hub) -> AsyncIterator[Subscriber]:
    """The feed was polled, and its hub was asked."""
    guard = Guard((ip_network("127.0.0.0/8"),))
    fetcher = HttpFetcher(user_agent="ingest/1.0", guard=guard, clock=clock, environ={})
    ports = Ports(
        fetcher, store, clock, Here(), cast(Cron, object()), NetworkOutlook(store, clock), cast(Archives, object())
    )
    await store.add_feed(FeedSpec(url=f"{hub.url}/feed", name="courier"), clock.now())
    async with browse(public_url=PUBLIC) as browser:
        subscriber = Subscriber(ports, browser, hub, clock)
        await subscriber.poll()
        await subscriber.tick()
        yield subscriber
    await fetcher.close()


@pytest.fixture
async def subscribed(asking: Subscriber) -> Subscriber:
    """The hub has asked back, and promised ten days."""
    assert (await asking.hub.verify(asking.browser)).status_code == 200
    return asking


async def test_the_hub_is_asked_for_the_address_that_the_feed_calls_itself(asking: Subscriber, hub: Hub) -> None:
    (asked,) = hub.asked
    assert (asked["hub.mode"], asked["hub.topic"]) == ("subscribe", f"{hub.url}/feed?self")
    assert asked["hub.callback"].startswith(f"{PUBLIC}/websub/")
    assert asked["hub.secret"] not in asked["hub.callback"]


async def test_the_hubs_question_is_answered_with_its_challenge(asking: Subscriber) -> None:
    answer = await asking.hub.verify(asking.browser)
    assert (answer.status_code, answer.text) == (200, "c4ll")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "changed", [{"topic": "https://example.org/other"}, {"mode": "unsubscribe"}, {"mode": "subscribe ", "topic": ""}]
)
async def test_a_question_about_anything_else_is_answered_with_404(asking: Subscriber, changed) -> None:
    answer = await asking.hub.verify(asking.browser, **changed)
    assert (answer.status_code, "c4ll" in answer.text) == (404, False)
    assert (await asking.status()).feed.pushed_until is None


async def test_nobody_is_answered_at_a_callback_that_does_not_exist(asking: Subscriber) -> None:
    params = {"hub.mode": "subscribe", "hub.topic": asking.hub.asked[0]["hub.topic"], "hub.challenge": "c4ll"}
    answer = await asking.browser.get(f"{PUBLIC}/websub/guessed", params=params)
    assert (answer.status_code, "c4ll" in answer.text) == (404, False)


async def test_a_promise_is_kept_with_the_feed(subscribed: Subscriber) -> None:
    until = (await subscribed.status()).feed.pushed_until
    assert until
    assert (until - subscribed.clock.now()).total_seconds() == 10 * DAY


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
async def test_a_signed_ping_makes_the_feed_due(subscribed: Subscriber, method: str) -> None:
    assert not await subscribed.is_due()
    assert (await subscribed.hub.ping(subscribed.browser, method=method)).status_code == 202
    assert await subscribed.is_due()


async def test_a_wrong_signature_is_answered_alike_and_ignored(subscribed: Subscriber) -> None:
    wrong = await subscribed.hub.ping(subscribed.browser, secret="guessed")
    ignored = not await subscribed.is_due()
    right = await subscribed.hub.ping(subscribed.browser)
    assert ignored
    assert (wrong.status_code, wrong.headers, wrong.content) == (right.status_code, right.headers, right.content)


@pytest.mark.parametrize("header", [{}, {"X-Hub-Signature": "sha256"}, {"X-Hub-Signature": "md5=ab"}])
async def test_a_ping_without_a_signature_that_counts_is_ignored(subscribed: Subscriber, header) -> None:
    answer = await subscribed.browser.post(subscribed.hub.asked[-1]["hub.callback"], content=b"news", headers=header)
    assert (answer.status_code, await subscribed.is_due()) == (202, False)


async def test_a_ping_that_never_ends_is_ignored(subscribed: Subscriber, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.web.websub.BODY_MAX", 10)
    assert (await subscribed.hub.ping(subscribed.browser)).status_code == 202
    assert not await subscribed.is_due()


async def test_a_subscription_is_renewed_under_the_same_secret_before_it_ends(subscribed: Subscriber) -> None:
    subscribed.clock.advance(7.5 * DAY)
    await subscribed.tick()
    first, renewed = subscribed.hub.asked
    assert renewed == first
    await subscribed.hub.verify(subscribed.browser)
    until = (await subscribed.status()).feed.pushed_until
    assert until
    assert (until - subscribed.clock.now()).total_seconds() == 10 * DAY


async def test_a_hub_that_does_not_renew_costs_nothing_but_the_subscription(subscribed: Subscriber) -> None:
    subscribed.hub.status = 500
    subscribed.clock.advance(7.5 * DAY)
    await subscribed.tick()
    await subscribed.poll()
    subscribed.clock.advance(2.5 * DAY)
    await subscribed.tick()
    status = await subscribed.status()
    assert (status.feed.pushed_until, status.state.problem) == (None, "")
    assert await subscribed.is_due()


async def test_a_hub_that_refuses_is_left_alone_for_a_day(asking: Subscriber) -> None:
    denied = await asking.hub.verify(asking.browser, mode="denied")
    asking.clock.advance(0.9 * DAY)
    await asking.tick()
    assert (denied.status_code, len(asking.hub.asked)) == (204, 1)
    asking.clock.advance(0.2 * DAY)
    await asking.tick()
    assert len(asking.hub.asked) == 2


async def test_a_feed_that_is_disabled_is_taken_back_from_the_hub(subscribed: Subscriber) -> None:
    await subscribed.ports.store.switch_feed((await subscribed.status()).feed.id, False)
    await subscribed.tick()
    assert subscribed.hub.asked[-1]["hub.mode"] == "unsubscribe"
    assert (await subscribed.hub.verify(subscribed.browser)).text == "c4ll"
    assert (await subscribed.hub.ping(subscribed.browser, secret="any")).status_code == 410


async def test_without_a_public_url_there_is_no_subscription_and_no_callback(
    asking: Subscriber, browse: Browse
) -> None:
    await asking.tick(public_url="")
    asking.clock.advance(DAY)
    await asking.tick(public_url="")
    async with browse() as browser:
        answer = await browser.get("/websub/token-0-0")
    assert (len(asking.hub.asked), answer.status_code) == (1, 404)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("GET", "/websub/none", "ingest.example.org", 404),
        ("POST", "/websub/none", "INGEST.example.org:443", 410),
        ("GET", "/websub/none", "example.com", None),
        ("DELETE", "/websub/none", "ingest.example.org", None),
        ("GET", "/", "ingest.example.org", None),
        ("GET", "/websub", "ingest.example.org", None),
        ("GET", "/stories/websub/", "ingest.example.org", None),
    ],
)
async def test_under_the_public_name_only_callbacks_are_open(browse, address, method, path, host, status) -> None:
    refused = 400 if address == "127.0.0.1" else 401
    async with browse(host=address, token="t" * 16, public_url=PUBLIC) as browser:
        answer = await browser.request(method, path, headers={"host": host})
    assert answer.status_code == (status or refused)


async def test_secrets_are_never_told(subscribed: Subscriber, capfd: pytest.CaptureFixture[str]) -> None:
    subscribed.clock.advance(7.5 * DAY)
    subscribed.hub.status = 500
    await subscribed.tick()
    await subscribed.hub.ping(subscribed.browser)
    await subscribed.hub.ping(subscribed.browser, secret="guessed")
    told = "".join(capfd.readouterr())
    asked = subscribed.hub.asked[-1]
    assert "websub.failed" in told
    assert not [secret for secret in (asked["hub.secret"], asked["hub.callback"]) if secret in told]
