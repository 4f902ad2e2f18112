"""Twins: feeds that are asked at one address, of which one goes on.

A feed that came to its end for its twin is polled again once that one is watched no more, be it disabled, removed or
gone itself: nobody else would ask at their address.
"""

from sqlalchemy import Connection, and_, or_, select, update

from ingest.edge.store.feeds import ENABLED
from ingest.edge.store.tables import feed_states, feeds

PARTED = "polled again: the feed that it was merged with is watched no more"


def twin_of(connection: Connection, feed_id: int, moved_to: str) -> str:
    """The feed that is asked where this one has moved to; of two that moved there, the older one."""
    there = or_(feeds.c.url == moved_to, and_(feed_states.c.moved_to == moved_to, feeds.c.id < feed_id))
    others = (feeds.c.id != feed_id, ~feeds.c.removed, ENABLED, feed_states.c.ended == "", there)
    twin = select(feeds.c.name).join_from(feeds, feed_states).where(*others).order_by(feeds.c.id)
    return connection.scalar(twin.limit(1)) or ""


def let_go_on(connection: Connection) -> None:
    """Let those go on whose twin goes on no more, the oldest first: it may be the twin of the next."""
    merged = select(feed_states.c.feed_id, feed_states.c.moved_to).where(feed_states.c.ended == "merged")
    for row in connection.execute(merged.order_by(feed_states.c.feed_id)).all():
        if not twin_of(connection, row.feed_id, row.moved_to):
            going_on = update(feed_states).where(feed_states.c.feed_id == row.feed_id)
            connection.execute(going_on.values(ended="", notice=PARTED))
