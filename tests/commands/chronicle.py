"""A publisher with a past, on loopback: an article of each day, and a feed whose pages lead back to the first."""

import datetime as dt
import threading
from collections import Counter
from dataclasses import dataclass, field

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

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, content type and body for a path."""
        self.asked.append(path)
        if path == self.held:
            self.reached.set()
            self.released.wait(60)
        name, _, query = path.partition("?")
        if name == "/feed.xml":
            return 200, "application/rss+xml", self._page(int(query.removeprefix("page=") or 1))
        number = next((number for number in range(1, self.days + 1) if self.path(number) == path), None)
        if number is None or number in self.missing:
            return 404, "text/html", "<title>Nothing here</title>"
        return 200, "text/html; charset=utf-8", self.article(number)

    def article(self, number: int) -> str:
        """The page of an article."""
        text = " ".join(f"{WORDS[(number + place) % 10]}{number}x{place}" for place in range(120))
        head = (
            f"<title>Day {number}</title><link rel='canonical' href='{self.url(number)}'>"
            f"<meta property='article:published_time' content='{day(number).isoformat()}'>"
        )
        return f"<html><head>{head}</head><body><article><h1>Day {number}</h1><p>{text}</p></article></body></html>"

    def _page(self, page: int) -> str:
        newest = self.days - (page - 1) * self.a_page
        oldest = max(newest - self.a_page, 0)
        items = "".join(
            f"<item><guid isPermaLink='false'>{number}</guid><title>Day {number}</title>"
            f"<link>{self.url(number)}</link><pubDate>{day(number):%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for number in range(newest, oldest, -1)
        )
        older = f"<atom:link rel='next' href='{self.feed}?page={page + 1}'/>" if oldest else ""
        return (
            "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>The Chronicle</title>"
            f"<link>{self.home}/</link>{older}{items}</channel></rss>"
        )
