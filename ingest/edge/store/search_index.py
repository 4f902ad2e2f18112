"""The index that searches go through: which tokens stand in which story, and where.

It is the table `search`, by `rowid` a story's `number`. What it is made of differs by the kind of database, see `fts5`
and `tsvector`. Both are given the tokens of `core.search.tokens` as they are and take none of them apart, so that both
find the same.

Rule 1: a row is written in the transaction of what it is made from.
Rule 2: what lies in FTS5 is taken out by the same tokens. They are made of the story's row, so that `leave` comes
        before that is changed.
"""

from sqlalchemy import Connection, Integer, RowMapping, bindparam, select, update

from ingest.core.search.tokens import indexed
from ingest.edge.store.engine import SearchIndex, kind_of
from ingest.edge.store.search_table import search
from ingest.edge.store.tables import search_state, stories
from ingest.model import Draft, Indexed

IS_THERE = select(search.c.rowid).where(search.c.rowid == bindparam("story", type_=Integer))


def of(connection: Connection) -> SearchIndex:
    """The index of this kind of database."""
    return kind_of(connection.engine.url).SEARCH


def enter(connection: Connection, number: int, tokens: Indexed) -> None:
    """Make a story findable."""
    index = of(connection)
    connection.execute(index.ENTER, {"story": number, **index.values(tokens)})


def leave(connection: Connection, story: RowMapping) -> None:
    """Undo `enter`, given the story's row as it still is; nothing is done where it was never entered."""
    number, index = story["number"], of(connection)
    if has(connection, number):
        tokens = indexed(story["title"], story["text"], story["summary"])
        connection.execute(index.LEAVE, {"story": number, **index.values(tokens)})


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
