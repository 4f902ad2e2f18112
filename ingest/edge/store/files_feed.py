"""The feed that stands for none: what files bring, whosever it is, was seen in it. Nobody polls it, and no list shows
it."""

import datetime as dt

from sqlalchemy import Connection, insert, select

from ingest.core.naming import FILES
from ingest.edge.store.tables import feed_states, feeds
from ingest.errors import ConfigError
from ingest.model import FeedSpec, FeedState


def files_feed(connection: Connection, now: dt.datetime) -> int:
    """Its id; it is made when it is first needed."""
    row = connection.execute(select(feeds.c.id, feeds.c.origin).where(feeds.c.name == FILES)).first()
    if row is None:
        spec = FeedSpec(url="", name=FILES, interval="24h", enabled=False).model_dump(mode="json")
        own = {"origin": "files", "switched": None, "removed": False}
        feed_id = connection.execute(insert(feeds).returning(feeds.c.id), spec | own).scalar_one()
        state = FeedState(feed_id=feed_id, due_at=now).model_dump() | {"publisher": ""}
        connection.execute(insert(feed_states), state)
        return int(feed_id)
    if row.origin != "files":
        raise ConfigError(f"a feed has the name {FILES!r}, which stands for what files bring; give it another")
    return int(row.id)
