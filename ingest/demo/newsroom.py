"""The newsroom: several small publishers on loopback, with a new article every few seconds until all are out.

What is published is a function of the clock alone: the first OPENING manuscripts are there from the start, dated back;
each of the others follows the one before after `pace_s` seconds. `publish_next` takes one forward by hand.

Each publisher has an address of its own (127.0.0.2, 127.0.0.3, …), since publishers are told apart by their hosts.
Where the platform has only 127.0.0.1 they share it under different ports, and count as one publisher.
"""

import datetime as dt
import hashlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from ingest.demo.addresses import listen, one_address, own_addresses
from ingest.demo.feeds import FORMATS
from ingest.demo.layouts import TEMPLATES
from ingest.demo.manuscripts import Manuscript, read_manuscripts
from ingest.demo.paper import Paper, print_paper
from ingest.demo.publishers import PUBLISHERS, Publisher
from ingest.demo.site import Answer, answer
from ingest.model import FeedSpec

OPENING = 12
"""How many articles are out when the newsroom opens."""
OPENING_GAP = dt.timedelta(minutes=73)
"""Between two of those, so that they reach back over most of a day."""
FEED_INTERVAL = "2s"

Now = Callable[[], dt.datetime]
Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Newsroom:
    """The publishers at their addresses, and what is out by now.

    Args:
        manuscripts: in the order of publication.
        urls: of the index page and of each publisher of PUBLISHERS, without a slash at the end.
        now: the present, aware.
        pace_s: seconds from one article to the next.
    """

    networks = ("127.0.0.0/8",)
    """What a fetcher must be allowed to connect to."""

    def __init__(self, manuscripts: Sequence[Manuscript], urls: Sequence[str], now: Now, pace_s: float) -> None:
        self.url = f"{urls[0]}/"
        self._urls = {publisher.key: url for publisher, url in zip(PUBLISHERS, urls[1:], strict=True)}
        self._queue = tuple(manuscripts)
        self._now = now
        self._pace = dt.timedelta(seconds=pace_s)
        opened = now()
        self._issued = [opened - OPENING_GAP * back for back in range(len(self._queue[:OPENING]), 0, -1)]
        self._next_at = opened + self._pace
        self._asked: set[str] = set()

    @property
    def feeds(self) -> tuple[FeedSpec, ...]:
        """The feeds to watch."""
        return tuple(
            FeedSpec(
                url=self._urls[publisher.key] + (channel.moved_from or channel.path),
                name=channel.name,
                interval=FEED_INTERVAL,
                tags=channel.tags,
                language=channel.language,
            )
            for publisher in PUBLISHERS
            for channel in publisher.channels
        )

    @property
    def remaining(self) -> int:
        """How many manuscripts are still to come; at 0 nothing new appears any more."""
        self._publish_due()
        return len(self._queue) - len(self._issued)

    @property
    def last_issue(self) -> dt.datetime:
        """When the newest of those that are out came out."""
        self._publish_due()
        return self._issued[-1]

    @property
    def papers(self) -> tuple[Paper, ...]:
        """Every publisher as it stands now."""
        return tuple(self._paper(publisher) for publisher in PUBLISHERS)

    def publish_next(self) -> Manuscript | None:
        """Bring the next manuscript out now, and the one after it a full pace later; None where none is left."""
        if not self.remaining:
            return None
        at = self._now()
        self._issued.append(at)
        self._next_at = at + self._pace
        return self._queue[len(self._issued) - 1]

    def handlers(self) -> tuple[Handle, ...]:
        """What serves each of the addresses, in the order of `urls`."""
        return (self._serve_index, *(self._site(publisher) for publisher in PUBLISHERS))

    def _publish_due(self) -> None:
        while len(self._issued) < len(self._queue) and self._next_at <= self._now():
            self._issued.append(self._next_at)
            self._next_at += self._pace

    def _paper(self, publisher: Publisher) -> Paper:
        self._publish_due()
        issues = list(zip(self._queue, self._issued, strict=False))
        return print_paper(publisher, self._urls[publisher.key], self.url, issues)

    async def _serve_index(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path != "/":
            return web.Response(status=404, text="No such page.\n")
        html = TEMPLATES.get_template("index.html").render(
            papers=self.papers,
            formats=FORMATS,
            out=len(self._issued),
            remaining=self.remaining,
            pace_s=self._pace.total_seconds(),
        )
        return web.Response(text=html, content_type="text/html")

    def _site(self, publisher: Publisher) -> Handle:
        async def serve(request: web.BaseRequest) -> web.StreamResponse:
            target = request.path + (f"?{request.query_string}" if request.query_string else "")
            key = publisher.key + target
            first_time = key not in self._asked
            self._asked.add(key)
            return _reply(request, answer(self._paper(publisher), target, first_time))

        return serve


def _reply(request: web.BaseRequest, given: Answer) -> web.Response:
    """The answer over HTTP; a good one is conditional (RFC 9110, section 13)."""
    response = web.Response(
        body=given.body, status=given.status, headers={**dict(given.headers), "Content-Type": given.content_type}
    )
    if given.status != 200:
        return response
    etag = hashlib.sha256(given.body).hexdigest()[:16]
    if _is_known(request, etag, given.modified):
        response = web.Response(status=304)
    response.etag = etag
    response.last_modified = given.modified
    return response


def _is_known(request: web.BaseRequest, etag: str, modified: dt.datetime | None) -> bool:
    if request.if_none_match is not None:
        return any(known.value in (etag, "*") for known in request.if_none_match)
    since = request.if_modified_since
    return since is not None and modified is not None and modified <= since


@asynccontextmanager
async def open_newsroom(port: int = 0, now: Now = _utc_now, pace_s: float = 3.0) -> AsyncIterator[Newsroom]:
    """Serve the newsroom until the block is left.

    Args:
        port: of every address; 0 takes free ones. Where publishers share an address, the first of a row of ports.
        now: the present, aware.
        pace_s: seconds from one article to the next.

    Raises:
        ConfigError: a port is taken or may not be used, or an article's file is wrong.
    """
    manuscripts = read_manuscripts()
    count = len(PUBLISHERS) + 1
    sockets = listen(own_addresses(count, port), one_address(count, port))
    urls = ["http://{}:{}".format(*listening.getsockname()) for listening in sockets]
    newsroom = Newsroom(manuscripts, urls, now, pace_s)
    async with AsyncExitStack() as stack:
        for listening, handle in zip(sockets, newsroom.handlers(), strict=True):
            await stack.enter_async_context(_served(listening, handle))
        yield newsroom


@asynccontextmanager
async def _served(listening: socket.socket, handle: Handle) -> AsyncIterator[None]:
    runner = web.ServerRunner(web.Server(handle), shutdown_timeout=1)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        yield
    finally:
        await runner.cleanup()
