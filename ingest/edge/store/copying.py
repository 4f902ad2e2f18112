"""A whole database into another, of either kind.

    source, one snapshot ─ table by table, some rows at a time ─► target, one transaction ─ read again ─► COMMIT

Rule 1: who is killed leaves the target as empty as it was; so does whatever is found to differ when it is read again.
Rule 2: identity and numbers move along: to readers it is the same database, and no `seq` or id is given twice.
Rule 3: what belongs to processes (leases, outages) stays behind, and so does the index of search, which each kind of
        database makes in its own way.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import (
    URL,
    Column,
    Connection,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from ingest.edge.store import search_index
from ingest.edge.store.engine import connect, name_of, translated
from ingest.edge.store.leases import FREED, LEASED, Holder
from ingest.edge.store.tables import identity, metadata, outages, search_state, stories
from ingest.errors import ConfigError, StoreError
from ingest.ports import Mark, Part

MOVED = [table for table in metadata.sorted_tables if table not in (search_state, outages)]
"""In the order of their foreign keys."""

ROWS, LARGE_ROWS = 1_000, 20
"""Rows in memory at once; those that hold pages are large."""

Values = dict[str, object]


@dataclass
class Sum:
    """Of rows in whatever order: how many, and the sum of their digests."""

    rows: int = 0
    digests: int = 0

    def add(self, row: Values) -> None:
        """Count one more."""
        told = json.dumps(list(row.values()), sort_keys=True, default=_told)
        digest = hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        self.rows += 1
        self.digests = (self.digests + int.from_bytes(digest)) % 2**128


def copy(source: URL, target: URL, tell: Part, mark: Mark) -> dict[str, int]:
    """Fill an empty database of this schema with all of another; returns the rows of each table.

    Raises:
        ConfigError: the target is not empty.
        StoreError: one of them refused, or they differ in the end.
    """
    read, write = connect(source, "read"), connect(target, "write")
    try:
        with translated(source), read.connect() as giver, translated(target), write.begin() as taker:
            _refuse_unless_empty(taker, target)
            sums = _fill(giver, taker, tell, mark)
            for table in MOVED:
                _set_last(taker, table, _last(giver, table))
            search_index.begin_anew(taker)
            mark("store.copy.filled")
            _verify(taker, target, sums)
            mark("store.copy.verified")
    finally:
        read.dispose()
        write.dispose()
    return {name: one.rows for name, one in sums.items()}


def refuse_while_used(connection: Connection, holder: Holder, now: dt.datetime) -> None:
    """See that no living process holds anything.

    Raises:
        ConfigError: one does.
    """
    for table in LEASED:
        held = (table.c.lease_owner.is_not(None), table.c.lease_until > now)
        for owner in connection.scalars(select(table.c.lease_owner).where(*held).distinct()):
            if holder.alive(owner) is not False:
                raise ConfigError(
                    f"{owner} works on this database: stop the daemon and other commands, or what they write from now "
                    "on would not be in the copy; after one that was killed elsewhere, wait a minute"
                )


def _refuse_unless_empty(connection: Connection, target: URL) -> None:
    for table in MOVED:
        if table is not identity and connection.execute(select(table).limit(1)).first():
            raise ConfigError(
                f"database {name_of(target)}: it is not empty, but has {table.name}; name one that is new, since "
                "nothing is mixed or overwritten"
            )


def _fill(giver: Connection, taker: Connection, tell: Part, mark: Mark) -> dict[str, Sum]:
    sums = {table.name: Sum() for table in MOVED}
    counts = [giver.scalar(select(func.count()).select_from(table)) or 0 for table in MOVED]
    done, in_all = 0, sum(counts)
    taker.execute(delete(identity))
    for table in MOVED:
        with _batches(giver, table) as batches:
            for rows in batches:
                for row in rows:
                    sums[table.name].add(row)
                taker.execute(insert(table), rows)
                done += len(rows)
                tell(done, in_all)
                mark("store.copy.rows")
    return sums


def _verify(taker: Connection, target: URL, sums: dict[str, Sum]) -> None:
    for table in MOVED:
        arrived = Sum()
        with _batches(taker, table) as batches:
            for row in chain.from_iterable(batches):
                arrived.add(row)
        if arrived != sums[table.name]:
            raise StoreError(
                f"database {name_of(target)}: {table.name} arrived otherwise than it left ({arrived.rows} rows of "
                f"{sums[table.name].rows}); nothing was kept of the copy"
            )


@contextmanager
def _batches(connection: Connection, table: Table) -> Iterator[Iterator[list[Values]]]:
    """Some rows at a time, with a cursor of the server's that is closed at the end."""
    size = LARGE_ROWS if any(isinstance(column.type, LargeBinary) for column in table.c) else ROWS
    query = select(table)
    if table is stories:  # the origin of a copy before the copy
        query = query.order_by(stories.c.duplicate_of.is_not(None), stories.c.number)
    with connection.execute(query, execution_options={"yield_per": size}) as result:
        yield ([_portable(table, row) for row in some] for some in result.mappings().partitions())


def _portable(table: Table, row: RowMapping) -> Values:
    """A row without its lease, and without NUL in its texts, which PostgreSQL refuses."""
    values = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in row.items()}
    return values | FREED if table in LEASED else values


def _told(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.blake2b(value).hexdigest()
    assert isinstance(value, dt.date)  # all else is JSON by itself
    return value.isoformat()


def _last(connection: Connection, table: Table) -> int:
    """The last number that a table gave to a row, be it there or not; 0 where it gives none."""
    key = _numbered(table)
    if key is None:
        return 0
    highest = connection.scalar(select(func.max(key))) or 0
    if connection.dialect.name == "sqlite":
        given = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    else:
        given = connection.scalar(text("SELECT pg_sequence_last_value(:name)"), {"name": _sequence(key)})
    return max(highest, given or 0)


def _set_last(connection: Connection, table: Table, last: int) -> None:
    key = _numbered(table)
    if key is None or not last:
        return
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT setval(:name, :last)"), {"name": _sequence(key), "last": last})
    elif table.dialect_options["sqlite"]["autoincrement"]:  # the others number on from what is there
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        values = {"name": table.name, "last": last}
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)


def _numbered(table: Table) -> Column[int] | None:
    """The column that the database numbers itself."""
    key = table.autoincrement_column
    return key if key is not None and isinstance(key.type, Integer) and not key.foreign_keys else None


def _sequence(key: Column[int]) -> str:
    """What PostgreSQL calls what numbers a column."""
    return f"{key.table.name}_{key.name}_seq"
