"""The schema's version, and its way to the newest (Alembic, in `migrations/`).

Rule 1: a migration is one transaction, so that a process that dies in it leaves the schema as it was.
Rule 2: processes that start at once migrate once: the first takes the lock, the others find the work done.
Rule 3: whatever the place of a database is to blame for is the user's to mend: a ConfigError.
Rule 4: Alembic is imported only where there is something to migrate, since that takes 0.1 s of every command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, inspect

from ingest.edge.store.engine import database, kind_of, name_of, opened, translated
from ingest.errors import ConfigError, StoreError

HEAD = "0019"
"""The newest revision in `migrations/versions`."""

MIGRATIONS = Path(__file__).with_name("migrations")


def ready(url: str, make: bool = True) -> None:
    """See that a database has the newest schema, and bring it there where its kind does so by itself.

    Args:
        make: for whoever writes: makes the database where there is none, and asks whether it may be written.

    Raises:
        ConfigError: the URL cannot be used, there is no database, or its path leads to none that can be ours.
        StoreError: it is damaged, its disk is full, or its schema is another and not brought to the newest here.
    """
    checked = database(url)
    if kind_of(checked).MIGRATES_BY_ITSELF:
        _bring(checked, make)
    else:
        with _placed(checked):
            if problem := _problem(checked):
                raise StoreError(problem)


def upgrade(url: str) -> str:
    """Bring a database to the newest schema; returns the revision.

    Raises:
        ConfigError: as `ready`.
        StoreError: as `ready`.
    """
    _bring(database(url), make=True)
    return HEAD


def schema_problem(url: str) -> str | None:
    """What is wrong with the schema, in one line; None if it is the newest.

    Raises:
        ConfigError: the URL cannot be used.
        StoreError: the database cannot be read.
    """
    checked = database(url)
    if not kind_of(checked).exists(checked):
        return f"database {name_of(checked)}: there is none yet; `ingest db upgrade` makes it"
    with translated(checked):
        return _problem(checked)


def _problem(url: URL) -> str | None:
    with opened(url, "upkeep") as connection:
        revision = _revision(connection)
    if revision == HEAD:
        return None
    return f"database {name_of(url)}: its schema is {revision or 'empty'}, not {HEAD}; run `ingest db upgrade`"


def _bring(url: URL, make: bool) -> None:
    kind = kind_of(url)
    with _placed(url):
        if make:
            kind.make_room(url)
        elif not kind.exists(url):
            raise ConfigError(
                f"database {name_of(url)}: there is none; `ingest run` and `ingest poll` make it, and --database "
                "names another"
            )
        if not _is_newest(url):
            with kind.alone(url):
                _migrate(url)


@contextmanager
def _placed(url: URL) -> Iterator[None]:
    """Rule 3."""
    try:
        with translated(url):
            yield
    except StoreError as error:
        if kind_of(url).is_misplaced(error.__cause__):
            raise ConfigError(str(error)) from error
        raise


def _is_newest(url: URL) -> bool:
    with opened(url, "upkeep") as connection:
        return _revision(connection) == HEAD and kind_of(url).is_set_up(connection)


def _revision(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if tables:
        raise ConfigError(
            f"database {name_of(connection.engine.url)}: it belongs to another program, with tables such as "
            f"{tables[0]}; name another"
        )
    return None


def _migrate(url: URL) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    with opened(url, "migrate") as connection:
        revision = _revision(connection)
        if revision is not None and revision not in known:
            raise StoreError(
                f"database {name_of(url)}: its schema {revision} is newer than this version of Ingest, which "
                f"knows up to {HEAD}; install the newer version, or name another database"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
