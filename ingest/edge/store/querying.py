"""Which stories a filter and a query let through, as conditions on their rows.

Rule 1: what a story is to have is asked for in the way that suits how many have it. Those of few (`FEW`) are looked up
        by an index and put in order; of many, the stories are gone through in their order, each asked whether it is
        one, until the page is full. So a page costs the same as they grow.
Rule 2: a single language or site of many is gone through by an index that has it in order; no other condition uses an
        index then, or beside few, since SQLite would take any for the best.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, Select, and_, func, not_, or_, select

from ingest.core.hashtags.spelling import tag_key
from ingest.core.search.tokens import Term, term
from ingest.edge.store import search_index
from ingest.edge.store.search_table import search
from ingest.edge.store.tables import entries, feeds, stories, story_hashtags
from ingest.model import Query, StoryFilter

FEW = 10_000
"""Of which all are looked up: that takes some 20 ms, as long as it takes to find a page of as many among a million."""

SOME = 100_000
"""Stories of a span of time that are gone through by an index to know the first of them, in some 10 ms."""

_others = stories.alias("others")


def shown_at(table: FromClause) -> ColumnElement[dt.datetime]:
    """When a story was published; where that is unknown, first seen. An index has it in these words."""
    return func.coalesce(table.c.published_at, table.c.first_seen_at)


class Fact(NamedTuple):
    """Something that stories are to have."""

    key: ColumnElement[Any]
    all_of_it: Select[Any]
    """The keys of all that have it, by an index alone."""
    asked: ColumnElement[bool]
    """Of one story, without an index."""
    in_order: ColumnElement[bool] | None = None
    """The same by an index that has the stories in their order."""


def conditions(connection: Connection, where: StoryFilter) -> list[ColumnElement[bool]]:
    """Of a story that a filter lets through, along `seq`."""
    query = where.query or Query()
    wanted, unwanted = terms(query.wanted.words), terms(query.unwanted.words)
    worded = [_worded(connection, wanted, unwanted)] if wanted else []
    without = [] if wanted else [not_(_worded(connection, [each], []).asked) for each in unwanted]
    which, _ = _planned(connection, [*_wanted(where, query), *worded])
    return [*_placed(where), *which, *_without(query), *without]


def facts(connection: Connection, where: StoryFilter, query: Query) -> tuple[list[ColumnElement[bool]], bool]:
    """What a filter and a query ask for but words, and whether few have it."""
    which, is_few = _planned(connection, list(_wanted(where, query)))
    return [*_placed(where), *which, *_without(query)], is_few


def first_since(connection: Connection, where: StoryFilter, query: Query) -> int:
    """The lowest `number` of the span of time that is asked for; 0 where it is not worth looking for.

    What is new was stored lately, most of it: a search of it need not go on to the first story of all.
    """
    since, until = _span(where, query)
    if since is None:
        return 0
    span = select(stories.c.number).where(*_between(shown_at(stories), since, until)).limit(SOME + 1).subquery()
    count, first = connection.execute(select(func.count(), func.min(span.c.number))).one()
    return first if first and count <= SOME else 0


def terms(words: Iterable[str]) -> list[Term]:
    """What is searched for words as they are written."""
    return [found for word in words if (found := term(word))]


def _placed(where: StoryFilter) -> Iterable[ColumnElement[bool]]:
    if where.after_seq:
        yield stories.c.seq > where.after_seq
    if where.before_seq is not None:
        yield stories.c.seq < where.before_seq
    if not where.copies:
        yield stories.c.duplicate_of.is_(None)


def _planned(connection: Connection, wanted: Sequence[Fact]) -> tuple[list[ColumnElement[bool]], bool]:
    few: list[Fact] = []
    many: list[Fact] = []
    for fact in wanted:
        (few if _count(connection, fact) <= FEW else many).append(fact)
    which: list[ColumnElement[bool]] = [fact.key.in_(fact.all_of_it) for fact in few]
    for fact in many:
        which.append(fact.asked if which or fact.in_order is None else fact.in_order)
    return which, bool(few)


def _count(connection: Connection, fact: Fact) -> int:
    return connection.scalar(select(func.count()).select_from(fact.all_of_it.limit(FEW + 1).subquery())) or 0


def _wanted(where: StoryFilter, query: Query) -> Iterable[Fact]:
    """Those that an index has in order are the first."""
    languages = query.wanted.languages
    if where.language is not None:
        yield _is_any("language", [where.language])
    if languages:
        yield _is_any("language", languages)
    if query.wanted.sites:
        yield _is_any("publisher", query.wanted.sites)
    yield from map(_tagged, [*query.wanted.tags, *([] if where.tag is None else [where.tag])])
    if where.feed is not None:
        named = entries.c.feed_id.in_(select(feeds.c.id).where(feeds.c.name == where.feed))
        yield _held(select(entries.c.story_id).where(named, entries.c.state == "stored"), entries.c.story_id)
    since, until = _span(where, query)
    if since is not None or until is not None:
        yield _shown(since, until)


def _without(query: Query) -> Iterable[ColumnElement[bool]]:
    unwanted = query.unwanted
    yield from (not_(_tagged(tag).asked) for tag in unwanted.tags)
    if unwanted.languages:
        yield or_(stories.c.language.is_(None), stories.c.language.not_in(unwanted.languages))
    if unwanted.sites:
        yield stories.c.publisher.not_in(unwanted.sites)


def _tagged(tag: str) -> Fact:
    """With a tag, however it is written."""
    one = story_hashtags.c
    return _held(select(one.story_id).where(one.key == tag_key(tag)), one.story_id)


def _worded(connection: Connection, wanted: Sequence[Term], unwanted: Sequence[Term]) -> Fact:
    rows = select(search.c.rowid).where(search_index.of(connection).matches(wanted, unwanted))
    if any(one.is_open for one in (*wanted, *unwanted)):  # FTS5 gathers all words that begin so, each time anew
        return Fact(stories.c.number, rows, (stories.c.number + 0).in_(rows))
    return Fact(stories.c.number, rows, rows.where(search.c.rowid == stories.c.number).exists())


def _held(ids: Select[str], story_id: ColumnElement[str]) -> Fact:
    """What lies in another table."""
    return Fact(stories.c.id, ids, ids.where(story_id == stories.c.id).exists())


def _is_any(name: str, values: Sequence[str]) -> Fact:
    column, other = stories.c[name], _others.c[name]
    in_order = column == values[0] if len(values) == 1 else None
    return Fact(stories.c.seq, select(_others.c.seq).where(other.in_(values)), column.concat("").in_(values), in_order)


def _span(where: StoryFilter, query: Query) -> tuple[dt.datetime | None, dt.datetime | None]:
    """Since when, and until when, stories are wanted."""
    since = max((at for at in (where.since, query.since) if at is not None), default=None)
    return since, min((at for at in (where.until, query.until) if at is not None), default=None)


def _shown(since: dt.datetime | None, until: dt.datetime | None) -> Fact:
    others, asked = shown_at(_others), func.coalesce(shown_at(stories), stories.c.first_seen_at)
    all_of_it = select(_others.c.seq).where(*_between(others, since, until))
    return Fact(stories.c.seq, all_of_it, and_(*_between(asked, since, until)))


def _between(
    at: ColumnElement[dt.datetime], since: dt.datetime | None, until: dt.datetime | None
) -> list[ColumnElement[bool]]:
    return [*([] if since is None else [since <= at]), *([] if until is None else [until > at])]
