"""A poll that shows no entry of the last one: the window was rolled over, and entries may have come and gone unseen.

An entry that a publisher pins is no link to the last poll: it stays while all others pass. It is told by what left
before it: few entries are known, and as many as stood beside them in the last poll are newer than each of them, and
gone. A feed that lists by date drops no newer entry before an older one; one in no order seldom drops just those.
Entries without a date are as old as their first sight, so that those of one poll are the same age.
"""

import datetime as dt
from collections.abc import Iterable

from ingest.model import Document, Entry, FeedState, Gap, WrittenDown

PINNED_MOST = 0.25
"""Of a document: publishers pin one to three of their entries."""


def found_gap(state: FeedState, document: Document | None, written: WrittenDown, now: dt.datetime) -> Gap | None:
    """The span that a document leaves open since the poll before; None where it shows what links it to that.

    Args:
        state: as it was before the poll.
    """
    others = state.window - written.known
    rolled_over = written.new > 0 and others > 0 and (written.known == 0 or written.passed >= others)
    if document is None or not rolled_over or state.succeeded_at is None:
        return None
    return Gap(since=state.succeeded_at, until=_oldest(document.entries, state.succeeded_at, now))


def may_be_pinned(written: WrittenDown) -> bool:
    """Whether so few entries of a document are known that all of them may be pinned."""
    return 0 < written.known <= PINNED_MOST * (written.new + written.known)


def _oldest(entries: Iterable[Entry], since: dt.datetime, now: dt.datetime) -> dt.datetime:
    """The oldest entry that came since; now where none is dated so."""
    dates = (entry.published.at for entry in entries if entry.published)
    return min((date for date in dates if since < date <= now), default=now)
