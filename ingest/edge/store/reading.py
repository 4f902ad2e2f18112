"""Stories as they are read: page by page along `seq`, each page with three queries however many stories it has."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, func, or_, select

from ingest.core.dedupe.url import canonical
from ingest.core.packing import decompressed
from ingest.edge.store import querying
from ingest.edge.store.rows import columns, noun
from ingest.edge.store.tables import aliases, changes, entries, feeds, raw_pages, stories, story_hashtags
from ingest.edge.store.tables import versions as earlier
from ingest.model import Change, Hashtag, Life, RawPage, Sighting, Story, StoryFilter, Version

PAGE = 500
"""Stories a page."""


def page(connection: Connection, where: StoryFilter, newest_first: bool, beyond: int | None, limit: int) -> list[Story]:
    """The next stories by `seq`, beyond the last one of the page before."""
    order = stories.c.seq.desc() if newest_first else stories.c.seq
    which = querying.conditions(connection, where)
    if beyond is not None:
        which.append(stories.c.seq < beyond if newest_first else stories.c.seq > beyond)
    return _read(connection, which, order, limit)


def of(connection: Connection, which: ColumnElement[bool], limit: int) -> list[Story]:
    """Stories by `seq`."""
    return _read(connection, [which], stories.c.seq, limit)


def by_id(connection: Connection, story_id: str) -> Story | None:
    """One story."""
    return next(iter(of(connection, stories.c.id == story_id, 1)), None)


def find(connection: Connection, reference: str) -> Story | None:
    """By id or by a URL that it is known under, in whatever spelling."""
    known = select(aliases.c.story_id).where(aliases.c.url_key.in_([reference, canonical(reference)]))
    return by_id(connection, reference) or by_id(connection, connection.scalar(known) or "")


def cluster(connection: Connection, cluster_id: str) -> list[Story]:
    """The stories of a cluster, its origin first, its copies as they appeared."""
    family = or_(stories.c.id == cluster_id, stories.c.duplicate_of == cluster_id)
    order = select(stories.c.id).where(family).order_by(stories.c.id != cluster_id, stories.c.appeared_at, stories.c.id)
    ids = connection.scalars(order).all()
    found = {story.id: story for story in of(connection, stories.c.id.in_(ids), len(ids))}
    return [found[story_id] for story_id in ids]


def versions(connection: Connection, story_id: str) -> list[Version]:
    """The texts of a story, the present one last; each was read when the first change of its version was written."""
    read_at = select(changes.c.version, func.min(changes.c.at).label("at")).where(changes.c.story_id == story_id)
    read = read_at.group_by(changes.c.version).subquery()
    found: list[Version] = []
    for table, of_story in ((earlier, earlier.c.story_id), (stories, stories.c.id)):
        told = select(*columns(table, Version), read.c.at.label("read_at"))
        query = told.join_from(table, read, read.c.version == table.c.version).where(of_story == story_id)
        found += (noun(Version, row) for row in connection.execute(query.order_by(table.c.version)).mappings())
    return found


def life(connection: Connection, story_id: str) -> Life:
    """The changes of a story, and what re-checks its entries had and have before them."""
    steps = select(*columns(changes, Change)).where(changes.c.story_id == story_id).order_by(changes.c.seq)
    looks = select(func.coalesce(func.sum(entries.c.checks), 0), func.min(entries.c.check_at))
    done, look_at = connection.execute(looks.where(entries.c.story_id == story_id)).one()
    found = tuple(noun(Change, row) for row in connection.execute(steps).mappings())
    return Life(changes=found, looks=done, look_at=look_at)


def raw_page(connection: Connection, story_id: str) -> RawPage | None:
    """The kept page as it came."""
    row = connection.execute(select(raw_pages).where(raw_pages.c.story_id == story_id)).mappings().first()
    return noun(RawPage, row, body=decompressed(row["body"])) if row else None


def is_plain(where: StoryFilter) -> bool:
    """Whether a page is a piece of all stories, so that it is read at once."""
    return where.model_copy(update={"after_seq": 0, "before_seq": None}) == StoryFilter()


def _read(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], order: ColumnElement[int], limit: int
) -> list[Story]:
    """They are put in order before their texts are read."""
    page = select(stories.c.seq).where(*conditions).order_by(order).limit(limit)
    told = select(*columns(stories, Story), changes.c.at.label("changed_at"))
    told = told.outerjoin_from(stories, changes, changes.c.seq == stories.c.seq)
    rows = connection.execute(told.where(stories.c.seq.in_(page)).order_by(order)).mappings().all()
    ids = [row["id"] for row in rows]
    tags, sightings = _hashtags(connection, ids), _sightings(connection, ids)
    return [noun(Story, row, hashtags=tags[row["id"]], sightings=sightings[row["id"]]) for row in rows]


def _hashtags(connection: Connection, ids: Sequence[str]) -> dict[str, list[Hashtag]]:
    of: dict[str, list[Hashtag]] = defaultdict(list)
    tag = story_hashtags.c
    for row in connection.execute(
        select(tag.story_id, tag.tag, tag.source).where(tag.story_id.in_(ids)).order_by(tag.story_id, tag.position)
    ).mappings():
        of[row["story_id"]].append(noun(Hashtag, row))
    return of


def _sightings(connection: Connection, ids: Sequence[str]) -> dict[str, list[Sighting]]:
    of: dict[str, list[Sighting]] = defaultdict(list)
    seen = (
        entries.c.guid.label("entry_id"),
        *(entries.c[name] for name in ("url", "seen_at", "via", "copy_url", "why", "story_id")),
    )
    for row in connection.execute(
        select(feeds.c.name.label("feed"), *seen)
        .join_from(entries, feeds)
        .where(entries.c.story_id.in_(ids))
        .order_by(entries.c.seen_at, entries.c.id)
    ).mappings():
        of[row["story_id"]].append(noun(Sighting, row))
    return of
