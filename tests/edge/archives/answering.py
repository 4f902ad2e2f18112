"""A site in memory that archives are walked on: answers by URL, and what was asked."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from ingest.errors import FetchError, FetchFailure
from ingest.model import Cursor, Found, Response, Step
from ingest.ports import Archive, Search

P = ParamSpec("P")
T = TypeVar("T")

NOW = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
FEED = "https://amble.example/feed/"
SITE = "https://amble.example"

Answer = Response | FetchFailure | Callable[[str], Response]


def said(body: str = "", status: int = 200, final_url: str = "", **headers: str) -> Response:
    """What a server answers; an underscore in the name of a header is a hyphen."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response("", final_url, status, NOW, named, body.encode())


@dataclass
class Site:
    """Answers by URL; what nobody wrote down is answered by `otherwise`."""

    answers: dict[str, Answer] = field(default_factory=dict)
    otherwise: Answer = field(default_factory=lambda: said("<html>Nothing here</html>", 404))
    asked: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)

    async def ask(self, url: str, guessed: bool = False) -> Response:
        self.asked.append(url)
        if guessed:
            self.guessed.append(url)
        answer = self.answers.get(url, self.otherwise)
        if isinstance(answer, str):
            raise FetchError(answer, f"{url}: {answer}")
        given = answer if isinstance(answer, Response) else answer(url)
        return Response(url, given.final_url or url, given.status, given.fetched_at, given.headers, given.body)

    def search(
        self,
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
        feed_url: str = FEED,
        site_url: str = SITE,
    ) -> Search:
        """A search on this site."""
        return Search(feed_url, site_url, (), since, until, (), NOW, self.ask, Here())


class Here:
    """Work done in this process. Implements `ports.Pool`."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return work(*args, **kwargs)

    async def close(self) -> None:
        """Nothing is open."""


async def walked(archive: Archive, cursor: Cursor | None = None, at_most: int = 1000) -> list[Step]:
    """The steps from a cursor to the end."""
    steps = [await archive.step(cursor)]
    while steps[-1].cursor is not None:
        assert len(steps) < at_most, "the walk does not end"
        steps.append(await archive.step(steps[-1].cursor))
    return steps


def found(steps: list[Step]) -> list[Found]:
    """All that steps brought."""
    return [one for step in steps for one in step.found]


def titles(steps: list[Step]) -> list[str]:
    """The titles of all that steps brought."""
    return [one.entry.title for one in found(steps)]


def day(number: int) -> dt.datetime:
    """Noon of a day, counted from the beginning of 2023; negative ones lie before."""
    return dt.datetime(2023, 1, 1, 12, tzinfo=dt.UTC) + dt.timedelta(days=number)
