"""The hops behind a URL, wherever they lead, within a budget of hops and one of time."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from yarl import URL

from ingest.edge.fetch.urls import join_url, place
from ingest.errors import FetchError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPING = frozenset({307, 308})
"""Those after which a POST is still a POST."""
MAX_REDIRECTS = 8


@dataclass(frozen=True)
class Answer:
    """What one hop gave."""

    status: int
    headers: dict[str, str]
    body: bytes = b""

    def leads_on(self, redirects: Collection[int]) -> bool:
        """Whether it is one of these redirects, and can be followed."""
        return self.status in redirects and "location" in self.headers


@dataclass(frozen=True)
class Journey:
    """The hops, and the answer at their end."""

    url: URL
    redirects: tuple[tuple[int, str], ...]
    answer: Answer


@dataclass
class Patience:
    """What is left of the time for a journey; our own waits do not count."""

    left_s: float


async def follow(url: URL, ask: Callable[[URL], Awaitable[Answer]], followed: Collection[int] = REDIRECTS) -> Journey:
    """Ask a URL and wherever it redirects to, by these statuses; raises FetchError where that does not end."""
    redirects: list[tuple[int, str]] = []
    visited = {url}
    while True:
        answer = await ask(url)
        if not answer.leads_on(followed):
            return Journey(url, tuple(redirects), answer)
        url = join_url(url, answer.headers["location"])
        redirects.append((answer.status, str(url)))
        if url in visited:
            raise FetchError("redirects", f"{place(url)}: redirects in a circle")
        if len(redirects) > MAX_REDIRECTS:
            raise FetchError("redirects", f"{place(url)}: redirects more than {MAX_REDIRECTS} times")
        visited.add(url)
