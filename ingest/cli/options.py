"""What most commands take: where the configuration and the database are, and whether to answer in JSON."""

import os
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from ingest.cli.output import told
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import FeedStatus, StoryFilter
    from ingest.ports import Store
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
    """The settings of a service that asks all enabled feeds; ConfigError where a variable that one needs is not set."""
    from ingest.settings import require_variables

    settings = load(config, database)
    require_variables(settings)
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


async def found(store: "Store", reference: str) -> "FeedStatus":
    """A feed by id, name or URL; ConfigError where there is none."""
    status = await store.find_feed(reference)
    if status is None:
        raise no_feed(reference)
    return status


async def of_known_feed(store: "Store", where: "StoryFilter") -> "StoryFilter":
    """A filter whose feed, by id, name or URL, is there, or was: stories keep the name of one that is removed."""
    from ingest.model import StoryFilter

    if where.feed is None:
        return where
    status = await store.find_feed(where.feed)
    if status:
        return where.model_copy(update={"feed": status.feed.name})
    async for _ in store.stories(StoryFilter(feed=where.feed), limit=1):
        return where
    raise no_feed(where.feed)


def no_feed(reference: str) -> ConfigError:
    """What to say of a feed that is not there."""
    return ConfigError(f"there is no feed {reference!r}; `ingest feeds list` shows those there are")


def select(
    since: str | None, until: str | None, tag: str | None, feed: str | None, lang: str | None, copies: bool = True
) -> "StoryFilter":
    """The filter that a command's options describe; ConfigError for a date that is none."""
    from ingest.core.days import beginning, end
    from ingest.model import StoryFilter

    return StoryFilter(
        tag=tag.lstrip("#") if tag else None,
        feed=feed,
        language=lang.lower() if lang else None,
        since=beginning(since) if since is not None else None,
        until=end(until) if until is not None else None,
        copies=copies,
    )
