"""A walk along archives, and what it brings back."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from ingest.model.entry import Entry
from ingest.model.noun import Noun
from ingest.model.wire import Response

ArchiveKind = Literal["paged", "wordpress", "sitemap", "wayback", "warc", "urls"]
BackfillState = Literal["running", "stopped", "done", "failed", "cancelled"]

PROVES_NOTHING = frozenset({"wayback"})
"""Archives that hold what was caught: how far back they go says nothing of what lies between."""

Cursor = dict[str, JsonValue]
"""Where the next step of an archive begins; small, and of a shape that the archive alone knows."""


@dataclass(frozen=True)
class Found:
    """An entry that an archive led to."""

    entry: Entry
    """`published` only where the archive repeats what the publisher said; what the archive itself says is `at`."""
    at: dt.datetime | None = None
    """When it appeared, or was last changed or caught, by the archive's word: what counts where the article itself
    tells no date."""
    copy_url: str = ""
    """Where the archive keeps a copy of the page; asked for when the live one is gone."""
    page: Response | None = None
    """The page, where the archive holds it itself: nothing is asked for then."""


@dataclass(frozen=True)
class Step:
    """What one step along an archive brought."""

    found: tuple[Found, ...]
    cursor: Cursor | None
    """None at the end of the archive."""
    outside: int = 0
    """Entries that lie outside of the range by the archive's word."""
    oldest: dt.datetime | None = None
    """The oldest date that was listed, be it outside of the range: how far back the archive goes."""
    note: str = ""
    """What the archive is found to be, or why it ends here, in words for people; of the archive's own steps the last
    that is not empty counts."""
    fault: str = ""
    """Why a part of the archive is missed that another try may bring; the walk goes on behind it."""
    again_after_s: float | None = None
    """The pause that the server of that part asks for, 0 without one, where the step itself may be tried again."""
    gone: str = ""
    """Why a part that the archive names is missed for good: it is there no more."""
    whole: bool = False
    """Whether the archive ends here by its own count: there is nothing behind it, however old it is."""


class BackfillSpec(Noun):
    """What somebody wants to be brought back."""

    feed_id: int | None = None
    """None: what the files hold, whosever it is."""
    since: dt.datetime | None = None
    """On or after; by publication."""
    until: dt.datetime | None = None
    """Before."""
    via: tuple[ArchiveKind, ...]
    """In this order."""
    every: bool = False
    """Whether all of `via` are walked, also when one of them has brought the whole range."""
    files: tuple[str, ...] = ()
    """For `warc` and `urls`: absolute paths."""
    limit: int | None = None
    """Stories at most."""
    rate: float | None = None
    """Requests a minute at most; None: as the usual politeness has it."""
    gap_id: int | None = None
    """The gap that is to be closed; None where people asked."""


class Walked(Noun):
    """How one archive went."""

    via: ArchiveKind
    found: int = 0
    note: str = ""
    oldest: dt.datetime | None = None
    failed: bool = False
    """Whether it was broken off, or a part of it was missed, which `note` tells."""
    broken_at: Cursor | None = None
    """Where a failed one goes on when it is tried again: from the first part that was missed."""
    before: "Walked | None" = None
    """How it stood there."""
    outside: int = 0
    """Entries that lie outside of the range by its word."""
    missed: int = 0
    """Parts that another try may bring."""
    faults: tuple[str, ...] = ()
    """Of the first of these, and of those that are gone."""
    in_succession: int = 0
    """Parts that were missed since one that brought something."""
    gone: int = 0
    """Parts that are there no more."""
    whole: bool = False
    """Whether it ended by its own count."""

    def covers(self, since: dt.datetime) -> bool:
        """Whether it brought all that there is from a time on, as far as it can be known."""
        has_gaps = self.failed or self.gone or self.via in PROVES_NOTHING
        return not has_gaps and (self.whole or (self.oldest is not None and self.oldest <= since))


class Headway(Noun):
    """How fast a backfill gets on."""

    rate: float | None = None
    """Entries a minute that it is done with; None while there is none."""
    remaining_s: float | None = None
    """How long what waits takes at that rate; None while the walk may find more."""


class Backfill(Noun):
    """A walk along archives: what it is for, how far it is, what it brought."""

    id: int
    spec: BackfillSpec
    feed_id: int
    feed: str
    """The feed's name, or that of the hidden feed which stands for none."""
    state: BackfillState
    started_at: dt.datetime
    finished_at: dt.datetime | None = None
    place: int = 0
    """Which of `spec.via` it is at."""
    cursor: Cursor | None = None
    """Within that; None before its first step."""
    walked: tuple[Walked, ...] = ()
    """Of each archive so far."""
    found: int = 0
    """Entries that may lie within the range, by the archives' word."""
    known: int = 0
    """Of these: entries that were stored already, or wait in the feed's own turn."""
    left: int = 0
    """Of these: entries whose article tells a date outside of the range."""
    undated: int = 0
    """Of these: entries whose date nobody tells."""
    outside: int = 0
    """Entries beside these that lie outside of the range by the archives' word."""
    fetched: int = 0
    """Pages of these that were had, from where they lie or from an archive; again with each `--failed`."""
    stored: int = 0
    """Stories that are there now."""
    seen: int = 0
    """Of the entries: another sighting of a story that was known by its address or its text."""
    failed: dict[str, int] = {}
    """Reason → entries that came to nothing."""
    pending: int = 0
    """Entries that are not done yet."""

    @property
    def via(self) -> ArchiveKind | None:
        """The archive that it is at; None behind the last."""
        return self.spec.via[self.place] if self.place < len(self.spec.via) else None

    @property
    def wanted(self) -> int:
        """Entries that there was or is something to do for."""
        return self.found - self.known

    @property
    def is_enough(self) -> bool:
        """Whether as many stories are there as are wanted."""
        return self.spec.limit is not None and self.stored >= self.spec.limit

    @property
    def covers(self) -> bool:
        """Whether an archive brought the whole range, back to its beginning."""
        since = self.spec.since
        return since is not None and any(one.covers(since) for one in self.walked)
