"""Stories from before there was a search index enter it: step by step, between everything else that is written."""

from ingest.core.search.tokens import indexed_each
from ingest.ports import Ports

STEP = 50
"""Stories a transaction, which then lasts some hundredths of a second."""


async def index_waiting(ports: Ports) -> int:
    """Bring all that wait into the index; returns how many. Who is stopped goes on behind the last step."""
    done = 0
    while found := await ports.store.search.unindexed(STEP):
        await ports.store.search.index(found, await ports.pool.run(indexed_each, found))
        done += len(found)
    return done
