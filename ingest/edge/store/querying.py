"""A query as conditions on stories.

Rule: what a tag or a feed lets through is asked for in the way that suits its number. Of few stories the ids are looked
      up and put in order; of many, the stories are gone through in order, each asked whether it is one, until the page
      is full. So a page costs the same as they grow.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Select, func, not_, or_, select

from ingest.core.hashtags.spelling import tag_key
from ingest.core.search.tokens import Term, term
from ingest.edge.store import search_index
from ingest.edge.store.search_index import search
from ingest.edge.store.tables import entries, feeds, stories, story_hashtags
from ingest.model import Query

SHOWN_AT = func.coalesce(stories.c.published_at, stories.c.first_seen_at)
"""When a story was published; where that is unknown, first seen."""
FEW = 20_000
"""Of which ids are looked up: that takes some 20 ms."""


def conditions(connection: Connection, query: Query) -> list[ColumnElement[bool]]:
    """Of a story that a query lets through."""
    wanted, unwanted = terms(query.wanted.words), terms(query.unwanted.words)
    which = facts(connection, query)
    if wanted:
        which.append(_found(wanted, unwanted))
    elif unwanted:
        which += [not_(_found([each], [])) for each in unwanted]
    return which


def facts(connection: Connection, query: Query) -> list[ColumnElement[bool]]:
    """The same but for its words."""
    wanted, unwanted = query.wanted, query.unwanted
    which = [tagged(connection, tag) for tag in wanted.tags]
    which += [not_(_is_one_of(_of_tag(tag))) for tag in unwanted.tags]
    if wanted.languages:
        which.append(stories.c.language.in_(wanted.languages))
    if unwanted.languages:
        which.append(or_(stories.c.language.is_(None), stories.c.language.not_in(unwanted.languages)))
    if wanted.sites:
        which.append(stories.c.publisher.in_(wanted.sites))
    if unwanted.sites:
        which.append(stories.c.publisher.not_in(unwanted.sites))
    if query.since is not None:
        which.append(query.since <= SHOWN_AT)
    if query.until is not None:
        which.append(query.until > SHOWN_AT)
    return which


def terms(words: Iterable[str]) -> list[Term]:
    """What is searched for words as they are written."""
    return [found for word in words if (found := term(word))]


def _found(wanted: list[Term], unwanted: list[Term]) -> ColumnElement[bool]:
    return stories.c.number.in_(select(search.c.rowid).where(search_index.matches(wanted, unwanted)))


def tagged(connection: Connection, tag: str) -> ColumnElement[bool]:
    """Of a story that has a tag, however it is written."""
    return _among(connection, _of_tag(tag))


def seen_by(connection: Connection, feed: str) -> ColumnElement[bool]:
    """Of a story that a feed saw."""
    named = entries.c.feed_id.in_(select(feeds.c.id).where(feeds.c.name == feed))
    return _among(connection, select(entries.c.story_id).where(named, entries.c.state == "stored"))


def _of_tag(tag: str) -> Select[str]:
    return select(story_hashtags.c.story_id).where(story_hashtags.c.key == tag_key(tag))


def _among(connection: Connection, ids: Select[str]) -> ColumnElement[bool]:
    count = connection.scalar(select(func.count()).select_from(ids.limit(FEW + 1).subquery())) or 0
    return stories.c.id.in_(ids) if count <= FEW else _is_one_of(ids)


def _is_one_of(ids: Select[str]) -> ColumnElement[bool]:
    """Asked of each story; only one column is chosen."""
    (story_id,) = ids.selected_columns
    return ids.where(story_id == stories.c.id).exists()
