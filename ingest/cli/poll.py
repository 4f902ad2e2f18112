"""`ingest poll`: feeds once, all the way to stored stories, and what came of it."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import DEFAULT_CONFIG, AsJson, Config, Database, complete, found, load
from ingest.cli.output import show_json, show_table, told
from ingest.cli.progress import progress
from ingest.core.amounts import counted
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import Feed, Outcome, Polled, Rechecked
    from ingest.ports import Ports
    from ingest.settings import Settings

    Done = tuple[list[Polled], list[Outcome], list[Rechecked]]


ENDED = ("stored", "deleted")
"""How an entry ends that did not fail."""


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(poll)


def poll(
    feed: Annotated[list[str] | None, typer.Argument(help="Ids, names or URLs; default: those that are due.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All enabled feeds, due or not.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Poll feeds once, take their entries all the way to stored stories, and say what came of it.

    Pages that are due to be looked at again are; what is stored just now is left for later.

    Example: ingest poll bbc-world --json
    """
    if feed and every:
        raise ConfigError("name feeds, or say --all, not both")
    settings = load(config, database)
    from ingest.cli.logs import configure_logs

    configure_logs(settings, "error")
    polled, outcomes, rechecked = complete(_poll(settings, feed or [], every))
    failed = [one for one in polled if one.result == "failed"] + [one for one in outcomes if one.state not in ENDED]
    if as_json:
        results: dict[str, int] = Counter(one.result for one in rechecked)
        done = {"polled": [one.model_dump(mode="json") for one in polled], "entries": _counts(outcomes)}
        show_json(done | {"rechecked": {"pages": len(rechecked), **results}})
    else:
        _print_summary(polled, outcomes)
        _print_rechecked(rechecked)
    raise typer.Exit(1 if failed else 0)


async def _poll(settings: "Settings", names: Sequence[str], every: bool) -> "Done":
    import asyncio

    from ingest.app import open_ports
    from ingest.model import StoryFilter
    from ingest.settings import require_variables

    async with open_ports(settings, os.environ) as ports:
        await sync_feeds(settings, ports)
        wanted = await _wanted(ports, names) if names or every else None
        if settings.unset:  # else there is no need to read the whole list for those that are due
            asked = await _wanted(ports, names) if wanted is None else wanted
            require_variables(settings, {feed.name for feed in asked})
        begun = ports.clock.now()
        newest = [story.seq async for story in ports.store.stories(StoryFilter(), newest_first=True, limit=1)]
        try:
            with progress() as report:
                return await _to_the_end(replace(ports, report=report), wanted, only=bool(names))
        except asyncio.CancelledError:
            told(await _so_far(ports, begun, max(newest, default=0)))
            raise


async def sync_feeds(settings: "Settings", ports: "Ports") -> None:
    """Take over what the feeds file says, and tell what is new in it or gone from it."""
    if settings.feeds is None:
        told(f"No feeds are listed in {settings.feeds_file}; those that the database has stay as they are.")
        return
    synced = await ports.store.sync_feeds(settings.feeds, ports.clock.now())
    for names, what in ((synced.added, "new in"), (synced.disabled, "disabled, being no longer in")):
        if names:
            told(f"{counted(len(names), 'feed')} {what} {settings.feeds_file}: {_some(names)}.")


def _some(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


async def _wanted(ports: "Ports", names: Sequence[str]) -> "list[Feed]":
    """The feeds of these names, or all that are polled."""
    if names:
        return [(await found(ports.store, name)).feed for name in names]
    return [one.feed for one in await ports.store.feeds() if one.is_polled]


async def _to_the_end(ports: "Ports", wanted: "list[Feed] | None", only: bool) -> "Done":
    """Poll these feeds, or those that are due, and collect: the entries of all feeds, or of these only."""
    from ingest.pipeline import poll_and_collect, poll_due, poll_now

    if wanted is None:
        return await poll_and_collect(ports, poll_due(ports, ports.clock.now()))
    ids = [feed.id for feed in wanted]
    done = await poll_and_collect(ports, poll_now(ports, ids), ids if only else None)
    polled = {one.feed for one in done[0]}
    if left_out := [feed.name for feed in wanted if feed.name not in polled]:
        told(f"Left out, since another process polls them just now: {_some(left_out)}.")
    return done


async def _so_far(ports: "Ports", begun: dt.datetime, seq: int) -> str:
    """What has been done since a time and a `seq`, by whomever, and what is left."""
    from ingest.model import StoryFilter

    feeds = await ports.store.feeds()
    polled = sum(one.state.polled_at is not None and one.state.polled_at >= begun for one in feeds)
    stories = [story.seq async for story in ports.store.stories(StoryFilter(after_seq=seq))]
    waiting = sum(one.pending for one in feeds)
    return (
        f"Stopped before the end: {counted(polled, 'feed')} polled, {counted(len(stories), 'story')} stored; "
        f"{counted(waiting, 'entry')} left for the next `ingest poll` or `ingest run`."
    )


def _counts(outcomes: "Sequence[Outcome]") -> dict[str, object]:
    reasons = Counter((one.state, one.why) for one in outcomes if one.state != "stored")
    settled = Counter(one.settled for one in outcomes)
    return {
        "new": settled["new"] + settled["copy"],
        "copies": settled["copy"],
        "changed": settled["version"],
        "seen_again": settled["same"],
        "waiting": sum(one.state == "pending" for one in outcomes),
        "failed": sum(one.state == "failed" for one in outcomes),
        "reasons": [{"state": state, "why": why, "count": n} for (state, why), n in reasons.most_common()],
    }


def _print_summary(polled: "Sequence[Polled]", outcomes: "Sequence[Outcome]") -> None:
    rows = [(one.feed, one.result, one.new, one.known, one.due_at, one.problem) for one in polled]
    columns = ("feed", "result", "new", "known", "next poll", "problem")
    show_table(columns, rows, cut=("feed", "problem"), spare=("known",))
    read = sum(one.new + one.known for one in polled)
    settled = Counter(one.settled for one in outcomes)
    copies = f" ({counted(settled['copy'], 'copy')} of others)" if settled["copy"] else ""
    changed = f"{settled['version']} changed, " if settled["version"] else ""
    told(
        f"{counted(len({one.feed for one in polled}), 'feed')} polled, {counted(read, 'entry')} read; "
        f"{counted(settled['new'] + settled['copy'], 'story')} stored{copies}, {changed}{settled['same']} seen again."
    )
    retry = min((one.due_at for one in outcomes if one.due_at), default=None)
    for (state, why), count in Counter((o.state, o.why) for o in outcomes if o.state != "stored").most_common():
        verb = ("waits" if count == 1 else "wait") if state == "pending" else state
        told(f"{counted(count, 'entry')} {verb}: {why}")
    if retry:
        told(f"The first that waits is tried again at {retry:%Y-%m-%dT%H:%M:%SZ}.")


def _print_rechecked(rechecked: "Sequence[Rechecked]") -> None:
    if rechecked:
        results = Counter(one.result for one in rechecked)
        shown = ", ".join(f"{count} {result}" for result, count in results.most_common())
        told(f"{counted(len(rechecked), 'page')} looked at again: {shown}.")
