"""What most commands take: where the configuration and the database are, and whether to answer in JSON."""

import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest.cli.output import told
from ingest.errors import ConfigError
from ingest.feed_list import found as found
from ingest.feed_list import of_known_feed as of_known_feed

if TYPE_CHECKING:
    from ingest.model import StoryFilter
    from ingest.settings import Settings

Result = TypeVar("Result")

Config = Annotated[
    Path,
    typer.Option("--config", envvar="INGEST_CONFIG", metavar="DIR", help="Folder of ingest.yaml and feeds.yaml."),
]
Database = Annotated[
    str | None,
    typer.Option("--database", envvar="INGEST_DATABASE_URL", metavar="URL", help="Database; overrides the settings."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="On or after this day or time (UTC).")]
Until = Annotated[
    str | None, typer.Option(metavar="DATE", help="Before this time, or up to the end of this day (UTC).")
]
Tag = Annotated[str | None, typer.Option(help="Only stories with this hashtag.")]
OfFeed = Annotated[str | None, typer.Option("--feed", help="Only stories seen in this feed.")]
Language = Annotated[str | None, typer.Option("--lang", help="Only stories in this language, such as `en`.")]

Copies = Annotated[bool, typer.Option("--copies/--no-copies", help="Whether to show copies of others' stories too.")]

DEFAULT_CONFIG = Path("config")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def load(config: Path, database: str | None) -> "Settings":
    """The settings of a command, with a warning where there are none; ConfigError where something is wrong in them."""
    from ingest.settings import is_empty, load_settings

    settings = load_settings(config, os.environ, database)
    if is_empty(config):
        told(
            f"Warning: {settings.folder} holds neither ingest.yaml nor feeds.yaml, so all settings are the defaults; "
            "--config names another folder."
        )
    return settings


def load_to_ask(config: Path, database: str | None) -> "Settings":
    """The settings of a service that asks all enabled feeds and delivers to all sinks.

    Raises:
        ConfigError: a variable that one of them needs is not set.
    """
    from ingest.settings import require_secrets, require_variables

    settings = load(config, database)
    require_variables(settings)
    require_secrets(settings)
    return settings


def complete(work: Coroutine[object, object, Result]) -> Result:
    """Run a command's work to its end, or until a signal asks for its end.

    Then it is cancelled, gives back what it holds, and the exit status is 128 and the signal's number. asyncio is
    loaded only here, as it takes a quarter of `--help`'s time.
    """
    import asyncio

    async def until_signal() -> Result:
        loop = asyncio.get_running_loop()
        working = asyncio.ensure_future(work)
        came: list[int] = []

        def end(number: int) -> None:
            if not came:  # a second one would cancel what is given back
                working.cancel()
            came.append(number)

        for number in ENDING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                loop.add_signal_handler(number, end, number)
        try:
            return await working
        except asyncio.CancelledError as error:
            raise (typer.Exit(128 + came[0]) if came else error) from None

    return asyncio.run(until_signal())


def select(
    since: str | None, until: str | None, tag: str | None, feed: str | None, lang: str | None, copies: bool = True
) -> "StoryFilter":
    """The filter that a command's options describe; ConfigError for a date that is none."""
    from ingest.core import periods
    from ingest.model import StoryFilter

    try:
        begins = periods.beginning(since) if since is not None else None
        ends = periods.end(until) if until is not None else None
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return StoryFilter(
        tag=tag.lstrip("#") if tag else None,
        feed=feed,
        language=lang.lower() if lang else None,
        since=begins,
        until=ends,
        copies=copies,
    )
