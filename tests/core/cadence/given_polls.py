"""Polls of one feed, made by hand."""

import datetime as dt
from collections.abc import Iterable

from ingest.core import cadence
from ingest.model import Document, Entry, Feed, FeedState, Gap, Hints, Moment, Response, WrittenDown
from ingest.ports import Conclusion, Pace

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
"""A Monday."""
PACE = Pace(interval_min=dt.timedelta(minutes=5), interval_max=dt.timedelta(hours=24))
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
URL = "https://example.org/feed"


def noon(line: str, after: dt.datetime) -> dt.datetime:
    """The Cron of these tests: the next noon."""
    assert line == "0 12 * * *"
    today = after.replace(hour=12, minute=0, second=0, microsecond=0)
    return today if today > after else today + DAY


def feed(interval: str = "auto", feed_id: int = 1) -> Feed:
    return Feed(id=feed_id, url=URL, name="example", interval=interval)


def state(feed_id: int = 1, **known: object) -> FeedState:
    return FeedState.model_validate({"feed_id": feed_id, "due_at": NOW, "polls": 5} | known)


def answer(
    now: dt.datetime = NOW,
    status: int = 200,
    redirects: tuple[tuple[int, str], ...] = (),
    asked: str = URL,
    **headers: str,
) -> Response:
    return Response(
        url=asked,
        final_url=redirects[-1][1] if redirects else asked,
        status=status,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        redirects=redirects,
        fetched_at=now,
    )


def entry(number: int, at: dt.datetime | None) -> Entry:
    return Entry(guid=str(number), published=Moment(at=at, day=at.date()) if at else None)


def document(dates: Iterable[dt.datetime | None], hints: Hints = Hints()) -> Document:  # noqa: B008  it is frozen
    entries = tuple(entry(number, at) for number, at in enumerate(dates))
    return Document(format="rss20", title="Example", site_url="https://example.org/", entries=entries, hints=hints)


def read(
    before: FeedState,
    response: Response | None = None,
    shown: Document | None = None,
    new: int = 0,
    interval: str = "auto",
    twin: str = "",
    passed: int = 0,
) -> Conclusion:
    """What a poll comes to that brought a document, or nothing new."""
    known = len(shown.entries) - new if shown else 0
    written = WrittenDown(new=new, known=known, passed=passed, twin=twin)
    reading = cadence.Reading(response or answer(), "hash", shown, written)
    return cadence.after_success(feed(interval, before.feed_id), before, reading, PACE, noon)


def after(before: FeedState, response: Response | None = None, **poll: object) -> FeedState:
    return read(before, response, **poll).state  # type: ignore[arg-type]  # the same arguments as those of `read`


def gap(before: FeedState, response: Response | None = None, **poll: object) -> Gap | None:
    return read(before, response, **poll).gap  # type: ignore[arg-type]  # as above


def failed(
    before: FeedState,
    kind: str = "timeout",
    interval: str = "auto",
    retry_after_s: float | None = None,
    now: dt.datetime = NOW,
) -> FeedState:
    failure = cadence.Failure(kind, "no answer", retry_after_s)
    return cadence.after_failure(feed(interval, before.feed_id), before, failure, now, PACE, noon)
