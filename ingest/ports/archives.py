"""The door to archives: ways back to entries that a feed no longer lists."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ingest.model import ArchiveKind, Cursor, Response, Step
from ingest.ports.pool import Pool


class Ask(Protocol):
    """One request, under the politeness of a backfill: after all others, and no faster than its rate."""

    async def __call__(self, url: str, guessed: bool = False) -> Response:
        """The answer, whatever its status.

        Args:
            guessed: nobody named this address, so that robots.txt has a say.

        Raises:
            FetchError: there is no answer, or it may not be asked for.
        """


@dataclass(frozen=True)
class Search:
    """What is looked for, and what there is to look with."""

    feed_url: str
    """Where the feed is asked; empty without a feed."""
    site_url: str
    """The page of the feed's site; empty without a feed."""
    samples: tuple[str, ...]
    """Addresses of articles that the feed has listed: those of other articles look alike."""
    since: dt.datetime | None
    """On or after."""
    until: dt.datetime | None
    """Before."""
    files: tuple[str, ...]
    """Absolute paths of files and folders."""
    now: dt.datetime
    ask: Ask
    pool: Pool
    confidential: bool = False
    """Whether the feed's address is to be told to nobody else: it is asked with secrets, or may hold one in its query,
    and nobody named the archives that are to be asked."""

    def is_before(self, at: dt.datetime) -> bool:
        """Whether a time lies before the range."""
        return self.since is not None and at < self.since

    def is_after(self, at: dt.datetime) -> bool:
        """Whether a time lies behind the range."""
        return self.until is not None and at >= self.until


class Archive(Protocol):
    """One archive, walked in steps: newest first where it can.

    A step asks for little (one page or list), and can be repeated: from one cursor it always leads to the same
    entries, and on; where the archive has changed, to some of them once more, but past none. It may remember what it
    read in this process to spare a request; a cursor alone is enough all the same.
    """

    async def step(self, cursor: Cursor | None) -> Step:
        """The next step from a cursor; from None the first, which finds out whether there is such an archive.

        A part of the archive that cannot be had is left out, and the step tells its fault. Where there is no such
        archive, the step is the end, with a note that says so. So it is where it turns in circles, or has passed the
        beginning of the range.

        Raises:
            FetchError: the archive could not be asked; the step may be tried again.
            ParseError: what it answered cannot be read.
            WorkError: likewise, by a worker that broke down.
        """


Archives = Callable[[ArchiveKind, Search], Archive]
"""Opens an archive."""
