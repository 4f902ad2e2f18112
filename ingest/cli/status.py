"""What `ingest status` shows: one screen for people, and the same facts under stable keys for their programs."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.cli.output import due, say, show_facts
from ingest.core import outage
from ingest.core.amounts import counted, span
from ingest.core.cadence import is_pushed
from ingest.core.health import health_of, remarks
from ingest.model import FeedStatus, Totals

if TYPE_CHECKING:
    from ingest.settings import Settings


@dataclass(frozen=True)
class Status:
    """What is told, as it was at a moment."""

    now: dt.datetime
    totals: Totals
    feeds: list[FeedStatus]
    database: str

    @property
    def pushed(self) -> int:
        """Feeds that a hub has promised to ping us for."""
        return sum(is_pushed(one.feed, self.now) for one in self.feeds)

    def noteworthy(self) -> Iterator[tuple[FeedStatus, list[str]]]:
        """Feeds whose last poll failed, or that people should know something of, with the remarks on each."""
        for one in self.feeds:
            said = remarks(one, self.now)
            if one.state.problem or said:
                yield one, said


async def read_status(settings: "Settings") -> Status:
    """The status of a service, from its database."""
    from ingest.app import open_store
    from ingest.edge.clock import SystemClock

    now = SystemClock().now()
    async with open_store(settings) as store:
        return Status(now, await store.totals(now), await store.feeds(), settings.database.url)


def facts(status: Status) -> dict[str, object]:
    """All of it, for programs."""
    return {
        "feeds": dict(Counter(health_of(one, status.now, status.totals.outage) for one in status.feeds)),
        "pushed": status.pushed,
        "gaps": sum(one.gaps for one in status.feeds),
        **status.totals.model_dump(mode="json"),
        "noteworthy": [_facts_of(one, said, status) for one, said in status.noteworthy()],
    }


def _facts_of(one: FeedStatus, said: list[str], status: Status) -> dict[str, object]:
    kept = {"problem", "failures", "failing_since", "due_at", "notice", "proposal"}
    return {
        "feed": one.feed.name,
        "health": health_of(one, status.now, status.totals.outage),
        **one.state.model_dump(mode="json", include=kept),
        **({} if one.is_polled else {"due_at": None}),
        **one.model_dump(mode="json", include={"gaps", "last_gap"}),
        "remarks": said,
    }


def print_status(status: Status) -> None:
    """All of it, for people."""
    totals, pushed = status.totals, status.pushed
    health = Counter(health_of(one, status.now, status.totals.outage) for one in status.feeds)
    show_facts(
        (
            *((("network", outage.told(totals.outage, status.now)),) if totals.outage else ()),
            ("feeds", ", ".join(f"{count} {word}" for word, count in health.most_common()) or "none"),
            *((("subscriptions", f"{counted(pushed, 'feed')} whose hub tells us of news"),) if pushed else ()),
            *_told_totals(totals),
            ("database", f"{status.database} ({_told_disk(totals)}, seq {totals.seq})"),
        )
    )
    for one, said in status.noteworthy():
        _print_feed(one, said, status.now)
    for failure in totals.failures:
        verb = ("waits" if failure.count == 1 else "wait") if failure.state == "pending" else "failed"
        say(f"{counted(failure.count, 'entry')} {verb}: {failure.why}")


def _told_disk(totals: Totals) -> str:
    parts = {"raw pages": totals.raw_page_bytes, "texts": totals.text_bytes}
    told = [f"about {size / 1e6:.1f} MB {what}" for what, size in parts.items() if size]
    of_these = f", of these {' and '.join(told)}" if told else ""
    return f"{totals.bytes / 1e6:.1f} MB{of_these}"


def _told_totals(totals: Totals) -> tuple[tuple[str, str], ...]:
    stories = f"{totals.stories} ({totals.stories_last_hour} in the last hour, {totals.stories_last_day} in a day)"
    entries = f"{totals.entries} ({totals.pending} pending, {totals.leased} of them in hand, {totals.failed} failed)"
    lag = (
        f"{span(totals.lag_s)} from publication to stored (median of a day)" if totals.lag_s is not None else "unknown"
    )
    walls = ", ".join(f"{wall.count} {wall.problem}" for wall in totals.walls)
    return (
        ("stories", stories),
        *((("copies", f"{counted(totals.copies, 'story')} of these another told before"),) if totals.copies else ()),
        *((("walls", f"{walls} in place of articles (in a day)"),) if walls else ()),
        ("entries", entries),
        *((("backfills", f"{totals.backfills} running"),) if totals.backfills else ()),
        ("lag", lag),
    )


def _print_feed(one: FeedStatus, said: list[str], now: dt.datetime) -> None:
    if one.state.problem:
        next_poll = f"; next {due(one.state.due_at, now)}" if one.is_polled else ""
        say(f"feed {one.feed.name} {_fared(one.state.failures)}: {one.state.problem}{next_poll}")
    for remark in said:
        say(f"feed {one.feed.name}: {remark}")


def _fared(failures: int) -> str:
    return "waits" if not failures else f"failed its last {'poll' if failures == 1 else f'{failures} polls'}"
