"""A small publisher on loopback: one feed, an article for each of its entries, served from a thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from publishing import serving

SUBJECTS = ("lighthouse", "orchard", "tramway", "bakery", "observatory", "ferry")


def paragraphs(subject: str) -> list[str]:
    """Three paragraphs, long enough to be an article, and different for each subject."""
    return [
        (
            f"The {subject} at Saltmere opened its doors on Tuesday after a winter of repairs, and the first visitors "
            "queued along the quay from early morning with flasks of tea and folding chairs."
        ),
        (
            f"“We never thought that the {subject} would stand again,” said the warden, who had kept a diary of the "
            "works in two volumes. The council paid for the timber, and the town's children painted the gate."
        ),
        (
            f"A second phase begins in autumn. Until then the {subject} may be visited on four days of the week, and "
            "the volunteers ask that dogs be kept on a short lead near the machinery."
        ),
    ]


@dataclass
class Press:
    """The publisher."""

    port: int = 0
    correction: str = ""
    """What the ferry's article, and the feed of it, says since it was edited."""
    removed: bool = False
    """Whether the ferry's article is gone."""

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return f"http://127.0.0.1:{self.port}/feed.xml"

    def answer(self, path: str) -> tuple[int, str, str]:
        """Status, content type and body for a path."""
        path = path.partition("?")[0]
        if path == "/feed.xml":
            items = "".join(
                f"<item><title>The {subject} opens again</title><guid isPermaLink='false'>{subject}</guid>"
                f"<link>http://127.0.0.1:{self.port}/news/{subject}?utm_source=rss</link>"
                f"<pubDate>Fri, 19 Jan 2024 0{hour}:30:00 +0000</pubDate>"
                f"<description>{self.correction if subject == 'ferry' else ''}</description></item>"
                for hour, subject in enumerate(SUBJECTS)
            )
            text = f"<rss version='2.0'><channel><title>Saltmere Press</title>{items}</channel></rss>"
            return 200, "application/rss+xml", text
        if path == "/busy.xml":
            link = f"<link>http://127.0.0.1:{self.port}/busy</link>"
            item = f"<item><title>A page that is busy</title><guid isPermaLink='false'>busy</guid>{link}</item>"
            return 200, "application/rss+xml", f"<rss version='2.0'><channel><title>Busy</title>{item}</channel></rss>"
        if path == "/busy":
            return 503, "text/html", "<title>Come back later</title>"
        subject = path.removeprefix("/news/")
        if subject not in SUBJECTS:
            return 404, "text/html", "<title>Nothing here</title>"
        if subject == "ferry" and self.removed:
            return 410, "text/html", "<title>Gone</title>"
        corrected = [self.correction] if subject == "ferry" and self.correction else []
        body = "".join(f"<p>{paragraph}</p>" for paragraph in [*paragraphs(subject), *corrected])
        title = f"The {subject} opens again"
        head = f"<html lang='en'><head><title>{title} | Saltmere Press</title></head>"
        return 200, "text/html; charset=utf-8", f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"


@contextmanager
def open_press() -> Iterator[Press]:
    """Serve until the block is left."""
    press = Press()
    with serving(press):
        yield press
