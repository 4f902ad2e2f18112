"""A query as conditions on stories."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, not_, or_, select

from ingest.core.hashtags.spelling import tag_key
from ingest.core.search.tokens import Term, term
from ingest.edge.store import search_index
from ingest.edge.store.search_index import search
from ingest.edge.store.tables import stories, story_hashtags
from ingest.model import Query

SHOWN_AT = func.coalesce(stories.c.published_at, stories.c.first_seen_at)
"""When a story was published; where that is unknown, first seen."""


def conditions(query: Query) -> list[ColumnElement[bool]]:
    """Of a story that a query lets through."""
    wanted, unwanted = terms(query.wanted.words), terms(query.unwanted.words)
    which = facts(query)
    if wanted:
        which.append(_found(wanted, unwanted))
    elif unwanted:
        which += [not_(_found([each], [])) for each in unwanted]
    return which


def facts(query: Query) -> list[ColumnElement[bool]]:
    """The same but for its words."""
    wanted, unwanted = query.wanted, query.unwanted
    which = [_tagged(tag) for tag in wanted.tags] + [not_(_tagged(tag)) for tag in unwanted.tags]
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


def _tagged(tag: str) -> ColumnElement[bool]:
    return stories.c.id.in_(select(story_hashtags.c.story_id).where(story_hashtags.c.key == tag_key(tag)))
