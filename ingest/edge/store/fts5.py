"""The index of search in SQLite: FTS5 without content, so that no text lies here twice.

What lies in it is taken out by telling it the same tokens again.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    select,
)

from ingest.core.search.tokens import Term
from ingest.edge.store.search_table import search
from ingest.model import Indexed

TITLE_WEIGHT = 8.0
"""Of a word in a title; one in the text has 1."""

_STORY = bindparam("story", type_=Integer)
_TITLE, _TEXT = bindparam("title", type_=Text), bindparam("text", type_=Text)
ENTER = insert(search).values(rowid=_STORY, title=_TITLE, text=_TEXT)
LEAVE = insert(search).values(search="delete", rowid=_STORY, title=_TITLE, text=_TEXT)


def values(tokens: Indexed) -> dict[str, str]:
    """What these statements are given beside the story's number."""
    return {"title": tokens.title, "text": tokens.text}


def matches(wanted: Sequence[Term], unwanted: Sequence[Term]) -> ColumnElement[bool]:
    """The condition on a row of the index."""
    sought = _joined(wanted, " AND ")
    if unwanted:
        sought += f" NOT {_joined(unwanted, ' OR ')}"
    return search.c.search.op("MATCH", is_comparison=True)(sought)


def ranked(
    wanted: Sequence[Term], unwanted: Sequence[Term], which: Sequence[ColumnElement[bool]], newest: int
) -> Select[tuple[int, float]]:
    """`number` and `rank` of the newest matches; the index is read from its newest row back, and stops there."""
    rank = func.bm25(literal_column("search"), TITLE_WEIGHT, 1.0)
    found = select(search.c.rowid.label("number"), rank.label("rank"))
    return found.where(matches(wanted, unwanted), *which).order_by(search.c.rowid.desc()).limit(newest)


def _joined(terms: Iterable[Term], by: str) -> str:
    return f"({by.join(map(_written, terms))})"


def _written(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.is_open else ""}'
