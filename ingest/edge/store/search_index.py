"""The index that searches go through: which tokens stand in which story, and where.

It is the table `search`, by `rowid` a story's `number`: on SQLite FTS5 without content, so that no text lies here
twice; on PostgreSQL a `tsvector` under GIN. Both are given the tokens of `core.search.tokens` as they are and take none
of them apart, so that both find the same.

Rule 1: a row is written in the transaction of what it is made from.
Rule 2: what lies in FTS5 without content is taken out by telling it the same tokens again. They are made of the story's
        row, so that `leave` comes before that is changed.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Executable,
    Integer,
    RowMapping,
    Text,
    bindparam,
    cast,
    column,
    delete,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Float

from ingest.core.search.tokens import Term, indexed
from ingest.edge.store.tables import search_state, stories
from ingest.model import Draft, Indexed

search = table("search", column("rowid", Integer), column("search"), column("title"), column("text"))
"""What both databases have of it; it is no part of the metadata, which declares tables for both alike."""

TITLE_WEIGHT = 8.0
"""Of a word in a title; one in the text has 1."""
GAP = 2
"""Places between title and text in a vector, so that no phrase goes over from one to the other."""

_STORY = bindparam("story", type_=Integer)
_TITLE, _TEXT = bindparam("title", type_=Text), bindparam("text", type_=Text)
ENTER: dict[str, Executable] = {
    "sqlite": insert(search).values(rowid=_STORY, title=_TITLE, text=_TEXT),
    "postgresql": insert(search).values(rowid=_STORY, search=cast(bindparam("vector", type_=Text), TSVECTOR)),
}
LEAVE: dict[str, Executable] = {
    "sqlite": insert(search).values(search="delete", rowid=_STORY, title=_TITLE, text=_TEXT),
    "postgresql": delete(search).where(search.c.rowid == _STORY),
}
IS_THERE = select(search.c.rowid).where(search.c.rowid == _STORY)
"""Built once: they run for every story."""


def enter(connection: Connection, number: int, tokens: Indexed) -> None:
    """Make a story findable."""
    _write(connection, ENTER, number, tokens)


def leave(connection: Connection, story: RowMapping) -> None:
    """Undo `enter`, given the story's row as it still is; nothing is done where it was never entered."""
    number = story["number"]
    if has(connection, number):
        _write(connection, LEAVE, number, indexed(story["title"], story["text"], story["summary"]))


def renew(connection: Connection, before: RowMapping, draft: Draft) -> None:
    """Make a story be found by what a draft makes of it, given its row as it was before."""
    leave(connection, before)
    enter(connection, before["number"], tokens_of(draft))


def tokens_of(draft: Draft) -> Indexed:
    """What a draft's story is found by."""
    article = draft.article
    return draft.tokens or indexed(article.title, article.text, article.summary)


def has(connection: Connection, number: int) -> bool:
    """Whether a story was entered."""
    return connection.scalar(IS_THERE, {"story": number}) is not None


def begin_anew(connection: Connection) -> None:
    """Let all stories wait for the index: where they came here by another way than being saved."""
    last = connection.scalar(select(stories.c.number).order_by(stories.c.number.desc()).limit(1))
    connection.execute(update(search_state).values(below=(last or 0) + 1))


def _write(connection: Connection, statements: dict[str, Executable], number: int, tokens: Indexed) -> None:
    dialect = connection.dialect.name
    values = {"vector": _vector(tokens)} if dialect == "postgresql" else tokens.model_dump()
    connection.execute(statements[dialect], {"story": number, **values})


def _vector(tokens: Indexed) -> str:
    """A tsvector as PostgreSQL reads it; no token holds a sign that would have to be escaped."""
    title, text = tokens.title.split(), tokens.text.split()
    places: dict[str, list[str]] = {}
    for place, token in enumerate(title, 1):
        places.setdefault(token, []).append(f"{place}A")
    for place, token in enumerate(text, 1 + len(title) + GAP):
        places.setdefault(token, []).append(str(place))
    return " ".join(f"'{token}':{','.join(where)}" for token, where in places.items())


class Matches(FunctionElement[bool]):
    """Whether a row of the index has all of some terms, at least one, and none of others.

    Without a type: SQLAlchemy compares a boolean with 1, and then SQLite does not know its MATCH.
    """

    inherit_cache = True


class Rank(FunctionElement[float]):
    """How well a row that matches does so: the lower, the better."""

    type = Float()
    inherit_cache = True


def matches(wanted: Sequence[Term], unwanted: Sequence[Term]) -> Matches:
    """The condition, in the language of each database."""
    return Matches(*_in_both(wanted, unwanted))


def rank(wanted: Sequence[Term], unwanted: Sequence[Term]) -> Rank:
    """The order of what `matches` lets through."""
    return Rank(*_in_both(wanted, unwanted))


def _in_both(wanted: Sequence[Term], unwanted: Sequence[Term]) -> tuple[str, str]:
    fts5 = _joined(map(_fts5, wanted), " AND ")
    vector = _joined(map(_tsquery, wanted), " & ")
    if unwanted:
        fts5 += f" NOT {_joined(map(_fts5, unwanted), ' OR ')}"
        vector += f" & !{_joined(map(_tsquery, unwanted), ' | ')}"
    return fts5, vector


def _joined(terms: Iterable[str], by: str) -> str:
    return f"({by.join(terms)})"


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}'


def _tsquery(term: Term) -> str:
    phrase = " <-> ".join(f"'{token}'" for token in term.tokens)
    return f"({phrase}{':*' if term.is_open else ''})"


@compiles(Matches, "sqlite")
def _matches_sqlite(element: Matches, compiler: SQLCompiler, **options: Any) -> str:  # Any: what compilers pass on
    fts5, _ = element.clauses
    return f"search.search MATCH {compiler.process(fts5, **options)}"


@compiles(Matches, "postgresql")
def _matches_postgresql(element: Matches, compiler: SQLCompiler, **options: Any) -> str:
    _, vector = element.clauses
    return f"search.search @@ CAST({compiler.process(vector, **options)} AS tsquery)"


@compiles(Rank, "sqlite")
def _rank_sqlite(element: Rank, compiler: SQLCompiler, **options: Any) -> str:
    return f"bm25(search, {TITLE_WEIGHT}, 1.0)"


@compiles(Rank, "postgresql")
def _rank_postgresql(element: Rank, compiler: SQLCompiler, **options: Any) -> str:
    _, vector = element.clauses
    least = 1 / TITLE_WEIGHT
    weights = f"'{{{least}, {least}, {least}, 1}}'"
    return f"-ts_rank_cd({weights}, search.search, CAST({compiler.process(vector, **options)} AS tsquery))"
