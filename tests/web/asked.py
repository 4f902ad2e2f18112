"""A service that can ask servers elsewhere: answers that tests write down, work done in this process."""

import datetime as dt
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ingest.edge.archives import archives
from ingest.edge.store import SqlStore
from ingest.errors import FetchError
from ingest.model import Request, Response
from ingest.pipeline.outlook import NetworkOutlook
from ingest.ports import Clock, Ports

P = ParamSpec("P")
T = TypeVar("T")

FEED = b"<rss version='2.0'><channel><title>A</title><item><guid>1</guid><title>One</title></item></channel></rss>"
HOME = b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head><body>Home</body></html>"


class Servers:
    """What lies at which URL; nothing else resolves. Implements `ports.Fetcher`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.pages = {"https://a.example/rss": FEED, "https://a.example/": HOME, "https://b.example/rss": FEED}

    async def fetch(self, request: Request) -> Response:
        if request.url not in self.pages:
            raise FetchError("dns", f"{request.url}: its name does not resolve")
        return Response(
            url=request.url,
            final_url=request.url,
            status=200,
            headers={"content-type": "text/html" if self.pages[request.url] == HOME else "application/rss+xml"},
            body=self.pages[request.url],
            fetched_at=self._clock.now(),
        )

    async def close(self) -> None:
        """Nothing is open."""


class Here:
    """Work done in this process. Implements `ports.Pool`."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(*args, **kwargs)

    async def close(self) -> None:
        """Nothing is open."""


def asking(store: SqlStore, clock: Clock) -> Ports:
    """Ports to these servers."""

    def cron(line: str, after: dt.datetime) -> dt.datetime:
        return after + dt.timedelta(hours=1)

    ways_back = archives("https://wayback.example")
    return Ports(Servers(clock), store, clock, Here(), cron, NetworkOutlook(store, clock), ways_back)
