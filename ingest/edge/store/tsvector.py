"""The index of search in PostgreSQL: a `tsvector` under GIN."""

from collections.abc import Iterable, Sequence

from sqlalchemy import (
    Cast,
    ColumnElement,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from ingest.core.search.tokens import Term
from ingest.edge.store.search_table import search
from ingest.model import Indexed

WEIGHTS: ColumnElement[object] = literal_column("'{0.125, 0.125, 0.125, 1}'::real[]")
"""Of a word in a text, and of one in a title, as in `fts5`."""
GAP = 2
"""Places between title and text in a vector, so that no phrase goes over from one to the other."""

_STORY = bindparam("story", type_=Integer)
ENTER = insert(search).values(rowid=_STORY, search=cast(bindparam("vector", type_=Text), TSVECTOR))
LEAVE = delete(search).where(search.c.rowid == _STORY)


def values(tokens: Indexed) -> dict[str, str]:
    """What these statements are given beside the story's number: a tsvector as PostgreSQL reads it.

    No token holds a sign that would have to be escaped.
    """
    title, text = tokens.title.split(), tokens.text.split()
    places: dict[str, list[str]] = {}
    for place, token in enumerate(title, 1):
        places.setdefault(token, []).append(f"{place}A")
    for place, token in enumerate(text, 1 + len(title) + GAP):
        places.setdefault(token, []).append(str(place))
    return {"vector": " ".join(f"'{token}':{','.join(where)}" for token, where in places.items())}


def matches(wanted: Sequence[Term], unwanted: Sequence[Term]) -> ColumnElement[bool]:
    """The condition on a row of the index."""
    return search.c.search.op("@@", is_comparison=True)(_sought(wanted, unwanted))


def ranked(
    wanted: Sequence[Term], unwanted: Sequence[Term], which: Sequence[ColumnElement[bool]], newest: int
) -> Select[tuple[int, float]]:
    """`number` and `rank` of the newest matches.

    Their rows are chosen first and ranked then: PostgreSQL takes a rank for cheap, and would make it of all matches.
    """
    found = select(search.c.rowid).where(matches(wanted, unwanted), *which)
    chosen = found.order_by(search.c.rowid.desc()).limit(newest).subquery("chosen")
    rank = -func.ts_rank_cd(WEIGHTS, search.c.search, _sought(wanted, unwanted))
    return select(chosen.c.rowid.label("number"), rank.label("rank")).join_from(
        chosen, search, search.c.rowid == chosen.c.rowid
    )


def _sought(wanted: Sequence[Term], unwanted: Sequence[Term]) -> Cast[str]:
    sought = _joined(wanted, " & ")
    if unwanted:
        sought += f" & !{_joined(unwanted, ' | ')}"
    return cast(sought, TSQUERY)


def _joined(terms: Iterable[Term], by: str) -> str:
    return f"({by.join(map(_written, terms))})"


def _written(term: Term) -> str:
    phrase = " <-> ".join(f"'{token}'" for token in term.tokens)
    return f"({phrase}{':*' if term.is_open else ''})"
