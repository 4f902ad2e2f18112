"""How a backfill asks: archives by what is looked for, all servers in its own way.

It makes fewer tries than news is worth, goes no faster than was asked for, and says nothing of our own network: the
hosts of old articles are dead for good as often as not.
"""

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from ingest.errors import FetchError
from ingest.model import USUAL, BackfillSpec, Feed, Request, Response
from ingest.pipeline.asking import address
from ingest.ports import Clock, Fetcher, Outlook, Ports, Search


@dataclass
class Tempo:
    """Implements `ports.Fetcher`: no more requests than a rate allows."""

    fetcher: Fetcher
    clock: Clock
    every_s: float
    """Seconds from one request to the next."""
    free_at: dt.datetime | None = None
    """When the next request may be made."""

    async def fetch(self, request: Request) -> Response:
        now = self.clock.now()
        mine = max(now, self.free_at or now)
        self.free_at = mine + dt.timedelta(seconds=self.every_s)
        if mine > now:
            await self.clock.sleep((mine - now).total_seconds())
        return await self.fetcher.fetch(request)

    async def close(self) -> None:
        """It is the other's to close."""


@dataclass(frozen=True)
class Bystander:
    """Implements `ports.Outlook`: hears of an outage, and says nothing of what itself sees.

    The hosts of old articles are dead for good as often as not, which tells nothing of our own network.
    """

    outlook: Outlook

    @property
    def down(self) -> bool:
        return self.outlook.down

    async def saw(self, url: str, error: FetchError | None) -> None:
        """Nothing is learned from it."""

    def room(self, hands: int) -> int:
        return hands


def in_its_own_way(ports: Ports, spec: BackfillSpec) -> Ports:
    """Fewer tries than for news: what fails can be tried again; and no faster than was asked for."""
    pace = replace(ports.pace, retries=ports.pace.retries[:1])
    fetcher = Tempo(ports.fetcher, ports.clock, 60 / spec.rate) if spec.rate else ports.fetcher
    return replace(ports, pace=pace, fetcher=fetcher, outlook=Bystander(ports.outlook))


async def search_for(ports: Ports, spec: BackfillSpec) -> Search:
    """What the archives are asked for."""
    status = await ports.store.find_feed(str(spec.feed_id)) if spec.feed_id is not None else None
    feed, state = (status.feed, status.state) if status else (None, None)

    async def ask(url: str, guessed: bool = False) -> Response:
        return await _ask(ports, feed, url, guessed)

    return Search(
        feed_url=address(feed, state) if feed and state else "",
        site_url=state.site_url if state else "",
        samples=await ports.store.backfills.samples(feed.id) if feed else (),
        since=spec.since,
        until=spec.until,
        files=spec.files,
        now=ports.clock.now(),
        ask=ask,
        pool=ports.pool,
        confidential=feed is not None and not spec.every and _is_confidential(feed),
    )


def _is_confidential(feed: Feed) -> bool:
    """Whether a feed is asked with what is nobody else's business."""
    secrets = (feed.headers, feed.cookies, feed.basic_auth, feed.bearer_token, urlsplit(feed.url).query)
    return any(secrets) or "@" in urlsplit(feed.url).netloc


async def _ask(ports: Ports, feed: Feed | None, url: str, guessed: bool) -> Response:
    request = Request(url, "page" if guessed else "archive", feed or USUAL, feed.url if feed else "")
    try:
        response = await ports.fetcher.fetch(request)
    except FetchError as error:
        await ports.outlook.saw(url, error)
        raise
    await ports.outlook.saw(url, None)
    return response
