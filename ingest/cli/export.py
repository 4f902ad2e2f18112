"""`ingest export`: stories for other tools, streamed.

A file is written beside its place and renamed when it is whole, so that no half file is ever taken for one.
"""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import (
    DEFAULT_CONFIG,
    Config,
    Copies,
    Database,
    Language,
    OfFeed,
    Since,
    Tag,
    Until,
    complete,
    load,
    of_known_feed,
    select,
)
from ingest.cli.output import told
from ingest.core.amounts import counted
from ingest.errors import StoreError

if TYPE_CHECKING:
    from ingest.core.render import Format as RenderFormat
    from ingest.model import Story, StoryFilter
    from ingest.settings import Settings


class Format(StrEnum):
    """What stories can be written as."""

    jsonl = "jsonl"
    csv = "csv"
    text = "text"


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(export)


def export(
    format_: Annotated[
        Format, typer.Option("--format", help="jsonl, csv, or text (a document a story).")
    ] = Format.jsonl,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    feed: OfFeed = None,
    lang: Language = None,
    copies: Copies = True,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PATH", help="A file, or for text a folder; default: stdout."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Write stories for other tools, in the order of their `seq`.

    Example: ingest export --format text --since 2024-01-19 -o documents/
    """
    settings = load(config, database)
    count = complete(_export(settings, format_, select(since, until, tag, feed, lang, copies), output))
    told(f"{counted(count, 'story')} written{f' to {output}' if output else ''}.")


async def _export(settings: "Settings", name: str, where: "StoryFilter", output: Path | None) -> int:
    import asyncio

    from ingest.app import open_store
    from ingest.core.render import FORMATS

    form = FORMATS[name]
    async with open_store(settings) as store:
        stories = store.stories(await of_known_feed(store, where))
        if output and form.file_name:
            with _in_words(output):
                await asyncio.to_thread(output.mkdir, parents=True, exist_ok=True)
            return await _to_folder(form, stories, output)
        with _whole_file(output) as stream:
            return await _to_stream(form, stories, stream)


async def _to_stream(form: "RenderFormat", stories: "AsyncIterator[Story]", stream: IO[str]) -> int:
    stream.write(form.header)
    count = 0
    async for story in stories:
        stream.write(form.between * bool(count) + form.render(story))
        count += 1
    return count


async def _to_folder(form: "RenderFormat", stories: "AsyncIterator[Story]", folder: Path) -> int:
    assert form.file_name
    count = 0
    async for story in stories:
        with _whole_file(folder / form.file_name(story)) as stream:
            stream.write(form.render(story))
        count += 1
    return count


@contextmanager
def _whole_file(path: Path | None) -> Iterator[IO[str]]:
    """Where to write: a file that takes its place once it is whole, or stdout."""
    if path is None:
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as stream:
            yield stream
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with _in_words(path):
        try:
            with beside.open("w", encoding="utf-8", newline="") as stream:
                yield stream
            beside.replace(path)
        finally:
            with suppress(OSError):  # where it could not be made, it cannot be looked for either
                beside.unlink()


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; nothing was left there") from error
