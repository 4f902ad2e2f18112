"""The narrow doors between the pipeline and the world. `app` chooses what stands behind them."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ingest.model import Backfill, Outcome, Polled, Rechecked, SiteRules
from ingest.ports.archives import Archive as Archive
from ingest.ports.archives import Archives as Archives
from ingest.ports.archives import Ask as Ask
from ingest.ports.archives import Search as Search
from ingest.ports.backfills import Backfills as Backfills
from ingest.ports.changes import Changes as Changes
from ingest.ports.decisions import Conclude as Conclude
from ingest.ports.decisions import Conclusion as Conclusion
from ingest.ports.decisions import Settle as Settle
from ingest.ports.network import Fetcher as Fetcher
from ingest.ports.network import Outlook as Outlook
from ingest.ports.pace import UNSHARED as UNSHARED
from ingest.ports.pace import Pace as Pace
from ingest.ports.pace import Shares as Shares
from ingest.ports.pool import Pool as Pool
from ingest.ports.rechecks import Rechecks as Rechecks
from ingest.ports.removals import Removals as Removals
from ingest.ports.reprocessings import Reprocessings as Reprocessings
from ingest.ports.sinks import Deliveries as Deliveries
from ingest.ports.sinks import Sink as Sink
from ingest.ports.store import Store as Store
from ingest.ports.subscriptions import Subscriptions as Subscriptions
from ingest.ports.tokens import Tokens as Tokens
from ingest.ports.upkeep import Part as Part
from ingest.ports.upkeep import Upkeep as Upkeep

Cron = Callable[[str, dt.datetime], dt.datetime]
"""The next time of a cron line after a given time."""

Mark = Callable[[str], None]
"""Called with the name of each point at which a crash would be most unkind; tests make it fatal."""


def unmarked(point: str) -> None:
    """The Mark of every run that is not a test of crashes."""


Report = Callable[[Polled | Outcome | Rechecked | Backfill], None]
"""Called with each result as it comes, so that progress can be shown."""


def unreported(result: Polled | Outcome | Rechecked | Backfill) -> None:
    """The Report of who waits for the end."""


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> dt.datetime:
        """The present, aware, in UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


@dataclass(frozen=True)
class Ports:
    """All that the pipeline needs of the world."""

    fetcher: Fetcher
    store: Store
    clock: Clock
    pool: Pool
    cron: Cron
    outlook: Outlook
    archives: Archives
    pace: Pace = field(default_factory=Pace)
    mark: Mark = unmarked
    report: Report = unreported
    sites: Mapping[str, SiteRules] = field(default_factory=dict)
    """Host or registrable domain → what is known of its pages."""
    body_tags: bool = False
    """Whether key phrases of the text are hashtags too."""
    sinks: tuple[Sink, ...] = ()
    """Where changes are delivered to."""
