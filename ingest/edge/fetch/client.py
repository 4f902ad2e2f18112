"""The HTTP client: one question, followed through its redirects to an answer.

Each hop is a question of its own: its URL is checked, robots.txt of its host obeyed, a turn at its host and then one
of the free connections taken, its address judged by the guard, its body read under the limit. The turn comes before
the connection, so that a slow host holds up nobody but itself.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from ingest.edge.fetch.body import LARGE_AT_ONCE, Limit, read_body
from ingest.edge.fetch.failures import TRANSLATED, failure
from ingest.edge.fetch.headers import compose
from ingest.edge.fetch.politeness import Turns
from ingest.edge.fetch.robots import ROBOTS_LIMIT, Robots
from ingest.edge.fetch.urls import join_url, parse_url, place
from ingest.edge.net.guard import Guard
from ingest.edge.net.session import open_session
from ingest.errors import FetchError
from ingest.model import Request, Response
from ingest.ports import Clock

REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 8
TIMEOUTS_IN_ALL = 2
"""A hop may take so many times the timeout from connecting to the last byte."""


@dataclass(frozen=True)
class Answer:
    """What one hop gave."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Journey:
    """The hops behind a URL, and the answer at their end."""

    url: URL
    redirects: tuple[tuple[int, str], ...]
    answer: Answer


class HttpFetcher:
    """Implements `ports.Fetcher` over HTTP.

    Args:
        user_agent: the User-Agent header; robots.txt may call us by any word of it outside its links.
        guard: which addresses may be connected to.
        concurrency: connections at once; `per_host`: of them to one host.
        timeout: how long a server may be silent, while connecting and between two bytes; a hop may take twice that.
        max_bytes: of a body, as it comes and as it decodes; an error page (4xx, 5xx) is cut there.
        robots: whether pages obey robots.txt.
        environ: where `${NAME}` in a request's headers is looked up.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        guard: Guard,
        clock: Clock,
        environ: Mapping[str, str],
        concurrency: int = 64,
        per_host: int = 2,
        timeout: dt.timedelta = dt.timedelta(seconds=20),
        max_bytes: int = 10_000_000,
        robots: bool = True,
    ) -> None:
        self._user_agent = user_agent
        self._guard = guard
        self._clock = clock
        self._environ = environ
        self._concurrency = concurrency
        self._timeout_s = timeout.total_seconds()
        self._max_bytes = max_bytes
        self._hosts = Turns(per_host)
        self._free = asyncio.Semaphore(concurrency)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._robots = Robots(self._ask_robots, user_agent, clock) if robots else None
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: Request) -> Response:
        """The answer after redirects, whatever its status; raises FetchError where there is none."""
        first = parse_url(request.url)

        async def ask(url: URL) -> Answer:
            if self._robots and request.purpose == "page":
                await self._robots.check(url)
            headers = compose(request, url, first, self._user_agent, self._environ)
            return await self._ask(url, headers, Limit(self._max_bytes))

        journey = await follow(first, ask)
        return Response(
            url=request.url,
            final_url=str(journey.url),
            status=journey.answer.status,
            headers=journey.answer.headers,
            body=journey.answer.body,
            fetched_at=self._clock.now(),
            redirects=journey.redirects,
        )

    async def close(self) -> None:
        """Let go of connections."""
        if self._session:
            await self._session.close()

    async def _ask_robots(self, url: URL) -> tuple[int, bytes]:
        async def ask(url: URL) -> Answer:
            return await self._ask(url, {"User-Agent": self._user_agent, "Accept-Encoding": "gzip"}, ROBOTS_LIMIT)

        answer = (await follow(url, ask)).answer
        return answer.status, answer.body

    async def _ask(self, url: URL, headers: Mapping[str, str], limit: Limit) -> Answer:
        total_s = self._timeout_s * TIMEOUTS_IN_ALL
        async with self._hosts.turn(url.raw_host or ""), self._free:
            try:
                async with (
                    asyncio.timeout(total_s) as deadline,
                    self._opened().get(url, headers=headers, allow_redirects=False) as response,
                ):
                    return await self._read(response, limit, deadline)
            except TRANSLATED as error:
                raise failure(error, url, self._timeout_s, total_s) from error

    async def _read(self, response: aiohttp.ClientResponse, limit: Limit, deadline: asyncio.Timeout) -> Answer:
        headers = plain(response.headers)
        if response.status == 304 or (response.status in REDIRECTS and "location" in headers):
            return Answer(response.status, headers, b"")
        wanted = Limit(limit.max_bytes, cut=limit.cut or response.status >= 400)
        return Answer(response.status, headers, await read_body(response, wanted, self._large, deadline))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            silence = aiohttp.ClientTimeout(sock_connect=self._timeout_s, sock_read=self._timeout_s)
            self._session = open_session(self._guard, timeout=silence, connections=self._concurrency, clock=self._clock)
        return self._session


async def follow(url: URL, ask: Callable[[URL], Awaitable[Answer]]) -> Journey:
    """Ask a URL and wherever it redirects to; raises FetchError where that does not end."""
    redirects: list[tuple[int, str]] = []
    visited = {url}
    while True:
        answer = await ask(url)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return Journey(url, tuple(redirects), answer)
        url = join_url(url, answer.headers["location"])
        redirects.append((answer.status, str(url)))
        if url in visited:
            raise FetchError("redirects", f"{place(url)}: redirects in a circle")
        if len(redirects) > MAX_REDIRECTS:
            raise FetchError("redirects", f"{place(url)}: redirects more than {MAX_REDIRECTS} times")
        visited.add(url)


def plain(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Lower-case names with one value each; bytes that are no UTF-8 are replaced.

    So are control characters, as RFC 9110, 5.5 has it: an ETag goes back with the next request, which may hold none.
    """
    joined: dict[str, str] = {}
    for name, value in headers.items():
        text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        text = "".join(letter if letter.isprintable() else " " for letter in text).strip()
        joined[name.lower()] = f"{joined[name.lower()]}, {text}" if name.lower() in joined else text
    return joined
