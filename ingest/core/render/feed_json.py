"""A feed with its health and state as JSON, without what it is asked with, which may hold secrets."""

import datetime as dt

from ingest.core.cadence import is_pushed
from ingest.core.health import health_of, remarks
from ingest.core.render.story_json import JSON
from ingest.model import FeedStatus, Outage

PRIVATE = {"headers", "cookies", "basic_auth", "bearer_token", "proxy"}
"""What a feed is asked with, and may hold secrets."""


def feed_dict(status: FeedStatus, now: dt.datetime, outage: Outage | None) -> dict[str, JSON]:
    """A feed as what `json` can write.

    Args:
        outage: of our own network, as `Totals` has it.
    """
    said: dict[str, JSON] = {
        "health": health_of(status, now, outage),
        "remarks": list(remarks(status, now)),
        "pushed": is_pushed(status.feed, now),
    }
    return said | status.model_dump(mode="json", exclude={"feed": PRIVATE})
