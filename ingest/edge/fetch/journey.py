"""The hops behind a URL, wherever they lead, within a budget of hops and one of time."""

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from yarl import URL

from ingest.edge.net.urls import join_url, place
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
    answer = await ask(url)
    while answer.status in followed:
        source = url
        target = location(source, answer)
        with led_on_by(source):
            url = join_url(source, target)
        redirects.append((answer.status, str(url)))
        if url in visited:
            raise FetchError("redirects", f"{place(url)}: redirects in a circle")
        if len(redirects) > MAX_REDIRECTS:
            raise FetchError("redirects", f"{place(url)}: redirects more than {MAX_REDIRECTS} times")
        visited.add(url)
        with led_on_by(source):
            answer = await ask(url)
    return Journey(url, tuple(redirects), answer)


def location(url: URL, answer: Answer) -> str:
    """Where a redirect leads, as it is written; raises FetchError where it does not say."""
    if "location" not in answer.headers:
        why = f"answers {answer.status}, a redirect, but not where to: its Location header is missing"
        raise FetchError("redirects", f"{place(url)}: {why}")
    return answer.headers["location"]


@contextmanager
def led_on_by(source: URL) -> Iterator[None]:
    """What fails at the next hop is told with who led there: nobody else has written that URL."""
    try:
        yield
    except FetchError as error:
        told = f"{error}; {place(source)} redirects there"
        raise FetchError(error.kind, told, error.retry_after_s) from error
