"""How far a backfill is, in the log: an event now and then, with its counts, how fast it gets on and what remains."""

import datetime as dt
from collections import Counter

import structlog

from ingest.core.backfill import TOLD_EVERY, headway
from ingest.model import Backfill

log = structlog.get_logger("ingest")

COUNTS = {"found", "fetched", "stored", "seen", "known", "outside", "left", "undated", "pending"}
REASONS = 5
"""The most frequent ones, of what failed."""


class Logged:
    """A backfill that is worked on."""

    def __init__(self, begun: Backfill, now: dt.datetime) -> None:
        self._begun = begun
        self._begun_at = self._told_at = now

    def tell(self, run: Backfill, now: dt.datetime) -> None:
        """Say how it stands, if that was not said a short while ago."""
        if now - self._told_at < TOLD_EVERY:
            return
        self._told_at = now
        counts = run.model_dump(include=COUNTS) | {"failed": sum(run.failed.values())}
        reasons = {"reasons": dict(Counter(run.failed).most_common(REASONS))} if run.failed else {}
        pace = headway(self._begun, run, now - self._begun_at).model_dump(exclude_none=True)
        log.info("backfill.progress", backfill=run.id, feed=run.feed, via=run.via, **counts, **reasons, **pace)
