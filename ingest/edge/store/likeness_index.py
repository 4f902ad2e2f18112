"""The index of likeness: which stored stories share enough of their sketch with a text to be compared with it.

A row is (period, hash, story). Stories that appeared in the same period lie together: a search reads the periods that
the window touches, and what was stored in other times costs it nothing. A hash that very many stories of a period share
(a phrase of everybody, the furniture of a site) tells nothing, and no more rows are kept of it.
"""

import datetime as dt
import json

from sqlalchemy import (
    BigInteger,
    Connection,
    Delete,
    Insert,
    Integer,
    RowMapping,
    String,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import TableValuedAlias

from ingest.core.dedupe.fingerprint import FOUND_BY, SCHEMA_VERSION, fingerprint, is_promising
from ingest.edge.store.tables import shingles, sketches, stories
from ingest.model import Fingerprint

PERIOD = dt.timedelta(days=14)
"""Of the default window: a search reads two or three."""
OFTEN = 48
"""Stories of a period that a hash leads to at most."""
LONG = 5_000
"""Shingles of a text whose sketch is kept: to make it again takes 20 ms, and of a book seconds."""
COMPARED_WITH = 12
"""Stories that share the most, and are compared."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class _Numbers(FunctionElement[int]):
    """The numbers of a list that is given as JSON: one parameter, so that the statement is the same for any length."""

    inherit_cache = True


@compiles(_Numbers)
def _in_sqlite(element: _Numbers, compiler: SQLCompiler, **more: object) -> str:
    return f"json_each({compiler.process(element.clauses, **more)})"


@compiles(_Numbers, "postgresql")
def _in_postgres(element: _Numbers, compiler: SQLCompiler, **more: object) -> str:
    given = compiler.process(element.clauses, **more)
    return f"(SELECT CAST(json_array_elements_text(CAST({given} AS JSON)) AS BIGINT) AS value)"


def _listed(name: str) -> TableValuedAlias:
    return _Numbers(bindparam(name, type_=String)).table_valued(column("value", BigInteger), name=name)


_PERIODS, _HASHES = _listed("periods"), _listed("hashes")
_SHARED = func.count().label("shared")
_SHARING = (
    select(shingles.c.story, _SHARED)
    .where(shingles.c.period.in_(select(_PERIODS.c.value)), shingles.c.hash.in_(select(_HASHES.c.value)))
    .group_by(shingles.c.story)
    .having(_SHARED >= FOUND_BY)
    .order_by(_SHARED.desc(), shingles.c.story)
    .limit(4 * COMPARED_WITH)
    .subquery()
)
SHARING = (
    select(stories.c.id, stories.c.shingles, _SHARING.c.shared)
    .join_from(_SHARING, stories, stories.c.number == _SHARING.c.story)
    .order_by(_SHARING.c.shared.desc(), stories.c.number)
)

_PERIOD, _STORY = bindparam("period", type_=Integer), bindparam("story", type_=Integer)
_SAME = shingles.alias("same")
_LAST_KEPT = (
    select(_SAME.c.story)
    .where(_SAME.c.period == _PERIOD, _SAME.c.hash == _HASHES.c.value)
    .limit(1)
    .offset(OFTEN - 1)
    .correlate(_HASHES)
    .scalar_subquery()
)
ENTER = insert(shingles).from_select(
    ["period", "hash", "story"], select(_PERIOD, _HASHES.c.value, _STORY).where(_LAST_KEPT.is_(None))
)
LEAVE = delete(shingles).where(
    shingles.c.period == _PERIOD, shingles.c.hash.in_(select(_HASHES.c.value)), shingles.c.story == _STORY
)
"""Built once: they run for every story."""


def like(connection: Connection, text: Fingerprint, appeared_at: dt.datetime, window: dt.timedelta) -> list[str]:
    """The ids of stories that are worth comparing, those that share the most first."""
    if not text.sketch:
        return []
    periods = range(period_of(appeared_at - window), period_of(appeared_at + window) + 1)
    sought = {"periods": json.dumps(list(periods)), "hashes": json.dumps(text.sketch)}
    found = connection.execute(SHARING, sought).all()
    return [row.id for row in found if is_promising(text, row.shingles, row.shared)][:COMPARED_WITH]


def enter(connection: Connection, number: int, text: Fingerprint, appeared_at: dt.datetime) -> None:
    """Make a story findable."""
    _change(connection, ENTER, number, text, appeared_at)
    if text.size >= LONG:
        connection.execute(delete(sketches).where(sketches.c.story == number))  # of an earlier version, if any
        connection.execute(insert(sketches), {"story": number, "hashes": list(text.sketch)})


def leave(connection: Connection, number: int, text: Fingerprint, appeared_at: dt.datetime) -> None:
    """Undo `enter`, given the same."""
    _change(connection, LEAVE, number, text, appeared_at)
    if text.size >= LONG:
        connection.execute(delete(sketches).where(sketches.c.story == number))


def entered_by(connection: Connection, story: RowMapping) -> Fingerprint:
    """What a story was entered by, given its row: made again where that takes no time, or where it was not kept yet."""
    if story["shingles"] >= LONG:
        kept = connection.scalar(select(sketches.c.hashes).where(sketches.c.story == story["number"]))
        if kept is not None:
            known = {"text_hash": story["text_hash"], "size": story["shingles"]}
            return Fingerprint(schema_version=SCHEMA_VERSION, sketch=tuple(kept), **known)
    return fingerprint(story["title"], story["text"])


def _change(
    connection: Connection, statement: Insert | Delete, number: int, text: Fingerprint, appeared_at: dt.datetime
) -> None:
    if text.sketch:
        values = {"period": period_of(appeared_at), "story": number, "hashes": json.dumps(text.sketch)}
        connection.execute(statement, values)


def period_of(appeared_at: dt.datetime) -> int:
    """The number of the period that a story appeared in."""
    return (appeared_at - _EPOCH) // PERIOD
