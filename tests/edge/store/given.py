"""What the tests of the store begin with."""

import asyncio
import datetime as dt
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest
from fakes import START
from sqlalchemy import Connection, text

from ingest.core.dedupe.settle import Settle
from ingest.core.dedupe.url import canonical
from ingest.edge.store import SqlStore
from ingest.edge.store.engine import database as checked
from ingest.edge.store.engine import opened
from ingest.edge.store.writer import Writer
from ingest.model import (
    Article,
    Draft,
    Entry,
    Feed,
    FeedSpec,
    FeedState,
    Fingerprint,
    Hashtag,
    Moment,
    PendingEntry,
    WrittenDown,
)
from ingest.ports import Conclusion

OpenStore = Callable[..., SqlStore]
"""Opens a store on the test's database, as a process of its own would."""

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what only SQLite does, or lets a test do to it."""

settle = Settle(dt.timedelta(days=14))

PAGE = b"<html><p>A page</p></html>"


def most_on_sqlite(name: str, cases: Sequence[object]) -> pytest.MarkDecorator:
    """All cases on SQLite, and the last on PostgreSQL too: where they differ in their order, and not in their SQL."""
    every = [("sqlite", case) for case in cases] + [("postgres", cases[-1])]
    return pytest.mark.parametrize(("database", name), every, indirect=["database"])


def a_spec(name: str = "example", **more: object) -> FeedSpec:
    """What somebody wrote about a feed."""
    return FeedSpec.model_validate({"url": f"https://{name}.example/rss", "name": name} | more)


def an_entry(number: int = 1, **more: object) -> Entry:
    """An item of a document."""
    usual = {"guid": f"id-{number}", "url": f"https://example.com/news/{number}", "title": f"Title {number}"}
    return Entry.model_validate(usual | more)


def published(hours_ago: float) -> Moment:
    """A date some hours before the clock's beginning."""
    at = START - dt.timedelta(hours=hours_ago)
    return Moment(at=at, day=at.date())


def a_draft(number: int = 1, **more: object) -> Draft:
    """An article at https://example.com/news/NUMBER with a text of its own."""
    url = f"https://example.com/news/{number}"
    article = Article(
        url=url,
        title=f"Title {number}",
        text=f"First paragraph of {number}.\n\nSecond.",
        authors=("Ada Example", "Ben Example"),
        language="en",
        published=published(1),
        methods={"title": "json-ld"},
    )
    usual = {
        "article": article,
        "hashtags": (Hashtag(tag="Rain", source="headline"), Hashtag(tag="world", source="feed")),
        "fingerprint": Fingerprint(schema_version=1, text_hash=f"hash of {number}"),
        "url_key": canonical(url),
        "publisher": "example.com",
        "source": "page",
        "raw": zlib.compress(PAGE),
        "raw_type": "text/html; charset=utf-8",
    }
    return Draft.model_validate(usual | more)


async def a_feed(store: SqlStore, name: str = "example", **more: object) -> Feed:
    """A feed, added by command."""
    return await store.add_feed(a_spec(name, **more), START)


async def written_down(store: SqlStore, feed: Feed, entries: Sequence[Entry], now: dt.datetime = START) -> WrittenDown:
    """Poll a feed that answers with these entries; it is due again after an hour."""
    await store.claim_feeds(now, 1, only=[feed.id], even_if_not_due=True)
    after = FeedState(feed_id=feed.id, due_at=now + dt.timedelta(hours=1))
    return await store.write_down(feed.id, entries, lambda _: Conclusion(after), now)


async def leased(store: SqlStore, now: dt.datetime = START, limit: int = 100) -> list[PendingEntry]:
    """Lease what is due."""
    return await store.lease_entries(now, limit)


async def one_pending(store: SqlStore, number: int = 1) -> PendingEntry:
    """An entry, written down and leased."""
    feed = (await store.find_feed("example")) or None
    await written_down(store, feed.feed if feed else await a_feed(store), [an_entry(number)])
    (pending,) = await leased(store)
    return pending


def run_sql(database: str, statement: str, **values: object) -> list[tuple[object, ...]]:
    """Do something to the database behind the store's back; returns the rows, if it gives any."""
    with opened(checked(database), "upkeep") as connection:
        done = connection.execute(text(statement), values)
        return [tuple(row) for row in done] if done.returns_rows else []


@asynccontextmanager
async def kept_busy(writer: Writer) -> AsyncIterator[None]:
    """Meanwhile all writes wait, and then go as one group."""
    busy, go_on = threading.Event(), threading.Event()

    def keep_busy(_: Connection) -> None:
        busy.set()
        go_on.wait()

    keeper = asyncio.ensure_future(writer.run(keep_busy))
    await asyncio.to_thread(busy.wait)
    try:
        yield
    finally:
        go_on.set()
        await keeper
