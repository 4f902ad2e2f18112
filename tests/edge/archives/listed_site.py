"""A web that is written down, and a walk along an archive of it, for the tests of sitemaps and captures."""

import datetime as dt
import json
import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from ingest.errors import FetchError, FetchFailure
from ingest.model import Cursor, Found, Response, Step
from ingest.ports import Archive, Search

P = ParamSpec("P")
T = TypeVar("T")

NOW = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)
SITE = "https://www.example.org/"
SAMPLES = tuple(f"{SITE}world/2024/05/{day}/how-the-river-came-back" for day in range(20, 28))


def day(text: str) -> dt.datetime:
    """Midnight UTC of a day."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@dataclass
class Web:
    """Bodies, statuses or failures by URL; what is not written down is missing."""

    answers: dict[str, bytes | str | int | FetchFailure] = field(default_factory=dict)
    answering: Callable[[str], bytes | str | int | None] | None = None
    """Answers what is not written down."""
    asked: list[str] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)

    async def ask(self, url: str, guessed: bool = False) -> Response:
        self.asked.append(url)
        if guessed:
            self.guessed.append(url)
        answer = self.answers.get(url)
        if answer is None and self.answering is not None:
            answer = self.answering(url)
        if answer in ("dns", "too-large", "timeout", "robots"):
            raise FetchError(answer, f"{url}: {answer}")  # type: ignore[arg-type]  # those are kinds of failures
        status = answer if isinstance(answer, int) else 404 if answer is None else 200
        body = answer if isinstance(answer, str | bytes) else b""
        return Response(
            url=url,
            final_url=url,
            status=status,
            fetched_at=NOW,
            headers={"retry-after": "30"} if status == 429 else {},
            body=body.encode() if isinstance(body, str) else body,
        )

    @property
    def most_asked(self) -> int:
        """How often the address was asked for that was asked for most."""
        return max(Counter(self.asked).values())

    def search(
        self,
        since: str = "",
        until: str = "",
        samples: Sequence[str] = SAMPLES,
        feed_url: str = f"{SITE}feed.xml",
        site_url: str = SITE,
    ) -> Search:
        return Search(
            feed_url=feed_url,
            site_url=site_url,
            samples=tuple(samples),
            since=day(since) if since else None,
            until=day(until) if until else None,
            files=(),
            now=NOW,
            ask=self.ask,
            pool=AtOnce(),
        )


class AtOnce:
    """Work done in this process, though all of it could travel to another. Implements `ports.Pool`."""

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        sent, given, named = pickle.loads(pickle.dumps((work, args, kwargs)))
        result: T = pickle.loads(pickle.dumps(sent(*given, **named)))
        return result

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Walked:
    """All that a walk brought."""

    steps: list[Step] = field(default_factory=list)
    cursors: list[Cursor | None] = field(default_factory=list)
    """Of each step, what it began from."""

    @property
    def found(self) -> list[Found]:
        return [one for step in self.steps for one in step.found]

    @property
    def urls(self) -> list[str]:
        return [one.entry.url for one in self.found]

    @property
    def outside(self) -> int:
        return sum(step.outside for step in self.steps)

    @property
    def note(self) -> str:
        return next((step.note for step in reversed(self.steps) if step.note), "")

    @property
    def oldest(self) -> dt.datetime | None:
        return min((step.oldest for step in self.steps if step.oldest), default=None)


async def walk(archive: Archive, cursor: Cursor | None = None, most: int = 2000) -> Walked:
    """Walk an archive to its end; cursors go the way that they go through a database."""
    walked = Walked()
    while len(walked.steps) < most:
        walked.cursors.append(cursor)
        step = await archive.step(cursor)
        walked.steps.append(step)
        if step.cursor is None:
            return walked
        cursor = json.loads(json.dumps(step.cursor))
    raise AssertionError(f"no end after {most} steps")
