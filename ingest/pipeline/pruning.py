"""What has been kept long enough goes."""

import structlog

from ingest.core.dedupe.settle import Settle
from ingest.model import Retention
from ingest.ports import Ports

log = structlog.get_logger("ingest")


async def prune(ports: Ports, keep: Retention) -> None:
    """Drop what is older than the settings want it kept, in many small transactions."""
    upkeep, now = ports.store.upkeep, ports.clock.now()
    gone = {"raw_pages": await upkeep.prune(now - keep.raw_pages)}
    if keep.stories is not None:
        gone["stories"] = await upkeep.prune_stories(now - keep.stories, Settle(ports.pace.window), now)
    if keep.changes is not None:
        gone["changes"] = await upkeep.prune_changes(now - keep.changes)
    if any(gone.values()):
        log.info("store.pruned", **gone)
