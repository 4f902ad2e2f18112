"""`ingest db`: schema migrations and upkeep."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.cli.options import DEFAULT_CONFIG, Config, Database, complete, load
from ingest.cli.output import say, show_facts, told
from ingest.cli.progress import part
from ingest.errors import ConfigError

if TYPE_CHECKING:
    from ingest.settings import Settings

app = typer.Typer(help="Schema migrations and upkeep of the database.", no_args_is_help=True, rich_markup_mode=None)

INDEXED_AT_ONCE = 1_000
"""Stories a transaction of `upgrade`, which may have the database to itself."""


@app.command()
def upgrade(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Bring the database's schema to this version, and older stories into the index of search.

    The daemon does both by itself for SQLite, the second in the background.

    Example: ingest db upgrade
    """
    from ingest.edge import store

    settings = load(config, database)
    store.upgrade(settings.database.url)
    complete(_index(settings))
    say(f"{store.named(settings.database.url)} is of this version.")


async def _index(settings: "Settings") -> None:
    from ingest.app import open_store
    from ingest.core.search.tokens import indexed_each

    async with open_store(settings) as store:
        left = await store.search.waiting()
        while found := await store.search.unindexed(INDEXED_AT_ONCE):
            told(f"Stories that no search finds yet: {left:,}")
            await store.search.index(found, indexed_each(found))
            left = await store.search.waiting()


@app.command()
def check(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Check the database: its pages, its references, and that every entry and story hangs together.

    Example: ingest db check
    """
    from ingest.edge.store import named

    settings = load(config, database)
    problems = complete(_check(settings))
    for problem in problems:
        say(problem)
    if problems:
        raise typer.Exit(1)
    say(f"{named(settings.database.url)} is sound.")


async def _check(settings: "Settings") -> list[str]:
    from ingest.app import open_store

    async with open_store(settings) as store:
        return await store.upkeep.check()


@app.command()
def vacuum(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Give the database's free space back to the disk.

    Example: ingest db vacuum
    """
    settings = load(config, database)
    complete(_vacuum(settings))


async def _vacuum(settings: "Settings") -> None:
    from ingest.app import open_store

    async with open_store(settings) as store:
        await store.upkeep.vacuum()


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="The file to write.", metavar="PATH")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Copy an SQLite database into a file, while the daemon goes on; of PostgreSQL it says how that is done.

    To restore it, stop the daemon and put the file in the place of the database, without -wal and -shm beside it.

    Example: ingest db backup /backup/ingest.db
    """
    if path.exists() and not force:
        raise ConfigError(f"{path} is there already; name another file, or say --force to replace it")
    complete(_back_up(load(config, database), path))
    say(f"{path} holds the database as it was when this began.")


async def _back_up(settings: "Settings", path: Path) -> None:
    from ingest.app import open_store

    async with open_store(settings) as store:
        with part("Copying") as tell:
            await store.upkeep.back_up(path, tell)


@app.command()
def restored(config: Config = DEFAULT_CONFIG, database: Database = None) -> None:
    """Say that this database was restored by other means than `ingest db backup`: readers then notice and begin anew.

    Example: pg_restore --dbname=ingest ingest.dump && ingest db restored
    """
    settings = load(config, database)
    complete(_renew_identity(settings))
    from ingest.edge.store import named

    say(f"{named(settings.database.url)} is another database to its readers from now on; start the daemon anew.")


async def _renew_identity(settings: "Settings") -> None:
    from ingest.app import open_store

    async with open_store(settings) as store:
        await store.upkeep.renew_identity()


@app.command()
def copy(
    to: Annotated[str, typer.Option("--to", envvar="INGEST_COPY_TO", metavar="URL", help="The new database.")],
    config: Config = DEFAULT_CONFIG,
    database: Database = None,
) -> None:
    """Copy everything into a new, empty database, of SQLite or PostgreSQL, and verify it by counts and checksums.

    Stop the daemon before, and start it with the new URL after: what is written meanwhile stays behind. To readers the
    copy is the same database. A URL with a password is better given as INGEST_COPY_TO, where no other user sees it.

    Example: ingest db copy --to postgresql://ingest@db.example/ingest
    """
    rows = complete(_copy(load(config, database), to))
    from ingest.edge.store import named

    show_facts(rows.items())
    say(f"{named(to)} holds the same: {sum(rows.values()):,} rows, verified. Set database.url to it from now on.")
    told("Searches find older stories once the daemon, or `ingest db upgrade`, has entered them in the index there.")


async def _copy(settings: "Settings", to: str) -> Mapping[str, int]:
    import datetime as dt

    from ingest.app import fatal_mark, open_store

    async with open_store(settings, fatal_mark(os.environ.get("INGEST_FAIL_AT", ""))) as store:
        with part("Copying") as tell:
            return await store.upkeep.copy_to(to, dt.datetime.now(dt.UTC), tell)
