"""The way of the data, as plain functions over Ports.

    due feeds ─ fetch ─ parse ─► entries written down (pending)                                poll
    pending entries ─ fetch ─ extract ─ tag ─ fingerprint ─ settle ─ save ─► story, change     collect
    stored entries, some time later or edited ─ fetch ─ read ─► version, withdrawn, or nothing  recheck
    archives ─ ask ─► entries written down (pending), and collected apart                      backfill
    changes ─ filter ─► batch ─ deliver ─► the sink's place, moved on                           deliver

The two hand-overs, the pending entry and the change, are rows in the database. Whatever dies between them is taken up
again from there: each step can be repeated, and every write is one transaction.

Rule 1: what goes wrong with one feed or one entry is written down with it and harms no other.
Rule 2: what the database refuses (StoreError) ends the work, since nothing can be kept.
"""

from collections.abc import Awaitable, Sequence

from ingest.model import Outcome, Polled, Rechecked
from ingest.pipeline.backfilling import backfill, backfill_due
from ingest.pipeline.collecting import collect, collect_due
from ingest.pipeline.delivering import deliver_due
from ingest.pipeline.hands import LOOK_AGAIN_S
from ingest.pipeline.indexing import index_waiting
from ingest.pipeline.polling import poll, poll_due, poll_now
from ingest.pipeline.pruning import prune
from ingest.pipeline.rechecking import recheck_due
from ingest.pipeline.reprocessing import reprocess, try_out
from ingest.pipeline.subscribing import subscribe_due
from ingest.pipeline.surveying import Survey, survey
from ingest.ports import Ports

__all__ = [
    "Survey",
    "backfill",
    "backfill_due",
    "collect",
    "collect_due",
    "deliver_due",
    "index_waiting",
    "poll",
    "poll_and_collect",
    "poll_due",
    "poll_now",
    "prune",
    "recheck_due",
    "reprocess",
    "subscribe_due",
    "survey",
    "try_out",
]


async def poll_and_collect(
    ports: Ports, polling: Awaitable[list[Polled]], feeds: Sequence[int] | None = None
) -> tuple[list[Polled], list[Outcome], list[Rechecked]]:
    """Poll, collect what is due then, wait for what another process has in hand, and do the re-checks that are due.

    What fails for now is not tried again here: it is due later. What was stored here is not looked at again, but what
    the polls show edited is.
    """
    polled = await polling
    begun = ports.clock.now()
    outcomes = await collect_due(ports, feeds, begun)
    while await ports.store.held_elsewhere(ports.clock.now(), feeds):
        await ports.clock.sleep(LOOK_AGAIN_S)
        outcomes += await collect_due(ports, feeds, begun)
    return polled, outcomes, await recheck_due(ports, feeds, begun)
