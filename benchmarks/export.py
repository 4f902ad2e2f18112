"""How fast stories are exported, and that memory does not grow with them (SQLite).

    python -m benchmarks.export [--stories N] [--ways WAY ...] [--folder DIR]

A database with N stories of some 2,000 characters (default 50,000), 2,000 a day, each with a tag and its page, is
exported in each way by a process of its own, as from the command line. Printed are stories a second, CPU time, and the
most memory (PSS) of each quarter of the run.
"""

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
from functools import partial
from pathlib import Path

from sqlalchemy import insert

from benchmarks import filled
from benchmarks.whole import Run, measured
from ingest.core.packing import compressed
from ingest.edge.store import engine, upgrade
from ingest.edge.store.tables import changes, raw_pages, stories, story_hashtags

BEGIN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
A_DAY, BATCH, WORDS = 2_000, 1_000, 300
WAYS = {
    "jsonl": ("--format", "jsonl"),
    "csv": ("--format", "csv"),
    "parquet": ("--format", "parquet"),
    "parquet by day": ("--format", "parquet", "--partition"),
    "text": ("--format", "text"),
    "warc": ("--format", "warc"),
    "changes": ("--changes",),
}


def row(number: int) -> dict[str, object]:
    """A story as its table has it: the same each time."""
    chance = random.Random(number)
    at = BEGIN + dt.timedelta(days=number // A_DAY)
    text = " ".join(f"word{chance.randrange(5_000)}" for _ in range(WORDS))
    told = {"title": f"Title {number}", "text": text, "language": "en", "url": f"https://example.com/{number}"}
    place = {"id": f"{number:026}", "seq": number, "number": number, "version": 1, "cluster": f"{number:026}"}
    times = {"published_at": at, "published_date": at.date(), "first_seen_at": at, "appeared_at": at}
    known = {"publisher": "example.com", "source": "page", "kind": "article", "pages": 1, "methods": {}}
    empty = dict.fromkeys(("summary", "site", "via", "section", "problem", "note"), "")
    return {**told, **place, **times, **known, **empty, "authors": [], "fingerprint_version": 2, "shingles": 0}


def fill(url: str, count: int) -> None:
    """A database with so many stories."""
    upgrade(url)
    writer = engine.connect(engine.database(url), "write")
    for start in range(1, count + 1, BATCH):
        rows = [row(number) for number in range(start, min(start + BATCH, count + 1))]
        with writer.begin() as connection:
            connection.execute(insert(changes), [_change(one) for one in rows])
            connection.execute(insert(stories), rows)
            tag = {"position": 0, "tag": "Rain", "key": "rain", "source": "headline"}
            connection.execute(insert(story_hashtags), [{"story_id": one["id"], **tag} for one in rows])
            connection.execute(insert(raw_pages), [_page(one) for one in rows])
    writer.dispose()


def _change(one: dict[str, object]) -> dict[str, object]:
    return {"seq": one["seq"], "kind": "created", "at": BEGIN, "story_id": one["id"], "version": 1}


def _page(one: dict[str, object]) -> dict[str, object]:
    body = compressed(f"<!doctype html><html><body><p>{one['text']}</p></body></html>".encode())
    return {"story_id": one["id"], "fetched_at": BEGIN, "type": "text/html", "body": body, "answer": None}


def tell(way: str, run: Run, count: int) -> None:
    """Print what an export came to."""
    size = max(len(run.memory) / 4, 1.0)
    quarters = [run.memory[int(size * place) : int(size * (place + 1))] for place in range(4)]
    megabytes = " ".join(f"{max(quarter, default=0) / 1e6:.0f}" for quarter in quarters)
    print(
        f"{way:<15} {count / run.wall_s:8,.0f} stories/s, wall {run.wall_s:.1f} s, CPU {run.cpu_s:.1f} s, "
        f"memory by quarters {megabytes} MB (PSS), exit status {run.status}"
    )


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.export")
    parser.add_argument("--stories", type=int, default=50_000, metavar="N")
    parser.add_argument("--ways", nargs="+", choices=list(WAYS), default=list(WAYS))
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keeps the filled database for further runs")
    told = parser.parse_args(arguments)
    with filled.folder(told.folder) as kept, tempfile.TemporaryDirectory(dir=kept) as made:
        url = filled.filled(kept / f"export-{told.stories}.db", partial(fill, count=told.stories))
        folder = Path(made)
        (folder / "config").mkdir()
        (folder / "config/feeds.yaml").write_text("feeds: []")
        environ = {**os.environ, "INGEST_CONFIG": str(folder / "config"), "INGEST_DATABASE_URL": url}
        for way in told.ways:
            command = [sys.executable, "-m", "ingest", "export", *WAYS[way], "-o", str(folder / way)]
            tell(way, measured(command, environ), told.stories)


if __name__ == "__main__":
    main(sys.argv[1:])
