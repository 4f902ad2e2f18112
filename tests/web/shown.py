"""What the pages are given to show."""

import datetime as dt
from collections.abc import Callable

import httpx
from fakes import START

from ingest.core.dedupe.settle import Settle
from ingest.edge.store import SqlStore
from ingest.model import (
    Article,
    Draft,
    Entry,
    Feed,
    FeedSpec,
    FeedState,
    FeedStatus,
    Fingerprint,
    Hashtag,
    Sighting,
    Story,
    Totals,
)
from ingest.ports import Conclusion

Browse = Callable[..., httpx.AsyncClient]
"""Opens a browser of the site."""


NOW = START
SETTLE = Settle(dt.timedelta(days=14))
NOTHING = Totals(
    stories=0,
    stories_last_hour=0,
    stories_last_day=0,
    copies=0,
    walls=(),
    entries=0,
    pending=0,
    leased=0,
    failed=0,
    lag_s=None,
    failures=(),
    bytes=0,
    seq=0,
)


def story(**changes: object) -> Story:
    """A plain story, changed."""
    plain = Story(
        id="01J0000000000000000000000A",
        seq=1,
        url="https://example.org/news/harbour",
        title="Harbour reopens",
        text="The first ferry left early.\n\nThe mayor called it an omen.",
        summary="",
        authors=("Ada Quill",),
        site="Example Courier",
        language="en",
        published_at=NOW - dt.timedelta(hours=2),
        published_date=dt.date(2024, 1, 19),
        modified_at=None,
        first_seen_at=NOW - dt.timedelta(minutes=4),
        image=None,
        hashtags=(Hashtag(tag="Harbour", source="headline"),),
        version=1,
        cluster="01J0000000000000000000000A",
        duplicate_of=None,
        sightings=(
            Sighting(feed="courier", entry_id="guid-7", url="https://example.org/news/harbour?x=1", seen_at=NOW),
        ),
        publisher="example.org",
        source="page",
        note="",
        methods={"title": "json-ld"},
    )
    return plain.model_copy(update=changes)


def feed(
    name: str = "courier", url: str = "https://example.org/rss.xml", enabled: bool = True, **state: object
) -> FeedStatus:
    """A feed that was read three minutes ago, changed."""
    read = NOW - dt.timedelta(minutes=3)
    fine = FeedState(feed_id=1, due_at=NOW + dt.timedelta(minutes=12), polled_at=read, succeeded_at=read, window=30)
    return FeedStatus(
        feed=Feed(id=1, name=name, url=url, enabled=enabled),
        state=fine.model_copy(update=state),
        entries=1240,
        stories=1201,
    )


async def a_stored_story(
    store: SqlStore,
    number: int = 1,
    publisher: str = "example.org",
    hashtags: tuple[Hashtag, ...] = (),
    **article: object,
) -> str:
    """Poll the feed `courier`, which is added at first, and collect its one new entry; returns the story's id."""
    await some_pending(store, number)
    (pending,) = await store.lease_entries(NOW, 1)
    outcome = await store.save(pending, a_draft(number, publisher, hashtags, **article), SETTLE, NOW)
    assert outcome.story_id
    return outcome.story_id


async def some_pending(store: SqlStore, *numbers: int) -> None:
    """Entries of the feed `courier` that wait to be collected."""
    known = await store.find_feed("courier")
    watched = (
        known.feed if known else await store.add_feed(FeedSpec(url="https://example.org/rss", name="courier"), NOW)
    )
    await store.claim_feeds(NOW, 1, only=[watched.id], even_if_not_due=True)
    after = FeedState(feed_id=watched.id, due_at=NOW, polled_at=NOW, succeeded_at=NOW)
    entries = [Entry(guid=url_of(number), url=url_of(number), title=f"Title {number}") for number in numbers]
    await store.write_down(watched.id, entries, lambda _: Conclusion(after), NOW)


def a_draft(
    number: int, publisher: str = "example.org", hashtags: tuple[Hashtag, ...] = (), **article: object
) -> Draft:
    """What became of the page of an entry, changed."""
    plain = {"url": url_of(number), "title": f"Title {number}", "text": f"First paragraph of {number}."}
    text_hash = f"hash of {article.get('text') or number}"
    return Draft(
        article=Article.model_validate(plain | article),
        hashtags=hashtags,
        fingerprint=Fingerprint(schema_version=1, text_hash=text_hash),
        url_key=url_of(number),
        publisher=publisher,
        source="page",
    )


def url_of(number: int) -> str:
    """The address of an article."""
    return f"https://example.org/news/{number}"
