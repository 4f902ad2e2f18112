"""SQLite: connections, and what else only it knows.

Rule 1: the driver begins no transaction by itself. Python's sqlite3 would begin one only before INSERT, UPDATE and
  DELETE, so that reads and savepoints before them lie outside. It is set to autocommit, and each transaction is
  begun here (docs.sqlalchemy.org, "SQLite Transactions").
Rule 2: a transaction that writes says so at once (BEGIN IMMEDIATE). One that reads first and then wants to write is
  refused without a wait if another wrote in between.
Rule 3: what is committed is on the disk (synchronous=FULL), and readers never wait for the writer (WAL).
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from sqlite3 import connect as connect_file
from uuid import uuid4

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from ingest.edge.store import fts5
from ingest.edge.store.access import BUSY_TIMEOUT_MS, READERS, Access
from ingest.errors import ConfigError, StoreError
from ingest.ports import Part

BEGIN: dict[Access, str] = {"write": "BEGIN IMMEDIATE", "read": "BEGIN", "migrate": "BEGIN IMMEDIATE", "upkeep": ""}
"""How a transaction begins; upkeep (VACUUM) works outside of any."""

PRAGMAS: dict[Access, tuple[str, ...]] = {
    "write": ("synchronous=FULL", "foreign_keys=ON"),
    "read": ("query_only=ON",),
    "migrate": ("synchronous=FULL",),  # without foreign keys: a table may have to be made anew
    "upkeep": (),
}

REASONS = {
    "database or disk is full": "the disk is full; make room",
    "database is locked": "another process holds it for long; stop that process or try again",
    "attempt to write a readonly database": "it may not be written; mend the permissions of the file and its folder",
    "unable to open database file": "it cannot be opened; the path must lead to a file that may be read and written",
    "file is not a database": "the file is no SQLite database; name another one",
    "database disk image is malformed": "it is damaged; restore a copy, or save what `sqlite3 FILE .recover` can read",
    "disk I/O error": "the disk fails to read or write; look into the system's log",
    "no such table": "its tables are missing; run `ingest db upgrade`",
}
"""What SQLite says → what it means and what to do."""

MISPLACED = ("unable to open database file", "file is not a database", "attempt to write a readonly database")
"""What SQLite says where the path leads to no database that can be ours."""

MIGRATES_BY_ITSELF = True
SEARCH = fts5

LOOK_EVERY = 10_000
"""Steps of SQLite's machine, some 0.3 ms, after which it is asked whether a read takes too long."""

STEP = 1_000
"""Pages of a backup that are copied before it is told how far it is."""


def checked(url: URL) -> URL:
    """The URL, if it names a file.

    Raises:
        ConfigError: it does not.
    """
    if url.database in (None, "", ":memory:"):
        raise ConfigError(f"the database {name(url)!r} cannot be used; write sqlite:///PATH, a database in a file")
    return url


def name(url: URL) -> str:
    """What messages call the database: its file."""
    return url.database or str(url)


def connect(url: URL, access: Access) -> Engine:
    """An engine for one kind of access; opens nothing yet."""
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_MS / 1000},
        pool_size=READERS if access == "read" else 1,
        max_overflow=0,
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: SqliteConnection, _: ConnectionPoolEntry) -> None:
        for pragma in PRAGMAS[access]:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if BEGIN[access]:
            connection.exec_driver_sql(BEGIN[access])

    return engine


def reason(error: SQLAlchemyError, told: str) -> str:
    """What an error means, and what to do."""
    return next((meaning for sign, meaning in REASONS.items() if sign in told), told)


def is_misplaced(error: BaseException | None) -> bool:
    """Whether there is no database that can be ours where the URL leads, which is the user's to mend."""
    return any(sign in str(error) for sign in MISPLACED)


def limit(connection: Connection, seconds: float) -> None:
    """Break off what is read after so many seconds from now."""
    until = time.monotonic() + seconds
    driver = connection.connection.driver_connection
    assert isinstance(driver, SqliteConnection)
    driver.set_progress_handler(lambda: time.monotonic() > until, LOOK_EVERY)


def is_broken_off(error: SQLAlchemyError) -> bool:
    """Whether `limit` ended it."""
    return isinstance(error, DBAPIError) and str(error.orig) == "interrupted"


def exists(url: URL) -> bool:
    """Whether the file is there."""
    return _path(url).exists()


def make_room(url: URL) -> None:
    """Make the folder, and see that it may be written.

    Raises:
        ConfigError: it may not.
    """
    file = _path(url)
    with _folder_told(file, "made"):
        file.parent.mkdir(parents=True, exist_ok=True)
    for place in (file.parent, file):
        if place.exists() and not os.access(place, os.W_OK):
            raise ConfigError(
                f"database {file}: {place} may not be written; mend its permissions or name another place"
            )


def is_set_up(connection: Connection) -> bool:
    """Whether the log mode is as it should be."""
    return connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@contextmanager
def alone(url: URL) -> Iterator[None]:
    """Keep other starting processes out: SQLite does not wait for its lock when the log mode is switched, as here.

    It is the folder that is locked, since opening and closing the file itself would drop SQLite's own locks.
    """
    file = _path(url)
    with _folder_told(file, "read"):
        descriptor = os.open(file.parent, os.O_RDONLY)
    try:
        with _folder_told(file, "locked"):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        _outside(url, "PRAGMA journal_mode=WAL")
        yield
    finally:
        os.close(descriptor)


def bytes_on_disk(url: URL, connection: Connection) -> int:
    """Size of the database with its log of what is not yet merged."""
    files = (_path(url), Path(f"{_path(url)}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def damage(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong, a line each."""
    found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    lines = [line for line in found if line != "ok"]
    return lines + [
        f"{table} row {row} points to a row of {parent} that is missing" for table, row, parent, _ in orphans
    ]


def vacuum(url: URL) -> None:
    """Give free space back to the disk; needs the database to itself, and room for a copy."""
    _outside(url, "VACUUM", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)")


def back_up(url: URL, path: Path, tell: Part) -> None:
    """Copy the database as it is now, while others write to it, into a file that is there only once it is whole.

    One snapshot is read to the end (WAL): a copy that noticed each write would begin anew with it, for ever.

    Raises:
        ConfigError: the file cannot be made.
        StoreError: the database cannot be read, the copy is not sound, or its disk is full.
    """
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.unlink(missing_ok=True)
        try:
            _copy(url, beside, tell)
            _onto_disk(beside)
            beside.replace(path)
            _onto_disk(path.parent)
        finally:
            for left in (beside, beside.with_name(f"{beside.name}-journal")):
                left.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(f"backup {path}: it cannot be written ({error.strerror}); name another place") from error
    except SqliteError as error:
        why = next((meaning for sign, meaning in REASONS.items() if sign in str(error)), str(error))
        raise StoreError(f"backup {path}: {why}") from error


def _copy(url: URL, path: Path, tell: Part) -> None:
    with closing(connect_file(_path(url), isolation_level=None)) as source:
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_master").fetchone()  # the snapshot begins with the first look
        with closing(connect_file(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # it is brought onto the disk as a whole
            source.backup(copy, pages=STEP, progress=lambda _, left, all_of_it: tell(all_of_it - left, all_of_it))
            copy.execute("PRAGMA journal_mode=DELETE")  # all of it in one file; opening it turns the log on again
            copy.execute("UPDATE identity SET id = ?", [uuid4().hex])
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"backup {path}: the copy is not sound ({found}); `ingest db check` tells more")


def _onto_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(url: URL) -> Path:
    return Path(url.database or "")


def _outside(url: URL, *statements: str) -> None:
    """Of any transaction."""
    engine = connect(url, "upkeep")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    finally:
        engine.dispose()


@contextmanager
def _folder_told(file: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(
            f"database {file}: its folder cannot be {what} ({error.strerror}); name another place"
        ) from error
