"""Connections to a database: which kind it is, is known here and behind KINDS alone."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, ColumnElement, Connection, Engine, Executable, Select, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from ingest.core.search.tokens import Term
from ingest.edge.store import postgres, sqlite
from ingest.edge.store.access import Access
from ingest.errors import ConfigError, StoreError
from ingest.model import Indexed
from ingest.ports import Part


class SearchIndex(Protocol):
    """What a module knows of the index of search in its kind of database; see `fts5` and `tsvector`."""

    @property
    def ENTER(self) -> Executable: ...  # noqa: N802  # it is a constant there
    @property
    def LEAVE(self) -> Executable: ...  # noqa: N802
    def values(self, tokens: Indexed) -> dict[str, str]: ...
    def matches(self, wanted: Sequence[Term], unwanted: Sequence[Term]) -> ColumnElement[bool]: ...
    def ranked(
        self,
        wanted: Sequence[Term],
        unwanted: Sequence[Term],
        which: Sequence[ColumnElement[bool]],
        newest: int,
    ) -> Select[tuple[int, float]]: ...


class Kind(Protocol):
    """What a module knows of its kind of database; see `sqlite` and `postgres`."""

    MIGRATES_BY_ITSELF: bool

    @property
    def SEARCH(self) -> SearchIndex: ...  # noqa: N802

    def checked(self, url: URL) -> URL: ...
    def name(self, url: URL) -> str: ...
    def connect(self, url: URL, access: Access) -> Engine: ...
    def reason(self, error: SQLAlchemyError, told: str) -> str: ...
    def is_misplaced(self, error: BaseException | None) -> bool: ...
    def limit(self, connection: Connection, seconds: float) -> None: ...
    def is_broken_off(self, error: SQLAlchemyError) -> bool: ...
    def exists(self, url: URL) -> bool: ...
    def make_room(self, url: URL) -> None: ...
    def is_set_up(self, connection: Connection) -> bool: ...
    def alone(self, url: URL) -> AbstractContextManager[None]: ...
    def bytes_on_disk(self, url: URL, connection: Connection) -> int: ...
    def damage(self, connection: Connection) -> list[str]: ...
    def vacuum(self, url: URL) -> None: ...
    def back_up(self, url: URL, path: Path, tell: Part) -> None: ...


KINDS: dict[str, Kind] = {"sqlite": sqlite, "postgresql": postgres}
"""The first part of a URL → its module."""


def kind_of(url: URL) -> Kind:
    """What knows a checked URL's kind of database."""
    return KINDS[url.get_backend_name()]


def database(url: str) -> URL:
    """A checked database URL.

    Raises:
        ConfigError: it is neither `sqlite:///PATH` nor `postgresql://…/DATABASE`.
    """
    try:
        parsed = make_url(f"postgresql{url.removeprefix('postgres')}" if url.startswith("postgres:") else url)
    except ArgumentError as error:
        raise ConfigError(
            f"the database URL {url!r} cannot be read; write sqlite:///PATH or postgresql://USER@HOST/DATABASE"
        ) from error
    if parsed.get_backend_name() not in KINDS:
        shown = parsed.render_as_string(hide_password=True)
        raise ConfigError(
            f"the database {shown!r} cannot be used; write sqlite:///PATH or postgresql://USER@HOST/DATABASE"
        )
    return kind_of(parsed).checked(parsed)


def named(url: str) -> str:
    """What people may be shown of a URL: never its password."""
    return name_of(database(url))


def is_there(url: str) -> bool:
    """Whether there is a database at a URL, as far as that can be known without asking it."""
    checked = database(url)
    return kind_of(checked).exists(checked)


def name_of(url: URL) -> str:
    """What messages call the database of a checked URL."""
    return kind_of(url).name(url)


def connect(url: URL, access: Access) -> Engine:
    """An engine for one kind of access; opens nothing yet."""
    return kind_of(url).connect(url, access)


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
    return StoreError(f"database {name_of(url)}: {kind_of(url).reason(error, told)}")
