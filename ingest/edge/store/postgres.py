"""PostgreSQL: connections, and what else only it knows.

Rule 1: transactions that write follow one another, as in SQLite: each takes one lock first, which is let go once its
        commit is visible, and so sees all that was committed before it. Numbers of a sequence are handed out before
        COMMIT: only so does `seq` follow the order of commits, and only so is a story settled among all others.
Rule 2: a transaction that reads has one snapshot (REPEATABLE READ), and never waits.
Rule 3: a process that stops within a transaction is cut off by the server, since it would hold up all others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ingest.edge.store import tsvector
from ingest.edge.store.access import BUSY_TIMEOUT_MS, READERS, Access
from ingest.errors import ConfigError
from ingest.ports import Part

WRITING = 0x1_5E9E_57
"""The lock of who writes; a number that no other program takes by chance."""
IDLE_MS = 60_000
"""Without a statement for so long within a transaction, a process has stopped."""
CONNECT_WITHIN_S = 10

DRIVER = "postgresql+psycopg"

REASONS = {
    "53100": "the server's disk is full; make room",
    "55P03": "another process holds it for long; stop that process or try again",
    "53300": "the server takes no more connections; raise its max_connections",
    "42P01": "its tables are missing; run `ingest db upgrade`",
    "42501": "the user may not do this; grant it the right",
    "28P01": "the server refuses the password; mend it in the URL",
    "28000": "the server refuses this user; mend the URL, or the server's pg_hba.conf",
    "3D000": "there is no such database on the server; make it with `createdb`",
    "57014": "the server broke it off; see its statement_timeout",
    "57P01": "the server is stopping",
    "57P03": "the server is starting or stopping",
    "25006": "it may not be written: the server is read-only",
    "25P03": "this process stopped within a transaction, and the server gave it up",
}
"""What the server says (SQLSTATE) → what it means and what to do."""

BROKEN_OFF = "57014"

MISPLACED = ("28P01", "28000", "3D000")

SEARCH = tsvector
MIGRATES_BY_ITSELF = False
"""Several machines may use it, with different versions of Ingest: who runs it says when."""


def checked(url: URL) -> URL:
    """The URL, for the driver that is installed.

    Raises:
        ConfigError: it names no database.
    """
    if not url.database:
        raise ConfigError(f"the database {name(url)!r} cannot be used; write postgresql://USER@HOST/DATABASE")
    return url.set(drivername=DRIVER)


SECRETS = ("password", "sslpassword")
"""Of what a URL may say beside the address."""


def name(url: URL) -> str:
    """What messages call the database, such that its own tools find it too; never with its password."""
    where = {key: value for key, value in url.query.items() if key not in SECRETS}
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database, where).render_as_string()


def connect(url: URL, access: Access) -> Engine:
    """An engine for one kind of access; opens nothing yet."""
    engine = create_engine(
        url,
        connect_args={"application_name": f"ingest {access}", "connect_timeout": CONNECT_WITHIN_S},
        isolation_level={"read": "REPEATABLE READ", "upkeep": "AUTOCOMMIT"}.get(access, "READ COMMITTED"),
        pool_size=READERS if access == "read" else 1,
        max_overflow=0,
        pool_pre_ping=True,  # a server that was started anew has closed what lies in the pool
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if access in ("write", "migrate"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}")
            connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {IDLE_MS}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")
        elif access == "read":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine


def reason(error: SQLAlchemyError, told: str) -> str:
    """What an error means, and what to do."""
    state = _state(error)
    if state in REASONS:
        return REASONS[state]
    first = told.strip().partition("\n")[0]
    if isinstance(error, DBAPIError) and state is None:
        return f"the server cannot be reached, or broke off ({first}); see that it runs, and that the URL is right"
    return first


def is_misplaced(error: BaseException | None) -> bool:
    """Whether there is no database that can be ours where the URL leads, which is the user's to mend."""
    return isinstance(error, SQLAlchemyError) and _state(error) in MISPLACED


def limit(connection: Connection, seconds: float) -> None:
    """Break off each statement of a transaction after so many seconds."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {round(1000 * seconds)}")


def is_broken_off(error: SQLAlchemyError) -> bool:
    """Whether `limit` ended it."""
    return _state(error) == BROKEN_OFF


def exists(url: URL) -> bool:
    """Making a database is not ours; connecting tells whether there is one."""
    return True


def make_room(url: URL) -> None:
    """There is nothing to make."""


def is_set_up(connection: Connection) -> bool:
    """There is nothing to set up."""
    return True


@contextmanager
def alone(url: URL) -> Iterator[None]:
    """The lock of Rule 1 keeps other processes out of a migration."""
    yield


def bytes_on_disk(url: URL, connection: Connection) -> int:
    """Size of the database."""
    return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


def damage(connection: Connection) -> list[str]:
    """The server guards its own pages and references."""
    return []


def vacuum(url: URL) -> None:
    """Make free space usable again, and renew the statistics; the server does this by itself too."""
    engine = connect(url, "upkeep")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("VACUUM (ANALYZE)")
    finally:
        engine.dispose()


def back_up(url: URL, path: Path, tell: Part) -> None:
    """The server's own tools do this.

    Raises:
        ConfigError: always; it says how.
    """
    shown = name(url)
    raise ConfigError(
        f"{shown} is backed up with PostgreSQL's own tool: pg_dump --format=custom --file={path} '{shown}' (it asks "
        "for the password); after pg_restore run `ingest db restored`, so that readers notice"
    )


def _state(error: SQLAlchemyError) -> str | None:
    orig = error.orig if isinstance(error, DBAPIError) else None
    return getattr(orig, "sqlstate", None) or _told(str(orig))


def _told(message: str) -> str | None:
    """Errors of connecting carry no SQLSTATE: known by their words."""
    words = {
        "password authentication failed": "28P01",
        "no password supplied": "28P01",
        "no pg_hba.conf entry": "28000",
        "too many clients": "53300",
        "the database system is": "57P03",
    }
    if 'database "' in message and "does not exist" in message:
        return "3D000"
    if 'role "' in message and "does not exist" in message:
        return "28000"
    return next((state for sign, state in words.items() if sign in message), None)
