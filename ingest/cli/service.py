"""`ingest run`, `status` and `explain`."""

import datetime as dt
import os
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, load, load_to_ask
from ingest.cli.output import due, say, show_facts, show_json
from ingest.core.amounts import counted, span

if TYPE_CHECKING:
    from ingest.model import FeedStatus, Totals
    from ingest.ports import Ports
    from ingest.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(status)
    app.command()(explain)


def run(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Run the daemon with its web page until SIGTERM or Ctrl-C; SIGHUP reloads the configuration.

    Example: ingest run --config /etc/ingest
    """
    settings = load_to_ask(config, database)
    from ingest import daemon
    from ingest.cli.logs import configure_logs

    configure_logs(settings)

    def ready(_: "Ports", url: str) -> None:
        say(f"Ingest is running: {url} shows it; Ctrl-C stops it.")

    complete(daemon.run(lambda: load_to_ask(config, database), os.environ, ready))


def status(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """One screen: feeds by health, what waits, stories an hour, lag, last errors.

    Example: ingest status --json
    """
    complete(_status(load(config, database), as_json))


async def _status(settings: "Settings", as_json: bool) -> None:
    from ingest.app import open_store
    from ingest.core.cadence import is_pushed
    from ingest.core.health import health_of
    from ingest.edge.clock import SystemClock

    now = SystemClock().now()
    async with open_store(settings) as store:
        totals, feeds = await store.totals(now), await store.feeds()
    health = Counter(health_of(one, now) for one in feeds)
    pushed = sum(is_pushed(one.feed, now) for one in feeds)
    if as_json:
        show_json({"feeds": dict(health), "pushed": pushed, **totals.model_dump(mode="json")})
        return
    show_facts(
        (
            ("feeds", ", ".join(f"{count} {word}" for word, count in health.most_common()) or "none"),
            *((("subscriptions", f"{counted(pushed, 'feed')} whose hub tells us of news"),) if pushed else ()),
            *_told_totals(totals),
            ("database", f"{settings.database.url} ({totals.bytes / 1e6:.1f} MB, seq {totals.seq})"),
        )
    )
    _print_problems(totals, feeds, now)


def _told_totals(totals: "Totals") -> tuple[tuple[str, str], ...]:
    stories = f"{totals.stories} ({totals.stories_last_hour} in the last hour, {totals.stories_last_day} in a day)"
    entries = f"{totals.entries} ({totals.pending} pending, {totals.leased} of them in hand, {totals.failed} failed)"
    lag = (
        f"{span(totals.lag_s)} from publication to stored (median of a day)" if totals.lag_s is not None else "unknown"
    )
    return ("stories", stories), ("entries", entries), ("lag", lag)


def _print_problems(totals: "Totals", feeds: "list[FeedStatus]", now: dt.datetime) -> None:
    from ingest.core.health import remarks

    for one in feeds:
        if one.state.problem:
            failures, when = one.state.failures, due(one.state.due_at, now)
            polls = "poll" if failures < 2 else f"{failures} polls"
            next_poll = "" if one.state.ended else f"; next {when}"
            say(f"feed {one.feed.name} failed its last {polls}: {one.state.problem}{next_poll}")
        for remark in remarks(one, now):
            say(f"feed {one.feed.name}: {remark}")
    for failure in totals.failures:
        verb = ("waits" if failure.count == 1 else "wait") if failure.state == "pending" else "failed"
        say(f"{counted(failure.count, 'entry')} {verb}: {failure.why}")


def explain(
    url: Annotated[str, typer.Argument(help="A URL, or the id of a story.")],
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Tell how a URL or a stored story was treated; a URL that is not stored is fetched and read without storing.

    Example: ingest explain https://example.org/news/a
    """
    settings = load(config, database)
    from ingest.cli.explain import explained

    facts = complete(explained(settings, url))
    if as_json:
        show_json([{"fact": name, "value": value} for name, value in facts])
    else:
        show_facts((name, value if isinstance(value, str) else str(value)) for name, value in facts)
