"""The schema's version, and its way to the newest (Alembic, in `migrations/`).

Rule 1: a migration is one transaction, so that a process that dies in it leaves the schema as it was.
Rule 2: processes that start at once migrate once: the first takes the lock, the others find the work done.
Rule 3: whatever the place of a database is to blame for is the user's to mend: a ConfigError.
Rule 4: Alembic is imported only where there is something to migrate, since that takes 0.1 s of every command.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, inspect

from ingest.edge.store.engine import database, opened, path_of, translated
from ingest.errors import ConfigError, StoreError

HEAD = "0013"
"""The newest revision in `migrations/versions`."""

MIGRATIONS = Path(__file__).with_name("migrations")

MISPLACED = ("unable to open database file", "file is not a database", "attempt to write a readonly database")
"""What SQLite says where the path leads to no database that can be ours."""


def upgrade(url: str, make: bool = True) -> str:
    """Bring a database to the newest schema; returns the revision.

    Args:
        make: for whoever writes: makes the database where there is none, and asks whether it may be written.

    Raises:
        ConfigError: the URL cannot be used, there is no database, or its path leads to none that can be ours.
        StoreError: the database is damaged, its disk is full, or its schema is newer than this version.
    """
    checked = database(url)
    with _placed(checked):
        if make:
            _make_room(path_of(checked))
        elif not path_of(checked).exists():
            raise ConfigError(
                f"database {path_of(checked)}: there is none; `ingest run` and `ingest poll` make it, and --database "
                "names another"
            )
        if _seen(checked) != (HEAD, "wal"):
            with _alone(path_of(checked)):
                _set_wal(checked)
                _migrate(checked)
    return HEAD


def schema_problem(url: str) -> str | None:
    """What is wrong with the schema, in one line; None if it is the newest.

    Raises:
        ConfigError: the URL cannot be used.
        StoreError: the database cannot be read.
    """
    checked = database(url)
    if not path_of(checked).exists():
        return f"database {path_of(checked)}: there is none yet; `ingest db upgrade` makes it"
    with translated(checked):
        revision, _ = _seen(checked)
    if revision == HEAD:
        return None
    return f"database {path_of(checked)}: its schema is {revision or 'empty'}, not {HEAD}; run `ingest db upgrade`"


@contextmanager
def _placed(url: URL) -> Iterator[None]:
    """Rule 3."""
    try:
        with translated(url):
            yield
    except StoreError as error:
        if any(sign in str(error.__cause__) for sign in MISPLACED):
            raise ConfigError(str(error)) from error
        raise


def _make_room(file: Path) -> None:
    with _folder_told(file, "made"):
        file.parent.mkdir(parents=True, exist_ok=True)
    for place in (file.parent, file):
        if place.exists() and not os.access(place, os.W_OK):
            raise ConfigError(
                f"database {file}: {place} may not be written; mend its permissions or name another place"
            )


def _seen(url: URL) -> tuple[str | None, str]:
    """The revision and the log mode."""
    with opened(url, "upkeep") as connection:
        return _revision(connection), str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())


def _revision(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" in tables:
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if tables:
        raise ConfigError(
            f"database {connection.engine.url.database}: it belongs to another program, with tables such as "
            f"{tables[0]}; name another file"
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
                f"database {path_of(url)}: its schema {revision} is newer than this version of Ingest, which "
                f"knows up to {HEAD}; install the newer version, or name another database"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _set_wal(url: URL) -> None:
    with opened(url, "upkeep") as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keep other starting processes out: SQLite does not wait for its lock when the log mode is switched.

    It is the folder that is locked, since opening and closing the file itself would drop SQLite's own locks.
    """
    with _folder_told(file, "read"):
        descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        with _folder_told(file, "locked"):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _folder_told(file: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"database {file}: its folder cannot be {what} ({error.strerror}); name another place"
        ) from error
