"""`ingest reprocess`: the kept pages, read again by the rules of today, and what that changes."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import (
    DEFAULT_CONFIG,
    AsJson,
    Config,
    Database,
    OfFeed,
    Since,
    Until,
    complete,
    load,
    of_known_feed,
    select,
)
from ingest.cli.output import say, show_json, told
from ingest.cli.progress import bar
from ingest.core.amounts import counted

if TYPE_CHECKING:
    from ingest.model import Reprocessed, Reprocessing, StoryFilter, Tally
    from ingest.ports import Ports
    from ingest.settings import Settings

SAMPLE = 10
"""Stories that a dry run shows."""
ALONE = (
    "Each story was tried by itself: copies that are only found once others are entered in the index of likeness are "
    "not counted here."
)


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(reprocess)


def reprocess(
    since: Since = None,
    until: Until = None,
    feed: OfFeed = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store nothing; tell what would change.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Run extraction, tagging and deduplication again over the kept raw pages; no page is asked for.

    Stories keep their ids; what really changed is a new version. A run that was stopped is continued by the same
    command, unless settings, sites.yaml or this program have changed since.

    Example: ingest reprocess --since 2024-01-01 --dry-run
    """
    settings = load(config, database)
    from ingest.cli.logs import configure_logs

    configure_logs(settings, "error")
    run = complete(_reprocess(settings, select(since, until, None, feed, None), dry_run, as_json))
    raise typer.Exit(1 if run.tally.failed else 0)


async def _reprocess(settings: "Settings", where: "StoryFilter", dry_run: bool, as_json: bool) -> "Reprocessing":
    from importlib import metadata

    from ingest.app import open_ports
    from ingest.core.reprocess import rules_of
    from ingest.model import Reprocessing

    async with open_ports(settings, os.environ, make=False) as ports:
        where, now = await of_known_feed(ports.store, where), ports.clock.now()
        if dry_run:
            run = Reprocessing(id=0, where=where, started_at=now)
        else:
            rules = rules_of(ports.sites, ports.body_tags, ports.pace.window, metadata.version("news-ingest"))
            run = await ports.store.reprocessings.begin(where, rules, now)
        if run.position:
            done = counted(run.tally.read, "story")
            told(f"The run of {run.started_at:%Y-%m-%dT%H:%M:%SZ} goes on; it has read {done} before.")
        return await _to_the_end(ports, run, dry_run, as_json)


async def _to_the_end(ports: "Ports", run: "Reprocessing", dry_run: bool, as_json: bool) -> "Reprocessing":
    """The run as it is then; it is shown, also where a signal ends it before."""
    import asyncio

    from ingest.core.reprocess import plus
    from ingest.pipeline import reprocess, try_out

    sample: list[Reprocessed] = []
    so_far = run
    try:
        with bar("Reading again", await ports.store.reprocessings.left(run)) as advance:

            def seen(done: "Reprocessed") -> None:
                nonlocal so_far
                so_far = so_far.model_copy(update={"tally": plus(so_far.tally, done)})
                if dry_run and done.differences and len(sample) < SAMPLE:
                    sample.append(done)
                advance()

            ended = await (try_out if dry_run else reprocess)(ports, run, seen)
    except asyncio.CancelledError:
        _show(so_far.tally, sample, dry_run, as_json, finished=False)
        told("Stopped before the end; " + ("nothing was stored." if dry_run else "the same command goes on from here."))
        raise
    _show(ended.tally, sample, dry_run, as_json, finished=True)
    return ended


def _show(tally: "Tally", sample: "list[Reprocessed]", dry_run: bool, as_json: bool, finished: bool) -> None:
    if as_json:
        shown = {"sample": [one.model_dump(mode="json") for one in sample]} if dry_run else {}
        show_json({"finished": finished, **tally.model_dump(mode="json")} | shown)
    else:
        _print(tally, dry_run)
        _print_sample(sample)


def _print(tally: "Tally", dry_run: bool) -> None:
    would = "would change" if dry_run else "changed"
    say(f"{counted(tally.read, 'story')} read again: {tally.changed:,} {would}.")
    for field, count in sorted(tally.fields.items(), key=lambda one: -one[1]):
        say(f"  {field}: {count:,}")
    say(f"{counted(tally.versions, 'new version')}; {counted(tally.moved, 'move')} among copies.")
    if tally.entered:
        say(f"{counted(tally.entered, 'story')} entered in the index of likeness, which knew them not before.")
        if dry_run:
            say(ALONE)
    for why, count in sorted(tally.failed.items(), key=lambda one: -one[1]):
        say(f"{counted(count, 'story')} left as before: {why}.")


def _print_sample(sample: "list[Reprocessed]") -> None:
    from ingest.core.reprocess import told as difference

    for one in sample:
        say(f"\n{one.story_id}  {one.title}{' (new version)' if one.is_version else ''}")
        for each in one.differences:
            say(f"  {difference(each)}")
