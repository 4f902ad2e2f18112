"""`ingest run`, `poll`, `status` and `explain`."""

import os
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, load
from ingest.cli.output import ago, say, show_facts, show_json, show_table, told
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import FeedStatus, Outcome, Polled
    from ingest.ports import Ports, Store
    from ingest.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(run)
    app.command()(poll)
    app.command()(status)
    app.command()(explain)


def run(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Run the daemon with its web page until SIGTERM or Ctrl-C; SIGHUP reloads the configuration.

    Example: ingest run --config /etc/ingest
    """
    settings = load(config, database)
    from ingest import daemon
    from ingest.cli.logs import configure_logs

    configure_logs(settings)

    def ready(_: "Ports", url: str) -> None:
        say(f"Ingest is running: {url} shows it; Ctrl-C stops it.")

    complete(daemon.run(lambda: load(config, database), os.environ, ready))


def poll(
    feed: Annotated[list[str] | None, typer.Argument(help="Ids, names or URLs; default: those that are due.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All enabled feeds, due or not.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Poll feeds once, take their entries all the way to stored stories, and say what came of it.

    Example: ingest poll bbc-world --json
    """
    if feed and every:
        raise ConfigError("name feeds, or say --all, not both")
    settings = load(config, database)
    from ingest.cli.logs import configure_logs

    configure_logs(settings, "error")
    polled, outcomes = complete(_poll(settings, feed or [], every))
    failed = [one for one in polled if one.result == "failed"] + [one for one in outcomes if one.state != "stored"]
    if as_json:
        show_json({"polled": [one.model_dump(mode="json") for one in polled], "entries": _counts(outcomes)})
    else:
        _print_summary(polled, outcomes)
    raise typer.Exit(1 if failed else 0)


async def _poll(settings: "Settings", names: Sequence[str], every: bool) -> "tuple[list[Polled], list[Outcome]]":
    from ingest.app import open_ports
    from ingest.pipeline import poll_and_collect, poll_due, poll_now

    async with open_ports(settings, os.environ) as ports:
        await ports.store.sync_feeds(settings.feeds, ports.clock.now())
        if names:
            ids = [(await found(ports.store, name)).feed.id for name in names]
            return await poll_and_collect(ports, poll_now(ports, ids), ids)
        if every:
            ids = [one.feed.id for one in await ports.store.feeds() if one.feed.enabled]
            return await poll_and_collect(ports, poll_now(ports, ids))
        return await poll_and_collect(ports, poll_due(ports))


async def found(store: "Store", reference: str) -> "FeedStatus":
    """A feed by id, name or URL; ConfigError where there is none."""
    status = await store.find_feed(reference)
    if status is None:
        raise ConfigError(f"there is no feed {reference!r}; `ingest feeds list` shows those there are")
    return status


def _counts(outcomes: "Sequence[Outcome]") -> dict[str, object]:
    reasons = Counter((one.state, one.why) for one in outcomes if one.state != "stored")
    return {
        "new": sum(one.settled == "new" for one in outcomes),
        "seen_again": sum(one.settled == "same" for one in outcomes),
        "waiting": sum(one.state == "pending" for one in outcomes),
        "failed": sum(one.state == "failed" for one in outcomes),
        "reasons": [{"state": state, "why": why, "count": n} for (state, why), n in reasons.most_common()],
    }


def _print_summary(polled: "Sequence[Polled]", outcomes: "Sequence[Outcome]") -> None:
    rows = [(one.feed, one.result, one.new, one.known, one.due_at, one.problem) for one in polled]
    show_table(("feed", "result", "new", "known", "next poll", "problem"), rows)
    read = sum(one.new + one.known for one in polled)
    new, again = (sum(one.settled == kind for one in outcomes) for kind in ("new", "same"))
    told(f"{len(polled)} feeds polled, {read} entries read; {new} stories stored, {again} seen again.")
    retry = min((one.due_at for one in outcomes if one.due_at), default=None)
    for (state, why), count in Counter((o.state, o.why) for o in outcomes if o.state != "stored").most_common():
        told(f"{count} {'wait' if state == 'pending' else state}: {why}")
    if retry:
        told(f"The first that waits is tried again at {retry:%Y-%m-%dT%H:%M:%SZ}.")


def status(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """One screen: feeds by health, what waits, stories an hour, lag, last errors.

    Example: ingest status --json
    """
    complete(_status(load(config, database), as_json))


async def _status(settings: "Settings", as_json: bool) -> None:
    from ingest.app import open_store
    from ingest.core.health import health_of
    from ingest.edge.clock import SystemClock

    now = SystemClock().now()
    async with open_store(settings) as store:
        totals, feeds = await store.totals(now), await store.feeds()
    health = Counter(health_of(one) for one in feeds)
    if as_json:
        show_json({"feeds": dict(health), **totals.model_dump(mode="json")})
        return
    show_facts(
        (
            ("feeds", ", ".join(f"{count} {word}" for word, count in health.most_common()) or "none"),
            (
                "stories",
                f"{totals.stories} ({totals.stories_last_hour} in the last hour, {totals.stories_last_day} in a day)",
            ),
            ("entries", f"{totals.entries} ({totals.pending} wait, {totals.leased} in hand, {totals.failed} failed)"),
            (
                "lag",
                "unknown"
                if totals.lag_s is None
                else f"{totals.lag_s / 60:.0f} min from publication to stored (median of a day)",
            ),
            ("database", f"{settings.database.url} ({totals.bytes / 1e6:.1f} MB, seq {totals.seq})"),
        )
    )
    for one in feeds:
        if one.state.problem:
            since = f"fails since {one.state.failures} polls: {one.state.problem}"
            say(f"feed {one.feed.name} {since}; next {ago(one.state.due_at, now)}")
    for failure in totals.failures:
        say(f"{failure.count} entries {'wait' if failure.state == 'pending' else 'failed'}: {failure.why}")


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
