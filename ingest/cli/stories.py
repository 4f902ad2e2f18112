"""`ingest stories`: what is stored, and how it is taken down."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.hits import show_hits
from ingest.cli.options import (
    DEFAULT_CONFIG,
    AsJson,
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
from ingest.cli.output import say, show_facts, show_json, show_table, told
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.model import Hit, Query, Story, StoryFilter, Version
    from ingest.settings import Settings

LONGEST_REASON = 500

app = typer.Typer(help="Read what is stored, or take it down.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_stories(
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 20,
    since: Since = None,
    until: Until = None,
    tag: Tag = None,
    feed: OfFeed = None,
    lang: Language = None,
    copies: Copies = True,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """The newest stories, the last stored first.

    Example: ingest stories list --tag Iran --limit 5
    """
    settings = load(config, database)
    stories = complete(_newest(settings, select(since, until, tag, feed, lang, copies), limit))
    if as_json:
        from ingest.core.render.story_json import story_dict

        show_json([story_dict(story) for story in stories])
        return
    from ingest.core.render.remark import remark

    columns = ("published", "id", "site", "lang", "title", "remark", "hashtags")
    show_table(
        columns,
        [(one.published_at, one.id, one.site, one.language, one.title, remark(one), _tags(one)) for one in stories],
        cut=("site", "title", "hashtags"),
        spare=("hashtags", "site", "lang"),
    )


def _tags(story: "Story") -> str:
    return " ".join(f"#{one.tag}" for one in story.hashtags)


async def _newest(settings: "Settings", where: "StoryFilter", limit: int) -> "list[Story]":
    from ingest.app import open_store

    async with open_store(settings) as store:
        known = await of_known_feed(store, where)
        return [story async for story in store.stories(known, newest_first=True, limit=limit)]


@app.command(context_settings={"ignore_unknown_options": True})  # -word is no option
def search(
    query: Annotated[list[str], typer.Argument(help="What to search for, as told above.", metavar="QUERY")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the best first.")] = 20,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Stories that are found by their words, the best first.

    All words must stand in a story's title or text, in any form of case and accents; "two words" in quotation marks
    follow one another; -word must not stand there. tag:Iran, lang:de and site:example.org narrow, several languages or
    sites to any of them, and - before them excludes. since:2024-01-19 and until:2024-01-21 bound the day of
    publication; after: and before: leave their day out.

    Example: ingest stories search 'rain "heavy snow" -sport lang:en since:2024-01-19'
    """
    from ingest.core.search.query import parse

    hits, waiting = complete(_search(load(config, database), parse(" ".join(query)), limit))
    if waiting:
        told(f"{waiting:,} stories of an earlier version are not searched yet; `ingest db upgrade` sees to it.")
    show_hits(hits, as_json)


async def _search(settings: "Settings", query: "Query", limit: int) -> "tuple[list[Hit], int]":
    from ingest.app import open_store
    from ingest.model import StoryFilter

    async with open_store(settings) as store:
        return await store.search.find(query, StoryFilter(), limit), await store.search.waiting()


@app.command()
def show(
    story: Annotated[str, typer.Argument(help="A story's id, or any URL that it is known under.")],
    versions: Annotated[bool, typer.Option("--versions", help="List its versions, with when each was read.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="With --versions: what each changed, by paragraphs.")] = False,
    as_json: AsJson = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """One story, whole.

    Example: ingest stories show https://example.org/news/a
    """
    if diff and not versions:
        raise ConfigError("--diff belongs to --versions; say both")
    found, texts = complete(_find(load(config, database), story))
    if found is None:
        raise ConfigError(f"there is no story {story!r}; `ingest explain {story}` tells what became of a URL")
    if versions:
        _show_versions(texts, diff, as_json)
        return
    if as_json:
        from ingest.core.render.story_json import story_dict

        show_json(story_dict(found))
        return
    show_facts(
        (
            ("id", found.id),
            ("url", found.url),
            ("title", found.title),
            ("site", found.site),
            ("authors", ", ".join(found.authors)),
            ("language", found.language),
            ("published", found.published_at),
            ("modified", found.modified_at),
            ("first seen", found.first_seen_at),
            *((("withdrawn", found.withdrawn_at),) if found.withdrawn_at else ()),
            *((("version", found.version),) if found.version > 1 else ()),
            *((("copy of", found.duplicate_of),) if found.duplicate_of else ()),
            ("hashtags", " ".join(f"#{one.tag} ({one.source})" for one in found.hashtags)),
            *((("brought back by", found.via),) if found.via else ()),
            *(("seen in", f"{one.feed}: {one.url or one.entry_id}") for one in found.sightings),
        )
    )
    for paragraph in found.text.split("\n\n"):
        say(f"\n{paragraph}")


@app.command()
def delete(
    story: Annotated[str, typer.Argument(help="A story's id, or any URL that it is known under.")],
    reason: Annotated[str, typer.Option(help="Why; kept, and told by `ingest explain`.")] = "",
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Take a story down for good: its text, versions and page are removed, and no feed brings it back.

    Readers and sinks are told that it was deleted; its copies at other publishers stay.

    Example: ingest stories delete 01HMGQ2Z7D8F3K5M9N1P4R6S8T --reason "asked for by the publisher"
    """
    if len(reason) > LONGEST_REASON or (reason and not reason.isprintable()):
        raise ConfigError(f"--reason takes up to {LONGEST_REASON} characters on one line")
    found = complete(_delete(load(config, database), story, reason.strip()))
    if found is None:
        raise ConfigError(f"there is no story {story!r}; `ingest explain {story}` tells what became of it")
    say(f"{found.id} is deleted: {found.title}{f' ({found.url})' if found.url else ''}")


async def _delete(settings: "Settings", reference: str, reason: str) -> "Story | None":
    import datetime as dt

    from ingest.app import open_store, pace_of
    from ingest.core.dedupe.settle import Settle

    async with open_store(settings) as store:
        found = await store.find_story(reference)
        if found is None:
            return None
        settle, now = Settle(pace_of(settings).window), dt.datetime.now(dt.UTC)
        return found if await store.removals.delete(found.id, reason, settle, now) else None


async def _find(settings: "Settings", reference: str) -> "tuple[Story | None, list[Version]]":
    from ingest.app import open_store

    async with open_store(settings) as store:
        found = await store.find_story(reference)
        return found, await store.versions(found.id) if found else []


def _show_versions(texts: "Sequence[Version]", diff: bool, as_json: bool) -> None:
    from ingest.core.render.difference import diff_text
    from ingest.core.render.story_json import version_dict

    changes = [[], *(diff_text(*pair) for pair in pairwise(texts))] if diff else [[] for _ in texts]
    if as_json:
        more = [{"diff": lines} if diff else {} for lines in changes]
        show_json([version_dict(one) | extra for one, extra in zip(texts, more, strict=True)])
        return
    for one, lines in zip(texts, changes, strict=True):
        say(f"{one.version}  read {one.read_at:%Y-%m-%dT%H:%M:%SZ}  {one.title}")
        for line in lines:
            say(f"   {line}")
