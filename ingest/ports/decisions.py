"""Pure decisions that the store is handed, to take them within its transaction."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.model import Candidate, Draft, FeedState, Gap, Settlement, WrittenDown


class Settle(Protocol):
    """The pure decision about a draft; see `core.dedupe.settle`."""

    @property
    def window(self) -> dt.timedelta:
        """How far apart a story and its copies may appear."""

    def __call__(self, draft: Draft, appeared_at: dt.datetime, candidates: Sequence[Candidate]) -> Settlement:
        """Decide, given when the draft appeared and what the store found for it."""

    def place(self, draft: Draft, appeared_at: dt.datetime, others: Sequence[Candidate]) -> Settlement:
        """Decide of which stories it is a copy, given that it is none of them."""


@dataclass(frozen=True)
class Conclusion:
    """What a poll comes to: the feed's state after it, and the gap that it found."""

    state: FeedState
    gap: Gap | None = None


Conclude = Callable[[WrittenDown], Conclusion]
"""The pure decision about a feed, given what its poll added; see `core.cadence`."""
