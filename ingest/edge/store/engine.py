"""Connections to SQLite: the one place that knows which database it is.

Rule 1: the driver begins no transaction by itself. Python's sqlite3 would begin one only before INSERT, UPDATE and
  DELETE, so that reads and savepoints before them lie outside. It is set to autocommit, and each transaction is
  begun here (docs.sqlalchemy.org, "SQLite Transactions").
Rule 2: a transaction that writes says so at once (BEGIN IMMEDIATE). One that reads first and then wants to write is
  refused without a wait if another wrote in between.
Rule 3: what is committed is on the disk (synchronous=FULL), and readers never wait for the writer (WAL).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Literal

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from ingest.errors import ConfigError, StoreError

BUSY_TIMEOUT_MS = 30_000
"""How long a write waits for another process's transaction, which lasts milliseconds."""

READERS = 4

Access = Literal["write", "read", "migrate", "upkeep"]

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


def database(url: str) -> URL:
    """A checked database URL.

    Raises:
        ConfigError: it is not `sqlite:///PATH`.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(f"the database URL {url!r} cannot be read; write sqlite:///PATH") from error
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        shown = parsed.render_as_string(hide_password=True)
        raise ConfigError(f"the database {shown!r} cannot be used; write sqlite:///PATH, a database in a file")
    return parsed


def path_of(url: URL) -> Path:
    """The file of a checked URL."""
    return Path(url.database or "")


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


@contextmanager
def opened(url: URL, access: Access) -> Iterator[Connection]:
    """One connection, closed at the end; what was not committed is taken back."""
    engine = connect(url, access)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turns what the database library raises into StoreError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise store_error(url, error) from error


def store_error(url: URL, error: SQLAlchemyError) -> StoreError:
    """One line: which database, why it refused, what to do."""
    told = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    reason = next((meaning for sign, meaning in REASONS.items() if sign in told), told)
    return StoreError(f"database {path_of(url)}: {reason}")


def bytes_on_disk(url: URL) -> int:
    """Size of the database with its log of what is not yet merged."""
    files = (path_of(url), Path(f"{path_of(url)}-wal"))
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
    with opened(url, "upkeep") as connection:
        for statement in ("VACUUM", "PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"):
            connection.exec_driver_sql(statement)
