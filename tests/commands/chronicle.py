"""A publisher with a past, on loopback: an article of each day, and a feed whose pages lead back to the first."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from publishing import Answer

WORDS = "harbour ferry island mill council winter storm boat ridge school".split()
BEGIN = dt.datetime(2024, 1, 1, 9, 30, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    """When an article was published; the first one on 1 January 2024."""
    return BEGIN + dt.timedelta(days=number - 1)


@dataclass
class Chronicle:
    """The publisher."""

    days: int
    """So many articles there are."""
    a_page: int
    """So many of them stand on a page of the feed."""
    port: int = 0
    missing: set[int] = field(default_factory=set)
    """Articles whose page cannot be had."""
    gone: bool = False
    """Whether no page of an article can be had any more, but for an archive's copy."""
    undated: set[int] = field(default_factory=set)
    """Articles whose page tells no date."""
    archive: Callable[[str], Answer | None] = lambda path: None
    """Answers what is no page of its own; None where that is not there either."""
    busy: list[str] = field(default_factory=list)
    """What paths begin with that are refused for now, once."""
    asked: list[str] = field(default_factory=list)
    """Paths in the order in which they were asked for."""
    held: str = ""
    """A path that is not answered before `released`."""
    reached: threading.Event = field(default_factory=threading.Event)
    """Whether the path that is held was asked for."""
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def home(self) -> str:
        """The address of its front page, without the slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return f"{self.home}/feed.xml"

    def path(self, number: int) -> str:
        """Of an article."""
        return f"/news/what-happened-on-day-{number}-of-the-year"

    def url(self, number: int) -> str:
        """Of an article."""
        return self.home + self.path(number)

    def asked_again(self, begin: str) -> int:
        """How many requests for paths that begin so were repetitions."""
        counts = Counter(path for path in self.asked if path.startswith(begin))
        return counts.total() - len(counts)

    def answer(self, path: str) -> Answer:
        """What is answered to a path."""
        self.asked.append(path)
        if path == self.held:
            self.reached.set()
            self.released.wait(60)
        if refused := next(filter(path.startswith, self.busy), None):
            self.busy.remove(refused)
            return 429, "text/html", "<title>Not so fast</title>"
        name, _, query = path.partition("?")
        if name == "/feed.xml":
            return 200, "application/rss+xml", self._page(int(parse_qs(query).get("page", "1")[0]))
        number = next((number for number in range(1, self.days + 1) if self.path(number) == path), None)
        if number is not None and number not in self.missing and not self.gone:
            return 200, "text/html; charset=utf-8", self.article(number)
        return self.archive(path) or (404, "text/html", "<title>Nothing here</title>")

    def article(self, number: int) -> str:
        """The page of an article."""
        text = " ".join(f"{WORDS[(number + place) % 10]}{number}x{place}" for place in range(120))
        dated = f"<meta property='article:published_time' content='{day(number).isoformat()}'>"
        head = (
            f"<title>Day {number}</title><link rel='canonical' href='{self.url(number)}'>"
            f"{'' if number in self.undated else dated}"
        )
        return f"<html><head>{head}</head><body><article><h1>Day {number}</h1><p>{text}</p></article></body></html>"

    def listing(self, numbers: Iterable[int], older: str = "") -> str:
        """A document of the feed that lists articles."""
        items = "".join(
            f"<item><guid isPermaLink='false'>{number}</guid><title>Day {number}</title>"
            f"<link>{self.url(number)}</link><pubDate>{day(number):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for number in numbers
        )
        return (
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>The Chronicle</title>"
            f"<link>{self.home}/</link>{older}{items}</channel></rss>"
        )

    def _page(self, page: int) -> str:
        newest = self.days - (page - 1) * self.a_page
        oldest = max(newest - self.a_page, 0)
        older = f"<atom:link rel='next' href='{self.feed}?page={page + 1}'/>" if oldest else ""
        return self.listing(range(newest, oldest, -1), older)
