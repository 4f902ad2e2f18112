"""`ingest backfill`: what a feed no longer lists, brought back from archives."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ingest.cli.backfill_asked import KINDS, asked_of, spec_of
from ingest.cli.backfill_shown import finish, show_run, show_survey
from ingest.cli.options import (
    DEFAULT_CONFIG,
    AsJson,
    Config,
    Database,
    Since,
    Until,
    complete,
    found,
    load,
)
from ingest.cli.output import show_json, show_table, told
from ingest.cli.poll import sync_feeds
from ingest.cli.progress import backfilling
from ingest.core.amounts import counted
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.model import Backfill, BackfillSpec
    from ingest.pipeline import Survey
    from ingest.ports import Ports, Store
    from ingest.settings import Settings

Id = Annotated[int, typer.Argument(metavar="ID", min=1, max=2**63 - 1)]


class FeedOrWord(TyperGroup):
    """A group whose first word may be a feed, or an option: then the command is `start`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # Any: typer's own copy of click is private
        """The arguments with the command that they leave out."""
        if args and args[0] not in (*self.commands, "--help"):
            args = ["start", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=FeedOrWord,
    help="Get the stories that a feed no longer lists: `ingest backfill FEED --since 2024-01-01`.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command()
def start(
    feed: Annotated[str | None, typer.Argument(help="Id, name or URL; none: whatever the files hold.")] = None,
    since: Since = None,
    until: Until = None,
    via: Annotated[
        list[str] | None,
        typer.Option(metavar="KIND", help=f"Archives, in this order: auto, {', '.join(KINDS)}; default: auto."),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(metavar="PATH", help="WARC files, or lists and folders of saved pages."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stories at most.")] = None,
    rate: Annotated[float | None, typer.Option(min=0.1, help="Requests a minute at most.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing; tell what the archives list.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Begin a backfill, and take it to its end; this word can be left out.

    Publication dates decide what lies in the range. Ctrl-C stops it; `ingest backfill resume ID` goes on.

    Example: ingest backfill bbc-world --since 2024-01-01 --until 2024-01-31
    """
    settings = load(config, database)
    spec = spec_of(since, until, via or ["auto"], file or [], limit, rate, has_feed=feed is not None)
    _quiet(settings)
    if dry_run:
        survey = complete(_survey(settings, feed, spec))
        show_survey(survey, as_json)
        raise typer.Exit(1 if any(one.failed for one in survey.walked) else 0)
    finish(complete(_start(settings, feed, spec, as_json)), as_json)


@app.command("list")
def list_backfills(as_json: AsJson = False, config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """All backfills, the newest first."""
    runs = complete(_list(load(config, database)))
    if as_json:
        show_json([run.model_dump(mode="json") for run in runs])
        return
    rows = [
        (run.id, run.feed, run.state, run.spec.since, run.spec.until, run.found, run.stored, sum(run.failed.values()))
        for run in runs
    ]
    show_table(("id", "feed", "state", "since", "until", "found", "stored", "failed"), rows, cut=("feed",))


@app.command()
def show(
    backfill_id: Id,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """One backfill: its range, how each archive went, and what it brought."""
    show_run(complete(_get(load(config, database), backfill_id)), as_json)


@app.command()
def resume(
    backfill_id: Id,
    failed: Annotated[bool, typer.Option("--failed", help="Try the entries that failed once more.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Go on with a backfill that was stopped or whose process died."""
    settings = load(config, database)
    _quiet(settings)
    finish(complete(_resume(settings, backfill_id, failed, as_json)), as_json)


@app.command()
def cancel(
    backfill_id: Id,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """End a backfill; what it has stored stays, and what it has not is forgotten."""
    run = complete(_cancel(load(config, database), backfill_id))
    told(f"Backfill {run.id} of {run.feed} is cancelled; {counted(run.stored, 'story')} of it stay.")


def _quiet(settings: "Settings") -> None:
    from ingest.cli.logs import configure_logs

    configure_logs(settings, "error")


async def _start(settings: "Settings", feed: str | None, spec: "BackfillSpec", as_json: bool) -> "Backfill":
    from ingest.app import open_ports

    async with open_ports(settings, os.environ) as ports:
        if feed is not None:
            await sync_feeds(settings, ports)
        wanted = await _of_feed(ports.store, feed, spec)
        return await _to_the_end(ports, await ports.store.backfills.begin(wanted, ports.clock.now()), as_json)


async def _of_feed(store: "Store", feed: str | None, spec: "BackfillSpec") -> "BackfillSpec":
    return spec if feed is None else asked_of((await found(store, feed)).feed, spec)


async def _resume(settings: "Settings", backfill_id: int, failed: bool, as_json: bool) -> "Backfill":
    from ingest.app import open_ports

    async with open_ports(settings, os.environ, make=False) as ports:
        backfills, now = ports.store.backfills, ports.clock.now()
        known = await _known(ports.store, backfill_id)
        if failed and known.spec.limit is not None and known.stored >= known.spec.limit:
            raise ConfigError(
                f"backfill {backfill_id} has the {counted(known.spec.limit, 'story')} of its --limit, so that nothing "
                "more would be tried; begin another one, with a higher limit or without"
            )
        run = await backfills.take(backfill_id, now, even_if_done=failed)
        if run and failed:
            told(f"{counted(sum(run.failed.values()), 'entry')} tried once more.")
            run = await backfills.retry(run, now)
        if run is None:
            raise ConfigError(f"backfill {backfill_id} {_why_not(known, failed, await backfills.list())}")
        return await _to_the_end(ports, run, as_json)


def _why_not(run: "Backfill", failed: bool, runs: "Iterable[Backfill]") -> str:
    """Why a backfill cannot be gone on with."""
    if run.state == "cancelled" or (run.state == "done" and not failed):
        return f"is {run.state}; there is nothing to go on with"
    if run.state == "running":
        return "is being worked on by another process"
    for one in runs:
        if one.state == "running" and one.feed_id == run.feed_id:
            return (
                f"is {run.state}, and waits for backfill {one.id} of the same feed, which is running; `ingest backfill "
                f"show {one.id}` tells how far that is"
            )
    return f"is {run.state}, and its feed was removed"


async def _to_the_end(ports: "Ports", run: "Backfill", as_json: bool) -> "Backfill":
    """The backfill as it is then, or when a signal stops it."""
    import asyncio

    from ingest.pipeline import backfill

    try:
        with backfilling(run, ports.clock.now) as report:
            ended = await backfill(replace(ports, report=report), run)
    except asyncio.CancelledError:
        await ports.store.backfills.end(run, "stopped", ports.clock.now())
        if stopped := await ports.store.backfills.get(run.id):
            show_run(stopped, as_json)
        told(f"Stopped before the end; `ingest backfill resume {run.id}` goes on from here.")
        raise
    if ended is None:
        show_run(await _known(ports.store, run.id), as_json)
        raise ConfigError(f"backfill {run.id} was cancelled, or another process took it over")
    return ended


async def _survey(settings: "Settings", feed: str | None, spec: "BackfillSpec") -> "Survey":
    from ingest.app import open_ports, to_look_at
    from ingest.pipeline import survey

    with to_look_at(settings) as seen:
        is_new = seen is not settings
        async with open_ports(seen, os.environ, make=is_new or feed is None) as ports:
            if is_new and feed is not None:
                await sync_feeds(settings, ports)
            return await survey(ports, await _of_feed(ports.store, feed, spec))


async def _list(settings: "Settings") -> "list[Backfill]":
    from ingest.app import open_store

    async with open_store(settings) as store:
        return await store.backfills.list()


async def _get(settings: "Settings", backfill_id: int) -> "Backfill":
    from ingest.app import open_store

    async with open_store(settings) as store:
        return await _known(store, backfill_id)


async def _known(store: "Store", backfill_id: int) -> "Backfill":
    run = await store.backfills.get(backfill_id)
    if run is None:
        raise ConfigError(f"there is no backfill {backfill_id}; `ingest backfill list` shows those there are")
    return run


async def _cancel(settings: "Settings", backfill_id: int) -> "Backfill":
    from ingest.app import open_store

    async with open_store(settings) as store:
        known = await _known(store, backfill_id)
        run = await store.backfills.cancel(backfill_id, dt.datetime.now(dt.UTC))
        if run is None:
            raise ConfigError(f"backfill {backfill_id} is {known.state} already")
        return run
