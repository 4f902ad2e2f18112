"""The HTTP client: one question, followed through its redirects to an answer.

Each hop is a question of its own: its URL is checked, robots.txt of its host obeyed, a turn at its host and then one
of the free connections taken, its address judged by the guard, its body read under the limit. The turn comes before
the connection, so that a slow host holds up nobody but itself.
"""

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import aiohttp
from yarl import URL

from ingest.edge.fetch.body import LARGE_AT_ONCE, Limit, read_body
from ingest.edge.fetch.headers import compose, plain
from ingest.edge.fetch.journey import KEEPING, REDIRECTS, Answer, Patience, follow
from ingest.edge.fetch.politeness import Politeness, Visit
from ingest.edge.fetch.robots import ROBOTS_LIMIT, Robots
from ingest.edge.fetch.terms import Terms, terms_of
from ingest.edge.net.failures import TRANSLATED, failure
from ingest.edge.net.guard import Guard
from ingest.edge.net.session import open_session
from ingest.edge.net.urls import parse_url, place
from ingest.errors import FetchError
from ingest.model import Request, Response
from ingest.ports import Clock

LIST_BYTES = 52_428_800
"""What a sitemap may hold (sitemaps.org)."""


class HttpFetcher:
    """Implements `ports.Fetcher` over HTTP.

    Args:
        user_agent: the User-Agent header; robots.txt may call us by any word of it outside its links.
        guard: which addresses and ports may be connected to.
        concurrency: connections at once; `per_host`: of them to one registrable domain.
        timeout: how long a server may be silent, while connecting and between two bytes; see `terms` for what follows.
        max_bytes: of a body, as it comes and as it decodes; an error page (4xx, 5xx) is cut there.
        robots: whether pages obey robots.txt.
        environ: where `${NAME}` in what a request holds is looked up.
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
        self._usual = Terms(user_agent, timeout.total_seconds())
        self._guard = guard
        self._clock = clock
        self._environ = environ
        self._concurrency = concurrency
        self._max_bytes = max_bytes
        self._politeness = Politeness(per_host, clock)
        self._free = asyncio.Semaphore(concurrency)
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._robots = Robots(self._ask_robots, clock) if robots else None
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: Request) -> Response:
        """The answer after redirects, whatever its status; raises FetchError where there is none."""
        first = parse_url(request.url)
        named = parse_url(request.secrets_for or request.url)
        terms = terms_of(request.asking, self._usual, self._environ)
        patience = Patience(terms.journey_s)
        page = request.purpose == "page"
        limit = Limit(max(self._max_bytes, LIST_BYTES) if request.purpose == "archive" else self._max_bytes)

        async def ask(url: URL) -> Answer:
            delay_s = await self._robots.check(url, terms) if self._robots and page else 0.0
            headers = compose(request, url, named, terms.user_agent, self._environ)
            visit = Visit(url, feed=request.purpose == "feed", delay_s=delay_s, proxy=terms.proxy, form=request.form)
            return await self._ask(visit, headers, limit, terms, patience)

        journey = await follow(first, ask, KEEPING if request.form else REDIRECTS)
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

    async def _ask_robots(self, url: URL, terms: Terms) -> tuple[int, bytes]:
        patience = Patience(terms.journey_s)
        headers = {"User-Agent": terms.user_agent, "Accept-Encoding": "gzip"}

        async def ask(url: URL) -> Answer:
            return await self._ask(Visit(url, proxy=terms.proxy), headers, ROBOTS_LIMIT, terms, patience)

        answer = (await follow(url, ask)).answer
        return answer.status, answer.body

    async def _ask(
        self, visit: Visit, headers: Mapping[str, str], limit: Limit, terms: Terms, patience: Patience
    ) -> Answer:
        self._judge(visit)
        async with self._politeness.turn(visit), self._free:
            began = self._clock.now()
            try:
                answer = await self._exchange(visit, headers, limit, terms, patience)
            except TRANSLATED as error:
                total_s = terms.hop_s if patience.left_s > 0 else terms.journey_s
                told = failure(error, visit.url, terms.timeout_s, total_s, terms.proxy)
                self._politeness.failed(visit, told)
                raise told from error
            if terms.proxy and answer.status == 407:
                raise FetchError("refused", f"{place(visit.url)}: the proxy wants another user name or password")
            took_s = (self._clock.now() - began).total_seconds()
            self._politeness.heard(visit, answer.status, answer.headers.get("retry-after", ""), took_s)
            return answer

    def _judge(self, visit: Visit) -> None:
        """Raise FetchError where the URL alone tells that it may not be asked, be it a proxy that would connect."""
        url = visit.url
        why = self._guard.port_refusal(url.port or 0)
        if visit.proxy and not why:
            why = self._guard.written_refusal(url.raw_host or "")
        if why:
            raise FetchError("blocked", f"{place(url)}: {why}")

    async def _exchange(
        self, visit: Visit, headers: Mapping[str, str], limit: Limit, terms: Terms, patience: Patience
    ) -> Answer:
        given_s = min(terms.hop_s, patience.left_s)
        to_server, to_proxy = addressed(headers, visit.url, terms)
        async with asyncio.timeout(given_s) as deadline:
            try:
                async with self._opened().request(
                    "POST" if visit.form else "GET",
                    visit.url,
                    data=visit.form or None,
                    headers=to_server,
                    allow_redirects=False,
                    timeout=aiohttp.ClientTimeout(sock_connect=terms.timeout_s, sock_read=terms.timeout_s),
                    proxy=terms.proxy,
                    proxy_headers=to_proxy,
                ) as response:
                    return await self._read(response, limit, deadline)
            finally:
                left_s = (deadline.when() or 0.0) - asyncio.get_running_loop().time()
                patience.left_s -= given_s - left_s

    async def _read(self, response: aiohttp.ClientResponse, limit: Limit, deadline: asyncio.Timeout) -> Answer:
        answer = Answer(response.status, plain(response.headers))
        if answer.status == 304 or answer.status in REDIRECTS:
            return answer
        wanted = Limit(limit.max_bytes, cut=limit.cut or answer.status >= 400)
        return replace(answer, body=await read_body(response, wanted, self._large, deadline))

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = open_session(self._guard, connections=self._concurrency, clock=self._clock)
        return self._session


def addressed(headers: Mapping[str, str], url: URL, terms: Terms) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What goes to the server, and what to a proxy that makes a tunnel; without one it reads what the server gets."""
    secret = {"Proxy-Authorization": terms.proxy_authorization} if terms.proxy_authorization else {}
    if url.scheme == "https":
        return headers, {"User-Agent": terms.user_agent, **secret}
    return {**headers, **secret}, {}
