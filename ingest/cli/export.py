"""`ingest export`: stories, their changes, or their pages for other tools, streamed: nothing is held but one page of
the database, and what its format gathers.
"""

import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

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
from ingest.cli.progress import along
from ingest.core.amounts import counted
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.edge.export import Write
    from ingest.model import Announcement, RawPage, Story, StoryFilter
    from ingest.ports import Store
    from ingest.settings import Settings

T = TypeVar("T")
Report = Callable[[int], None]

CHANGES = 500
"""A page of the database, as of stories."""


class Format(StrEnum):
    """What stories can be written as."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    text = "text"
    warc = "warc"


BINARY = (Format.parquet, Format.warc)


@dataclass(frozen=True)
class Asked:
    """What somebody wants."""

    form: Format
    where: "StoryFilter"
    until_seq: int | None
    changes: bool
    partition: bool
    output: Path | None

    @property
    def is_seen(self) -> bool:
        """Whether it runs over the terminal itself."""
        return self.output is None and sys.stdout.isatty()


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(export)


def export(
    format_: Annotated[
        Format,
        typer.Option("--format", help="jsonl, csv, parquet, text (a document a story), or warc (the kept pages)."),
    ] = Format.jsonl,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    feed: OfFeed = None,
    lang: Language = None,
    query: Annotated[str | None, typer.Option(help="Only stories that a search finds: see `stories search`.")] = None,
    copies: Copies = True,
    since_seq: Annotated[int, typer.Option(min=0, metavar="N", help="Only what has a higher `seq`.")] = 0,
    until_seq: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Only what has no higher `seq`; default: the last one now.")
    ] = None,
    changes: Annotated[bool, typer.Option("--changes", help="Changes in their order, with their stories.")] = False,
    partition: Annotated[
        bool, typer.Option("--partition", help="With parquet: a folder for each day of publication, in PATH.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="PATH", help="A file; for text and days a folder; default: stdout."),
    ] = None,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Write stories for other tools, in the order of their `seq`.

    It ends at the `seq` that was the last as it began, so that no story comes twice. What changes meanwhile lies behind
    that: who remembers the last `seq` goes on there with --since-seq.

    Example: ingest export --format text --since 2024-01-19 -o documents/
    """
    settings = load(config, database)
    where = select(since, until, tag, feed, lang, copies).model_copy(update={"after_seq": since_seq})
    if query is not None:
        from ingest.core.search.query import parse

        where = where.model_copy(update={"query": parse(query)})
    asked = Asked(format_, where, until_seq, changes, partition, output)
    _check(asked)
    try:
        count, last = complete(_export(settings, asked))
    except BrokenPipeError:  # who reads has enough: as what other tools are ended by
        raise typer.Exit(128 + signal.SIGPIPE) from None
    what = "change" if changes else "page" if format_ is Format.warc else "story"
    told(f"{counted(count, what)} written{f' to {output}' if output else ''}, up to seq {last}.")


def _check(asked: Asked) -> None:
    """Refuse what makes no sense together."""
    where = asked.where
    if asked.changes and asked.form is not Format.jsonl:
        raise ConfigError(f"--changes are written as jsonl, not as {asked.form}")
    if asked.changes and (where.since or where.until or where.query or not where.copies):
        raise ConfigError("--changes are narrowed by --since-seq, --feed, --tag and --lang alone; leave out the rest")
    if asked.until_seq is not None and asked.until_seq < where.after_seq:
        raise ConfigError(
            f"--until-seq {asked.until_seq} lies before --since-seq {where.after_seq}; nothing is between"
        )
    if asked.partition and (asked.form is not Format.parquet or asked.output is None):
        raise ConfigError("--partition belongs to --format parquet with -o FOLDER; say both")
    if asked.form in BINARY and asked.is_seen:
        raise ConfigError(f"{asked.form} is nothing to read on a terminal; name a file with -o")
    if asked.form is Format.parquet:
        _require_pyarrow()


def _require_pyarrow() -> None:
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise ConfigError("--format parquet needs pyarrow; install it with `pip install 'news-ingest[parquet]'`")


async def _export(settings: "Settings", asked: Asked) -> tuple[int, int]:
    """How much was written, and up to which `seq`."""
    from ingest.app import open_store

    async with open_store(settings) as store:
        where, last = await of_known_feed(store, asked.where), await store.changes.last()
        await store.changes.expect(where.after_seq)
        last = last if asked.until_seq is None else min(asked.until_seq, last)
        where = where.model_copy(update={"before_seq": last + 1})
        with along("Exporting", where.after_seq, last, is_shown=not asked.is_seen) as report:
            return await _write(store, where, asked, report), last


async def _write(store: "Store", where: "StoryFilter", asked: Asked, report: Report) -> int:
    if asked.changes:
        return await _written(_changes(store, where, report), _lines_of_changes(asked.output))
    stories = _stories(store, where, report)
    if asked.form is Format.warc:
        return await _write_pages(store, stories, asked.output)
    return await _written(stories, _target(asked))


async def _written(source: "AsyncIterator[T]", target: "AbstractContextManager[Write[T]]") -> int:
    count = 0
    with target as write:
        async for thing in source:
            write(thing)
            count += 1
    return count


async def _write_pages(store: "Store", stories: "AsyncIterator[Story]", output: Path | None) -> int:
    remarks: Counter[str] = Counter()
    count = await _written(_pages(store, stories, remarks), _records(output))
    for remark, times in remarks.items():
        told(f"{counted(times, 'story')} {remark}.")
    return count


# What is written


async def _stories(store: "Store", where: "StoryFilter", report: Report) -> "AsyncIterator[Story]":
    async for story in store.stories(where):
        yield story
        report(story.seq)


async def _pages(
    store: "Store", stories: "AsyncIterator[Story]", remarks: Counter[str]
) -> "AsyncIterator[tuple[Story, RawPage]]":
    from ingest.core.render.warc_record import page_url

    async for story in stories:
        page = await store.raw_page(story.id)
        if page is None and story.source == "feed":
            remarks["left out, which were told by their feeds alone"] += 1
        elif page is None:
            remarks["left out, whose pages are kept no more (database.raw_pages)"] += 1
        elif not page_url(story, page):
            remarks["left out, whose pages have no address"] += 1
        else:
            if story.pages > 1:
                remarks["of several pages, of which the first is kept"] += 1
            yield story, page


async def _changes(store: "Store", where: "StoryFilter", report: Report) -> "AsyncIterator[Announcement]":
    from ingest.model import ChangeFilter

    def named(value: str | None) -> tuple[str, ...]:
        return (value,) if value else ()

    narrowed = ChangeFilter(feeds=named(where.feed), tags=named(where.tag), languages=named(where.language))
    position, end, is_end = where.after_seq, where.before_seq or 0, False
    forgone = 0 if position else await store.changes.dropped()
    while not is_end:
        some = await store.changes.after(position, narrowed, CHANGES, forgone)
        for announcement in some.announcements:
            if announcement.change.seq >= end:
                return
            yield announcement
            report(announcement.change.seq)
        position, is_end = some.position, some.is_end or some.position >= end


# Where it is written to


def _target(asked: Asked) -> "AbstractContextManager[Write[Story]]":
    from ingest.core.render import FORMATS
    from ingest.edge.export import folder, stream

    if asked.form is Format.parquet:
        from ingest.edge.export.parquet import by_day, one_file

        return by_day(asked.output) if asked.partition and asked.output else one_file(asked.output)
    form = FORMATS[asked.form]
    if asked.output and form.file_name:
        return folder(asked.output, lambda story: form.render(story).encode(), form.file_name)
    return stream(asked.output, lambda story: form.render(story).encode(), form.header.encode(), form.between.encode())


def _lines_of_changes(output: Path | None) -> "AbstractContextManager[Write[Announcement]]":
    from ingest.core.render.story_json import announcement_line
    from ingest.edge.export import stream

    return stream(output, lambda announcement: f"{announcement_line(announcement)}\n".encode())


def _records(output: Path | None) -> "AbstractContextManager[Write[tuple[Story, RawPage]]]":
    from importlib import metadata

    from ingest.core.render.warc_record import member, warc_info, warc_record
    from ingest.edge.clock import SystemClock
    from ingest.edge.export import stream

    info = warc_info(f"ingest/{metadata.version('news-ingest')}", SystemClock().now())
    if output and output.suffix == ".warc":
        return stream(output, lambda told_with: warc_record(*told_with), info)
    return stream(output, lambda told_with: member(warc_record(*told_with)), member(info))
