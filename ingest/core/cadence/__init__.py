"""When to poll a feed next, decided from what was seen. Pure: the state after a poll is a value made of the state
before and of what came.

    rhythm    when a feed publishes, learned from its entries, and what is expected of it
    turns     when it is due next: a fixed interval, a cron line, or the learned wait
    hints     what its server and its document ask for, and how far that is heard
    gaps      entries that were dropped between two polls
    moves     permanent redirects, and feeds that turned out to be one
    failure   how long to wait after which failure; when a feed is broken
    silence   a feed that is silent beyond its rhythm
    words     all that, told to people; meanings: what a failure means to them

There is no chance in it: jitter is a hash of the feed's id and the number of its polls.
"""

from ingest.core.cadence.failure import BACKOFF, Failure, after_failure, is_broken
from ingest.core.cadence.silence import Silence, silence
from ingest.core.cadence.success import Reading, after_success, unasked
from ingest.core.cadence.turns import is_pushed
from ingest.core.cadence.words import told, told_failure

__all__ = [
    "BACKOFF",
    "Failure",
    "Reading",
    "Silence",
    "after_failure",
    "after_success",
    "is_broken",
    "is_pushed",
    "silence",
    "told",
    "told_failure",
    "unasked",
]
