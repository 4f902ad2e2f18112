"""`ingest feeds`: the feed list."""

import datetime as dt
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, found, load
from ingest.cli.output import Cell, ago, due, say, show_json, show_table, told
from ingest.core.amounts import counted
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.look import Checked
    from ingest.model import FeedSpec, FeedStatus, Outage
    from ingest.ports import Ports
    from ingest.settings import Settings

app = typer.Typer(help="The feed list.", no_args_is_help=True, rich_markup_mode=None)

Result = TypeVar("Result")
Reference = Annotated[str, typer.Argument(metavar="FEED", help="A feed's id, name or URL.")]


def _with_ports(settings: "Settings", work: "Callable[[Ports], Awaitable[Result]]") -> Result:
    """Do something with the feeds as the database has them; those of the file if it has none yet.

    Otherwise only `run` and `poll` take over the file, so that no command that looks, perhaps from another folder,
    switches off the feeds of a service.
    """

    async def session() -> Result:
        from ingest.app import open_ports

        async with open_ports(settings, os.environ) as ports:
            if settings.feeds and not await ports.store.feeds():
                await ports.store.sync_feeds(settings.feeds, ports.clock.now())
            return await work(ports)

    return complete(session())


@app.command("list")
def list_feeds(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """All feeds with their health. `run` and `poll` take over what feeds.yaml says.

    Example: ingest feeds list --json
    """

    async def work(ports: "Ports") -> "tuple[list[FeedStatus], Outage | None, dt.datetime]":
        now = ports.clock.now()
        return await ports.store.feeds(), (await ports.store.totals(now)).outage, now

    from ingest.core import outage as outages

    feeds, outage, now = _with_ports(load(config, database), work)
    if outage:
        told(f"Our network is {outages.told(outage, now)}.")
    if as_json:
        from ingest.core.render.feed_json import feed_dict

        show_json([feed_dict(one, now, outage) for one in feeds])
    else:
        show_table(
            ("id", "name", "health", "last success", "next poll", "entries", "stories", "url", "remarks"),
            [_row(one, now, outage) for one in feeds],
            cut=("name", "url", "remarks"),
            spare=("entries", "url", "stories", "last success"),
        )


def _row(one: "FeedStatus", now: dt.datetime, outage: "Outage | None") -> tuple[Cell, ...]:
    from ingest.core.health import health_of, remarks

    return (
        one.feed.id,
        one.feed.name,
        health_of(one, now, outage),
        ago(one.state.succeeded_at, now),
        due(one.state.due_at, now) if one.is_polled else "",
        one.entries,
        one.stories,
        one.feed.url,
        "; ".join(filter(None, [one.state.problem, *remarks(one, now)])),
    )


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="A feed, or a site's page that names its feed.")],
    name: Annotated[str | None, typer.Option(help="Unique; default: made from the URL.")] = None,
    interval: Annotated[str, typer.Option(help="auto, a duration such as 15m, or a cron line.")] = "auto",
    tag: Annotated[list[str] | None, typer.Option(help="Added to every story of the feed; may be repeated.")] = None,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Add a feed; of a site's home page the feed is found.

    Example: ingest feeds add https://example.org/ --tag world
    """

    async def work(ports: "Ports") -> str:
        from ingest.feed_list import add_feed

        feed, entries = await add_feed(ports, url, name, interval, tag or ())
        return f"Added {feed.name} (id {feed.id}): {feed.url}, {counted(entries, 'entry')} now."

    say(_with_ports(load(config, database), work))


@app.command()
def remove(feed: Reference, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Stop watching a feed that was added by command; its stories stay.

    Example: ingest feeds remove example
    """

    async def work(ports: "Ports") -> str:
        one = (await found(ports.store, feed)).feed
        await ports.store.remove_feed(one.id, ports.clock.now())
        return f"Removed {one.name}; its stories stay."

    say(_with_ports(load(config, database), work))


@app.command()
def enable(feed: Reference, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Poll a feed again.

    Example: ingest feeds enable example
    """
    _switch(load(config, database), feed, True)


@app.command()
def disable(feed: Reference, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Stop polling a feed until it is enabled; this outlives a reload of the file.

    Example: ingest feeds disable example
    """
    _switch(load(config, database), feed, False)


def _switch(settings: "Settings", reference: str, enabled: bool) -> None:
    async def work(ports: "Ports") -> str:
        one = (await found(ports.store, reference)).feed
        await ports.store.switch_feed(one.id, enabled)
        return f"{one.name} is {'enabled' if enabled else 'disabled'}."

    say(_with_ports(settings, work))


@app.command()
def check(
    feed: Annotated[list[str] | None, typer.Argument(help="Ids, names or URLs; default: all enabled feeds.")] = None,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Poll without storing, and tell what would be done.

    Example: ingest feeds check https://example.org/rss.xml
    """

    async def work(ports: "Ports") -> "list[Checked]":
        import asyncio

        from ingest.look import check_feed

        references = feed or [one.feed.name for one in await ports.store.feeds() if one.feed.enabled]
        statuses = [(reference, await ports.store.find_feed(reference)) for reference in references]
        for reference, status in statuses:
            if not status and not reference.startswith(("http://", "https://")):
                raise ConfigError(f"{reference} is neither a feed here nor a URL from http:// or https:// on")
        outage = (await ports.store.totals(ports.clock.now())).outage
        return list(await asyncio.gather(*(check_feed(ports, ref, status, outage) for ref, status in statuses)))

    checked = _with_ports(load(config, database), work)
    if as_json:
        show_json([one.model_dump(mode="json") for one in checked])
    else:
        for one in checked:
            say(f"{one.feed}: {'fine' if one.fine else 'not fine'}")
            for line in one.lines:
                say(f"  {line}")
    raise typer.Exit(0 if all(one.fine for one in checked) else 1)


@app.command("import")
def import_opml(
    file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)],
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Add the feeds of an OPML file; those that are known already stay as they are.

    Example: ingest feeds import subscriptions.opml
    """

    body = file.read_bytes()

    async def work(ports: "Ports") -> "tuple[list[FeedSpec], list[FeedSpec]]":
        from ingest.core.parse.opml import read_opml

        return await _add_unknown(ports, read_opml(body))

    from ingest.core.parse.opml import left_out

    skipped = left_out(body)
    added, known = _with_ports(load(config, database), work)
    for spec in known:
        told(f"known already: {spec.url}")
    for line in skipped:
        told(f"left out: {line}")
    say(f"{counted(len(added), 'feed')} added, {len(known)} known already, {len(skipped)} left out.")


async def _add_unknown(ports: "Ports", specs: "Sequence[FeedSpec]") -> "tuple[list[FeedSpec], list[FeedSpec]]":
    """Add those whose URLs are new, under names that are free; returns them, and the others."""
    from ingest.core.naming import feed_name

    feeds = [one.feed for one in await ports.store.feeds()]
    urls, names = {one.url for one in feeds}, {one.name for one in feeds}
    added, known = [], []
    for spec in specs:
        if spec.url in urls:
            known.append(spec)
            continue
        named = spec.model_copy(update={"name": feed_name(spec.url, names)}) if spec.name in names else spec
        await ports.store.add_feed(named, ports.clock.now())
        urls.add(named.url)
        names.add(named.name)
        added.append(named)
    return added, known


@app.command("export")
def export_opml(
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="PATH", help="Default: stdout.")] = None,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Write the feed list as OPML.

    Example: ingest feeds export -o subscriptions.opml
    """

    async def work(ports: "Ports") -> str:
        from ingest.core.parse.opml import write_opml

        return write_opml([one.feed for one in await ports.store.feeds()], ports.clock.now())

    opml = _with_ports(load(config, database), work)
    if output:
        output.write_text(opml, encoding="utf-8")
    else:
        sys.stdout.write(opml)
