"""How fast the pipeline goes, and how its hands are shared."""

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """How the pipeline goes about its work; values from the settings."""

    concurrency: int = 64
    """Entries and feeds in hand at once, each."""
    share: int = 8
    """Of these, as many may be of one publisher: the others wait in the database, where they hold up nobody."""
    heal: bool = False
    """Whether a broken feed is polled where discovery found it."""
    interval_min: dt.timedelta = dt.timedelta(minutes=5)
    interval_max: dt.timedelta = dt.timedelta(hours=24)
    eagerness: float = 3.0
    """Polls an hour of a feed that gives one entry an hour; four times the entries are worth twice the polls."""
    window: dt.timedelta = dt.timedelta(days=14)
    """How far apart a story and its copies may appear."""
    retries: tuple[dt.timedelta, ...] = field(
        default=(dt.timedelta(minutes=1), dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(hours=6))
    )
    """Waits before each further try of a page that failed for now; after the last the feed's content is used."""
    rechecks: tuple[dt.timedelta, ...] = (dt.timedelta(minutes=10), dt.timedelta(hours=1), dt.timedelta(days=1))
    """How long after a story's publication its page is looked at again."""


@dataclass(frozen=True)
class Shares:
    """How the hands are shared, so that no publisher fills them all."""

    each: int = sys.maxsize
    """Pieces of work of one publisher in hand at once."""
    in_hand: Mapping[str, int] = field(default_factory=dict)
    """How many there are already, by publisher."""


UNSHARED = Shares()
"""Whoever comes first takes all."""
