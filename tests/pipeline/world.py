"""A world for the pipeline: answers that tests write down, a real store, a clock that stands still."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from fakes import FakeClock

from ingest.edge.archives import archives
from ingest.edge.store import SqlStore
from ingest.errors import FetchError, FetchFailure
from ingest.model import Feed, FeedSpec, FeedState, FeedStatus, Polled, Request, Response
from ingest.pipeline import poll
from ingest.pipeline.outlook import NetworkOutlook
from ingest.ports import Pace, Ports

P = ParamSpec("P")
T = TypeVar("T")

HOUR = dt.timedelta(hours=1)
DAY = 24 * HOUR


@dataclass(frozen=True)
class Answer:
    """What a server says."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    redirects: tuple[tuple[int, str], ...] = ()


class Web:
    """Servers by URL; one that nobody wrote down does not resolve. Implements `ports.Fetcher`."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.answers: dict[str, Answer | FetchFailure] = {}
        self.asked: list[Request] = []

    async def fetch(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers.get(request.url, "dns")
        if isinstance(answer, str):
            raise FetchError(answer, f"{request.url}: {answer}")
        return Response(
            url=request.url,
            final_url=answer.redirects[-1][1] if answer.redirects else request.url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched_at=self._clock.now(),
            redirects=answer.redirects,
        )

    async def close(self) -> None:
        """Nothing is open."""


class Here:
    """Work done in this process. Implements `ports.Pool`."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(*args, **kwargs)

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True)
class World:
    """Everything around the pipeline."""

    ports: Ports
    web: Web
    store: SqlStore
    clock: FakeClock

    async def feed(self, name: str = "example", **more: object) -> Feed:
        """A feed, added by command."""
        spec = FeedSpec.model_validate({"url": f"https://{name}.example/rss", "name": name} | more)
        return await self.store.add_feed(spec, self.clock.now())

    async def status(self, feed: Feed) -> FeedStatus:
        status = await self.store.find_feed(feed.name)
        assert status
        return status

    async def state(self, feed: Feed) -> FeedState:
        return (await self.status(feed)).state

    async def poll(self, feed: Feed) -> Polled:
        """Poll a feed, due or not."""
        ((claimed, state),) = await self.store.claim_feeds(self.clock.now(), 1, only=[feed.id], even_if_not_due=True)
        return await poll(self.ports, claimed, state)


def world_of(store: SqlStore, clock: FakeClock, pace: Pace) -> World:
    """All of it, with nothing in it."""

    def cron(line: str, after: dt.datetime) -> dt.datetime:
        return after + HOUR

    web = Web(clock)
    ways_back = archives("https://wayback.example")
    ports = Ports(web, store, clock, Here(), cron, NetworkOutlook(store, clock), ways_back, pace)
    return World(ports, web, store, clock)


def rss(items: Sequence[int], title: str = "Example", dated: bool = True) -> Answer:
    """A feed with these items, each an hour later than the one of the number before."""
    entries = "".join(
        f"<item><guid>{number}</guid><title>Title {number}</title><link>https://example.com/{number}</link>"
        f"{_published(number) if dated else ''}</item>"
        for number in items
    )
    text = f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>"
    return Answer(text.encode(), headers={"content-type": "application/rss+xml"})


def _published(number: int) -> str:
    at = dt.datetime(2024, 1, 10, tzinfo=dt.UTC) + number * HOUR
    return f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"


def page(*feeds: str) -> Answer:
    """A home page that names feeds."""
    links = "".join(f"<link rel='alternate' type='application/rss+xml' href='{url}'>" for url in feeds)
    return Answer(f"<html><head>{links}</head><body><p>Home</p></body></html>".encode())
