"""What most commands take: where the configuration and the database are, and whether to answer in JSON."""

import datetime as dt
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest.errors import ConfigError

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

DEFAULT_CONFIG = Path("config")


def load(config: Path, database: str | None) -> "Settings":
    """The settings of a command; ConfigError where something is wrong in them."""
    from ingest.settings import load_settings

    return load_settings(config, os.environ, database)


def complete(work: Coroutine[object, object, Result]) -> Result:
    """Run a command's work to its end; asyncio is loaded only then, as it takes a quarter of `--help`'s time."""
    import asyncio

    return asyncio.run(work)


def select(since: str | None, until: str | None, tag: str | None, feed: str | None, lang: str | None) -> "StoryFilter":
    """The filter that a command's options describe; ConfigError for a date that is none."""
    from ingest.model import StoryFilter

    return StoryFilter(
        tag=tag.lstrip("#") if tag else None,
        feed=feed,
        language=lang,
        since=_time(since) if since else None,
        until=_end(until) if until else None,
    )


def _end(text: str) -> dt.datetime:
    """The end of a period, which a day that is named belongs to."""
    end = _time(text)
    return end + dt.timedelta(days=1) if len(text.strip()) == len("2024-01-19") else end


def _time(text: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ConfigError(f"{text!r} is no date; write 2024-01-19 or 2024-01-19T08:30:00Z") from error
    return time if time.tzinfo else time.replace(tzinfo=dt.UTC)
