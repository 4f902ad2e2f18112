"""Where a broken feed may have gone: what a look on its site says about it.

Rule 1: a broken feed is looked for once a day.
Rule 2: a feed found under the same title is polled there if the user wants feeds healed; else it is proposed.
Rule 3: what failed at the old address is not charged to the new: the feed is no longer broken, and waits for its poll.
"""

import datetime as dt
from urllib.parse import urljoin

from ingest.core.cadence.failure import is_broken
from ingest.model import Document, Feed, FeedState

SEEK_EVERY = dt.timedelta(days=1)


def is_sought(state: FeedState, now: dt.datetime) -> bool:
    """Whether it is time to look for a feed."""
    return is_broken(state, now) and (state.sought_at is None or now - state.sought_at >= SEEK_EVERY)


def site_of(feed: Feed, state: FeedState) -> str:
    """Where to look."""
    return state.site_url or urljoin(feed.url, "/")


def found(state: FeedState, url: str, document: Document, heal: bool, now: dt.datetime) -> FeedState:
    """The state once a feed was found at another address of the site."""
    same = bool(state.title) and document.title.casefold() == state.title.casefold()
    if heal and same:
        moved = {"moved_to": url, "proposal": "", "due_at": now, "etag": "", "last_modified": "", "body_hash": ""}
        uncharged = {"failures": 0, "failing_since": None, "failure": "", "problem": "not asked there yet"}
        notice = f"was broken; its site names {url}, with the same title, and it is asked there"
        return state.model_copy(update={"sought_at": now, "notice": notice, **moved, **uncharged})
    how = "under the same title" if same else f"under the title {document.title!r}"
    notice = f"broken; its site names {url}, {how}: if that is it, change its address"
    return state.model_copy(update={"sought_at": now, "notice": notice, "proposal": url})


def not_found(state: FeedState, now: dt.datetime) -> FeedState:
    """The state once nothing else was found."""
    return state.model_copy(update={"sought_at": now})
