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
    command.

    Example: ingest reprocess --since 2024-01-01 --dry-run
    """
    settings = load(config, database)
    from ingest.cli.logs import configure_logs

    configure_logs(settings, "error")
    run, shown, ended = complete(_reprocess(settings, select(since, until, None, feed, None), dry_run))
    if as_json:
        sample = [one.model_dump(mode="json") for one in shown]
        show_json({"finished": ended, **run.tally.model_dump(mode="json")} | ({"sample": sample} if dry_run else {}))
    else:
        _print(run.tally, dry_run)
        _print_sample(shown)
    if not ended:
        told("Stopped before the end; " + ("nothing was stored." if dry_run else "the same command goes on from here."))
    raise typer.Exit(0 if ended and not run.tally.failed else 1)


async def _reprocess(
    settings: "Settings", where: "StoryFilter", dry_run: bool
) -> "tuple[Reprocessing, list[Reprocessed], bool]":
    from ingest.app import open_ports
    from ingest.model import Reprocessing

    async with open_ports(settings, os.environ, make=False) as ports:
        where, now = await of_known_feed(ports.store, where), ports.clock.now()
        if dry_run:
            run = Reprocessing(id=0, where=where, started_at=now)
        else:
            run = await ports.store.reprocessings.begin(where, now)
        if run.position:
            done = counted(run.tally.read, "story")
            told(f"The run of {run.started_at:%Y-%m-%dT%H:%M:%SZ} goes on; it has read {done} before.")
        return await _to_the_end(ports, run, dry_run)


async def _to_the_end(
    ports: "Ports", run: "Reprocessing", dry_run: bool
) -> "tuple[Reprocessing, list[Reprocessed], bool]":
    """The run as it is then, the first stories that change, and whether the end was reached."""
    import asyncio

    from ingest.core.reprocess import plus
    from ingest.pipeline import reprocess, try_out

    sample: list[Reprocessed] = []
    so_far = run
    with bar("Reading again", await ports.store.reprocessings.left(run)) as advance:

        def seen(done: "Reprocessed") -> None:
            nonlocal so_far
            so_far = so_far.model_copy(update={"tally": plus(so_far.tally, done)})
            if dry_run and done.differences and len(sample) < SAMPLE:
                sample.append(done)
            advance()

        try:
            ended = await (try_out if dry_run else reprocess)(ports, run, seen)
        except asyncio.CancelledError:  # by a signal: what is done is told, and the way to go on
            return so_far, sample, False
    return ended, sample, True


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
