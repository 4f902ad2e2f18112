"""A poll that shows no entry of the last one: the window was rolled over, and entries may have come and gone unseen."""

import datetime as dt
from collections.abc import Iterable

from ingest.model import Document, Entry, FeedState, Gap, WrittenDown


def found_gap(state: FeedState, document: Document | None, written: WrittenDown, now: dt.datetime) -> Gap | None:
    """The span that a document leaves open since the poll before; None where it shows an entry that is known.

    Args:
        state: as it was before the poll.
    """
    rolled_over = document is not None and written.new > 0 and written.known == 0
    if document is None or not rolled_over or not state.window or state.succeeded_at is None:
        return None
    return Gap(since=state.succeeded_at, until=_oldest(document.entries, state.succeeded_at, now))


def _oldest(entries: Iterable[Entry], since: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The oldest entry that came since; now where none is dated so."""
    dates = (entry.published.at for entry in entries if entry.published)
    return min((date for date in dates if since < date <= now), default=now)
