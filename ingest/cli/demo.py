"""`ingest demo`: the real daemon against a small newsroom on loopback, with a database that is thrown away."""

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import complete
from ingest.cli.output import CONTROL, say

if TYPE_CHECKING:
    from ingest.demo.newsroom import Newsroom
    from ingest.model import Story
    from ingest.ports import Ports
    from ingest.settings import Settings

LOOK_S = 0.5
"""How often arrived stories are printed."""
RETRY = dt.timedelta(seconds=2)
"""The newsroom's one faltering page is well again at once; nobody should wait a minute to see it."""


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(demo)


def demo(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Of the daemon's web page; default: any free one.")] = 0,
    pace: Annotated[float, typer.Option(min=0, max=3600, help="Seconds from one article to the next.")] = 3.0,
) -> None:
    """Serve a small sample newsroom on loopback, run the daemon against it, and print stories as they arrive.

    Example: ingest demo
    """
    with tempfile.TemporaryDirectory(prefix="ingest-demo-") as folder:
        complete(_demo(Path(folder), port, pace))


async def _demo(folder: Path, port: int, pace_s: float) -> None:
    import asyncio

    from ingest import daemon
    from ingest.cli.logs import configure_logs
    from ingest.demo.newsroom import open_newsroom

    async with open_newsroom(pace_s=pace_s) as newsroom:
        settings = _settings(newsroom, folder, port)
        configure_logs(settings)
        printing: list[asyncio.Task[None]] = []

        def ready(ports: "Ports", url: str) -> None:
            say(f"A newsroom of {len(newsroom.feeds)} feeds is at {newsroom.url}")
            say(f"Ingest watches it, and shows it at {url}")
            say("Stories appear here as they are stored. Ctrl-C ends the demo.\n")
            printing.append(asyncio.create_task(_print_stories(ports, newsroom)))

        try:
            await daemon.run(lambda: settings, os.environ, ready)
        finally:
            for task in printing:
                task.cancel()
            await asyncio.gather(*printing, return_exceptions=True)


def _settings(newsroom: "Newsroom", folder: Path, port: int) -> "Settings":
    from ingest.settings import CollectSettings, DatabaseSettings, FetchSettings, LogSettings, Settings, WebSettings

    return Settings(
        database=DatabaseSettings(url=f"sqlite:///{folder}/demo.db"),
        fetch=FetchSettings(allow_networks=newsroom.networks),
        collect=CollectSettings(retries=(RETRY,)),
        web=WebSettings(port=str(port)),
        log=LogSettings(level="error"),
        feeds=newsroom.feeds,
        folder=folder,
    )


async def _print_stories(ports: "Ports", newsroom: "Newsroom") -> None:
    from ingest.model import StoryFilter

    seq, told = 0, False
    printed: set[str] = set()
    while True:
        arrived = await _all_arrived(ports, newsroom)
        async for story in ports.store.stories(StoryFilter(after_seq=seq)):
            seq = story.seq
            if story.id not in printed:  # else it is another step in its life
                printed.add(story.id)
                _print_story(story)
        if arrived and not told:
            told = True
            say(f"Everything is published: {len(printed)} stories. The page stays up until Ctrl-C.")
        await ports.clock.sleep(LOOK_S)


async def _all_arrived(ports: "Ports", newsroom: "Newsroom") -> bool:
    """Whether everything is out, was listed to a poll, and waits no more."""
    if newsroom.remaining:
        return False
    feeds = await ports.store.feeds()
    seen = all(one.state.polled_at and one.state.polled_at > newsroom.last_issue for one in feeds)
    return seen and not any(one.pending for one in feeds)


def _print_story(story: "Story") -> None:
    bold, dim, plain = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if sys.stdout.isatty() else ("", "", "")
    when = f"{story.published_at:%H:%M:%S}" if story.published_at else "undated"
    title, site, url = (CONTROL.sub("", text) for text in (story.title, story.site, story.url or ""))
    tags = " ".join(f"#{one.tag}" for one in story.hashtags)
    made = "" if story.source == "page" else f" (from the feed: {story.note})"
    sys.stdout.write(f"{bold}{title}{plain}\n  {site} · {story.language or '?'} · {when}{made}\n")
    sys.stdout.write(f"  {tags}\n  {dim}{url}{plain}\n\n")
    sys.stdout.flush()
