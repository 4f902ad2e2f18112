"""Searches: which stories a query lets through, and which of them come first.

Of a query with words the newest RANKED matches are ranked: a word that stands in every tenth of a million stories would
take seconds to rank in all, and who asks for news wants what is new.
"""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select, update

from ingest.core.search.snippet import snippet
from ingest.edge.store import querying, reading, search_index
from ingest.edge.store.readers import Readers
from ingest.edge.store.rows import noun
from ingest.edge.store.search_table import search
from ingest.edge.store.subscriptions import Read
from ingest.edge.store.tables import search_state, stories
from ingest.edge.store.writer import Writer
from ingest.model import Hit, Indexed, Query, Story, StoryFilter, Unindexed

RANKED = 5_000

Found = tuple[Story, float]
"""With its rank."""


class SqlSearches:
    """Implements `ports.Searches`."""

    def __init__(self, read: Read, searchers: Readers, writer: Writer) -> None:
        self._read = read
        self._searchers = searchers
        self._writer = writer

    async def find(self, query: Query, where: StoryFilter, limit: int, offset: int = 0) -> list[Hit]:
        query_found = partial(find, query=query, where=where, limit=limit, offset=offset)
        return await self._searchers.made_of(query_found, partial(hits, query=query))

    async def waiting(self) -> int:
        return await self._read(lambda connection: connection.scalar(WAITING) or 0)

    async def unindexed(self, limit: int) -> list[Unindexed]:
        return await self._read(partial(_unindexed, limit=limit))

    async def index(self, found: Sequence[Unindexed], tokens: Sequence[Indexed]) -> None:
        made = {one.number: each for one, each in zip(found, tokens, strict=True)}
        await self._writer.run(partial(_index, made=made))


_BELOW = select(search_state.c.below).scalar_subquery()
WAITING = select(func.count()).where(stories.c.number < _BELOW)
UNINDEXED = (
    select(stories.c.number, stories.c.title, stories.c.text, stories.c.summary)
    .where(stories.c.number < _BELOW)
    .order_by(stories.c.number.desc())
)


def find(connection: Connection, query: Query, where: StoryFilter, limit: int, offset: int) -> list[Found]:
    """The best of what is found."""
    best = _ranked(connection, query, where).limit(limit).offset(offset).subquery()
    of_best = select(stories.c.id, best.c.rank).join_from(best, stories, stories.c.number == best.c.number)
    rows = connection.execute(of_best.order_by(best.c.rank, best.c.place.desc())).all()
    found = {story.id: story for story in reading.of(connection, stories.c.id.in_([row.id for row in rows]), len(rows))}
    return [(found[row.id], row.rank) for row in rows]


def hits(found: Sequence[Found], query: Query) -> list[Hit]:
    """What is shown of it; needs no database."""
    return [Hit(story=one, rank=rank, snippet=snippet(one.text or one.summary, query)) for one, rank in found]


def _ranked(connection: Connection, query: Query, where: StoryFilter) -> Select[tuple[int, float, int]]:
    """The numbers of what is found, with their ranks, the best first; of equals that with the highest `place`."""
    wanted, unwanted = querying.terms(query.wanted.words), querying.terms(query.unwanted.words)
    if not wanted:
        which = querying.conditions(connection, where.model_copy(update={"query": query}))
        unranked = select(stories.c.number, literal(0.0).label("rank"), stories.c.seq.label("place"))
        return unranked.where(*which).order_by(stories.c.seq.desc())
    which, is_few = querying.facts(connection, where, query)
    narrowed = _few(connection, which) if is_few else _many(which, querying.first_since(connection, where, query))
    newest = search_index.of(connection).ranked(wanted, unwanted, narrowed, RANKED).subquery()
    ranked = select(newest.c.number, newest.c.rank, newest.c.number.label("place"))
    return ranked.order_by(newest.c.rank, newest.c.number.desc())


def _few(connection: Connection, which: Sequence[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """Of a row of the index, whose story is one of few: the index is read from the first of them to the last."""
    numbers = select(stories.c.number).where(*which)
    among = numbers.subquery()
    first, last = connection.execute(select(func.min(among.c.number), func.max(among.c.number))).one()
    return [search.c.rowid >= (first or 0), search.c.rowid <= (last or 0), (search.c.rowid + 0).in_(numbers)]


def _many(which: Sequence[ColumnElement[bool]], first: int) -> list[ColumnElement[bool]]:
    """Of a row of the index, whose story is looked at; it is read back to the first of them."""
    its_story = select(stories.c.number).where(stories.c.number == search.c.rowid, *which)
    return [search.c.rowid >= first, its_story.correlate(search).exists()] if which else []


def _unindexed(connection: Connection, limit: int) -> list[Unindexed]:
    rows = connection.execute(UNINDEXED.limit(limit)).mappings()
    return [noun(Unindexed, row) for row in rows]


def _index(connection: Connection, made: Mapping[int, Indexed]) -> None:
    """Stories that are still there and not yet in the index; a renewed one is already (see `steps`)."""
    there = connection.scalars(select(stories.c.number).where(stories.c.number.in_(made))).all()
    for number in there:
        if not search_index.has(connection, number):
            search_index.enter(connection, number, made[number])
    connection.execute(update(search_state).where(search_state.c.below > min(made)).values(below=min(made)))
