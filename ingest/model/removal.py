"""What is taken away, and what is left of it."""

import datetime as dt

from ingest.model.noun import Noun


class Tombstone(Noun):
    """A story that was taken down: nothing brings it back."""

    story_id: str
    deleted_at: dt.datetime
    reason: str
    """In the words of who took it down; empty where none were given."""


class Retention(Noun):
    """How long what is kept stays; None: for ever."""

    raw_pages: dt.timedelta
    changes: dt.timedelta | None = None
    """Those that were superseded, or are of deleted stories."""
    stories: dt.timedelta | None = None
    """From their first sight."""
