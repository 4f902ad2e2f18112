"""What it costs to settle and save one story, by how many are stored (SQLite).

    python -m benchmarks.settling [--stories N ...] [--days D] [--folder DIR]

For each N a database with so many stories is made, spread over D days (default: the 14 of the window, in which all must
be searched), and the same drafts are settled against it: half of them copies of stored stories, half new. Printed are

    find and settle   median and 95th percentile, in one process that has the database open
    save              the same with all that is written, in transactions of 50, commit included, a story
    index             bytes of the sketches, a story

and the ratios of the last N to the first. Stored sketches are drawn, not computed: of each 32 hashes four are phrases
that everybody uses (Zipf), the others the story's own; the index keeps no more of them than the store would.
"""

import argparse
import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, insert

from ingest.core.dedupe.fingerprint import BITS, fingerprint
from ingest.core.dedupe.settle import Settle
from ingest.edge.store import engine, finding, likeness_index, upgrade
from ingest.edge.store.leases import Holder, unknown
from ingest.edge.store.rows import packed
from ingest.edge.store.saving import Saver, rising_ids
from ingest.edge.store.tables import changes, entries, feeds, stories
from ingest.model import Article, Draft, Entry, Feed, Moment, PendingEntry
from ingest.ports import unmarked

END = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
LATER = END + dt.timedelta(hours=1)
"""When the drafts appear."""
SETTLE = Settle(dt.timedelta(days=14))
HASHES, COMMON, PHRASES = 32, 4, 20_000
"""Of a sketch; those that are phrases of everybody; how many such phrases there are."""
BATCH = 10_000
DRAFTS, GROUP = 600, 50
COPIED_WORDS, VOCABULARY = 400, 30_000
HELD = Holder("bench", unknown)
FEED = Feed(id=1, name="bench", url="https://example.com/feed", origin="command")


def article(number: int) -> Article:
    """The text with a number: the same each time."""
    chance = random.Random(number)
    words = [f"w{int(VOCABULARY * chance.random() ** 3)}" for _ in range(COPIED_WORDS)]
    at = END - dt.timedelta(hours=number % 300)
    title = " ".join(words[:8])
    url = f"https://p{number}.example/{number}"
    return Article(url=url, title=title, text=" ".join(words), published=Moment(at=at, day=at.date()))


def draft(number: int, of: int) -> Draft:
    """The text with a number, shortened, at another publisher."""
    original = article(of)
    words = original.text.split()[: COPIED_WORDS // 2]
    url = f"https://copies.example/{number}"
    told = {"url": url, "text": " ".join(words), "published": Moment(at=LATER, day=LATER.date())}
    copy = original.model_copy(update=told)
    return Draft(
        article=copy,
        hashtags=(),
        fingerprint=fingerprint(copy.title, copy.text),
        url_key=url,
        publisher=f"c{number}.example",
        source="feed",
    )


def fill(connection: Connection, count: int, days: int) -> None:
    """So many stories; the first DRAFTS of them with a text that copies are made of."""
    chance = np.random.default_rng(1)
    often: Counter[tuple[int, int]] = Counter()
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        ages = chance.random(len(numbers)) * days * 86400
        batch = [Stored(number, END - dt.timedelta(seconds=age)) for number, age in zip(numbers, ages, strict=True)]
        for table, row in ((changes, Stored.change), (stories, Stored.story)):
            connection.execute(insert(table), [row(one) for one in batch])
        phrases = chance.zipf(1.3, (len(batch), COMMON)) % PHRASES
        own = chance.integers(PHRASES, 2 ** (BITS - 3), (len(batch), HASHES - COMMON))
        drawn = np.concatenate((phrases, own), axis=1).tolist()
        rows = {row for one, hashes in zip(batch, drawn, strict=True) for row in one.shingles(hashes)}
        often.update((period, hash_) for period, hash_, _ in rows)
        kept = [row for row in rows if often[row[:2]] <= likeness_index.OFTEN]
        connection.exec_driver_sql("INSERT INTO shingles VALUES (?, ?, ?)", sorted(kept))


@dataclass(frozen=True)
class Stored:
    """A stored story; one that copies are made of has a text."""

    number: int
    drawn_at: dt.datetime

    @cached_property
    def article(self) -> Article | None:
        return article(self.number) if self.number < DRAFTS else None

    @property
    def appeared_at(self) -> dt.datetime:
        return self.article.published.at if self.article and self.article.published else self.drawn_at

    def change(self) -> dict[str, object]:
        return {"seq": self.number + 1, "kind": "created", "at": END, "story_id": self.story_id, "version": 1}

    @property
    def story_id(self) -> str:
        return f"{self.number:026}"

    def story(self) -> dict[str, object]:
        said = self.article or Article(
            url=f"https://p.example/{self.number}", title=f"Story {self.number}", text="-" * 2500
        )
        return {
            "id": self.story_id,
            "seq": self.number + 1,
            "url": said.url,
            "title": said.title,
            "text_hash": f"hash of {self.number}",
            "number": self.number + 1,
            "fingerprint_version": 2,
            "shingles": 380,
            "summary": "",
            "authors": [],
            "site": "",
            "language": "en",
            "published_at": self.appeared_at,
            "published_date": self.appeared_at.date(),
            "modified_at": None,
            "first_seen_at": self.appeared_at,
            "appeared_at": self.appeared_at,
            "image": None,
            "version": 1,
            "cluster": self.story_id,
            "duplicate_of": None,
            "publisher": f"p{self.number % 5000}.example",
            "source": "page",
            "note": "",
            "methods": {},
            "text": said.text,
        }

    def shingles(self, drawn: Sequence[int]) -> Iterator[tuple[int, int, int]]:
        """Rows of the index: drawn, or those of the text."""
        hashes = fingerprint("", self.article.text).sketch if self.article else drawn
        period = likeness_index.period_of(self.appeared_at)
        return ((period, hash_, self.number + 1) for hash_ in hashes)


def drafts(count: int) -> list[Draft]:
    """Copies of stored stories and new ones, in turns."""
    return [draft(number, number if number % 2 else DRAFTS + number) for number in range(count)]


def enter_entries(connection: Connection) -> None:
    """The feed and the pending entries that the drafts are made from."""
    known = {"id": 1, "url": FEED.url, "name": FEED.name, "interval": "auto", "tags": [], "language": None}
    asked = dict.fromkeys(("basic_auth", "bearer_token", "user_agent", "proxy", "timeout"), "")
    more = {"full_text": "auto", "headers": {}, "cookies": {}, "enabled": True, "switched": None, "origin": "command"}
    connection.execute(insert(feeds), {**known, **asked, **more, "removed": False})
    rows = [
        {
            "id": number,
            "feed_id": 1,
            "guid": str(number),
            "url": "",
            "url_key": str(number),
            "publisher": "",
            "title_key": "",
            "published_at": END,
            "seen_at": END,
            "recency": END,
            "state": "pending",
            "attempts": 0,
            "due_at": END,
            "why": "",
            "data": packed(Entry()),
            **HELD.lease(END),
        }
        for number in range(1, DRAFTS + 1)
    ]
    connection.execute(insert(entries), rows)


def index_bytes(connection: Connection) -> int:
    """What the sketches take on the disk."""
    query = "SELECT sum(pgsize) FROM dbstat WHERE name = 'shingles'"
    size: int = connection.exec_driver_sql(query).scalar_one()
    return size


def measure(url: str, saver: Saver) -> tuple[list[float], float, int]:
    """(seconds to find and settle each draft, seconds to save one, copies found)."""
    taken: list[float] = []
    copies = 0
    with engine.connect(engine.database(url), "read").connect() as reading:
        for one in drafts(DRAFTS):
            begun = time.perf_counter()
            found = finding.find(reading, one, LATER, SETTLE.window)
            copies += SETTLE(one, LATER, found.candidates).kind == "copy"
            taken.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    writer = engine.connect(engine.database(url), "write")
    for start in range(0, DRAFTS, GROUP):
        with writer.begin() as connection:
            for number, one in enumerate(drafts(DRAFTS)[start : start + GROUP], start + 1):
                entry = Entry(url=one.article.url)
                pending = PendingEntry(id=number, feed=FEED, entry=entry, attempts=0, seen_at=END)
                saver.save(connection, pending, one, SETTLE, END, check_at=None)
    return taken, (time.perf_counter() - begun) / DRAFTS, copies


def run(folder: Path, count: int, days: int) -> tuple[float, float]:
    """Make a database, measure and print; (median seconds to settle, seconds to save)."""
    path = folder / f"settling-{count}.db"
    path.unlink(missing_ok=True)
    url = f"sqlite:///{path}"
    upgrade(url)
    with engine.connect(engine.database(url), "migrate").begin() as connection:
        fill(connection, count, days)
        enter_entries(connection)
    with engine.connect(engine.database(url), "read").connect() as connection:
        bytes_each = index_bytes(connection) / count
    taken, save_s, copies = measure(url, Saver(HELD, rising_ids(), unmarked))
    median, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    print(
        f"{count:,} stored: find and settle {median * 1000:.2f} ms, 95th percentile {slow * 1000:.2f} ms; "
        f"save {save_s * 1000:.2f} ms; index {bytes_each:.0f} bytes a story; {copies} of {DRAFTS} are copies",
        flush=True,
    )
    path.unlink()
    return median, save_s


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.settling")
    parser.add_argument("--stories", type=int, nargs="+", default=[10_000, 1_000_000], metavar="N")
    parser.add_argument("--days", type=int, default=14, metavar="D", help="that the stories appeared in (default: 14)")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), metavar="DIR")
    options = parser.parse_args(arguments)
    results = [run(options.folder, count, options.days) for count in options.stories]
    settle, save = (last / first for first, last in zip(results[0], results[-1], strict=True))
    print(f"the last to the first: find and settle {settle:.2f}, save {save:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
