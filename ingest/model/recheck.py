"""Looking again at what a story was made from."""

import datetime as dt
from typing import Literal

from ingest.model.article import TextSource
from ingest.model.entry import Entry
from ingest.model.feed import Feed
from ingest.model.noun import Noun


class Recheck(Noun):
    """A stored entry that is leased to us, to look at its page again, with what that needs."""

    id: int
    """Of the entry."""
    feed: Feed
    entry: Entry
    """As the feed shows it now."""
    seen_at: dt.datetime
    story_id: str
    source: TextSource
    """Of the story's text."""
    pages: int
    """That it was read from."""
    appeared_at: dt.datetime
    withdrawn: bool
    """Whether the story is marked as withdrawn."""
    missing: bool
    """Whether the last re-check found no page."""
    check_at: dt.datetime
    """What it was due for."""
    edited_at: dt.datetime | None
    """When the feed showed it edited, or when that becomes due."""
    etag: str
    last_modified: str


class Rechecked(Noun):
    """What came of a re-check."""

    entry_id: int
    story_id: str
    result: Literal["unchanged", "changed", "withdrawn", "returned", "missing", "failed", "lost"]
    """`missing`: there is no page, which is believed once it is found again. `lost`: another process does it."""
    why: str = ""
    due_at: dt.datetime | None = None
    """Of the next; None: there is none."""
