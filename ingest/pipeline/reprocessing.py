"""Kept pages ─ extract ─ tag ─ fingerprint ─ place anew ─► the same story, as it is read today.

Several pages are read at once, and written in the order of the stories' ids, so that one id tells how far a run is.
Only so many are in memory as are being read. What the fetcher gave is all that is needed: nothing is asked again.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Callable

import structlog

from ingest.core.dedupe.settle import Settle
from ingest.core.extract.sites import rules_for
from ingest.core.reprocess import plus, read_kept
from ingest.errors import WorkError
from ingest.model import Draft, KeptPage, Reprocessed, Reprocessing
from ingest.ports import Ports

log = structlog.get_logger("ingest")

HANDS = 16
"""Pages in memory at once."""

Reading = asyncio.Task[Draft | str]
Seen = Callable[[Reprocessed], None]
"""Called with each result as it comes."""


async def reprocess(ports: Ports, run: Reprocessing, seen: Seen) -> Reprocessing:
    """Take a run to its end; one that is cancelled can be taken up again behind the last result."""
    async with contextlib.aclosing(_read(ports, run)) as pages:
        async for page, reading in pages:
            read, now = await reading, ports.clock.now()
            done = await ports.store.reprocessings.write(run, page, read, Settle(ports.pace.window), now)
            ports.mark("reprocess.written")
            if done:
                seen(done)
    return await ports.store.reprocessings.finish(run, ports.clock.now())


async def try_out(ports: Ports, run: Reprocessing, seen: Seen) -> Reprocessing:
    """What a run would come to, each story by itself; nothing is stored."""
    async with contextlib.aclosing(_read(ports, run)) as pages:
        async for page, reading in pages:
            read, now = await reading, ports.clock.now()
            done = await ports.store.reprocessings.try_out(page, read, Settle(ports.pace.window), now)
            run = run.model_copy(update={"position": page.story_id, "tally": plus(run.tally, done)})
            seen(done)
    return run


async def _read(ports: Ports, run: Reprocessing) -> AsyncGenerator[tuple[KeptPage, Reading], None]:
    """The pages before a run, in its order, with their readings, of which so many are under way."""
    ahead: deque[tuple[KeptPage, Reading]] = deque()
    beyond = run.position
    try:
        while True:
            pages = await ports.store.reprocessings.pages(run, beyond, HANDS - len(ahead))
            ahead.extend((page, asyncio.create_task(_draft(ports, page))) for page in pages)
            beyond = pages[-1].story_id if pages else beyond
            if not ahead:
                return
            for _ in range(max(1, len(ahead) - HANDS // 2)):
                yield ahead.popleft()
    finally:
        for _, reading in ahead:
            reading.cancel()
        await asyncio.gather(*(reading for _, reading in ahead), return_exceptions=True)


async def _draft(ports: Ports, page: KeptPage) -> Draft | str:
    try:
        return await ports.pool.run(read_kept, page, rules_for(page.url or "", ports.sites), ports.body_tags)
    except WorkError as error:
        return f"reading the page {error}"
    except Exception as error:  # a defect that one page brings out is told with it, and stops no other
        log.exception("reprocess.defect", story=page.story_id, url=page.url)
        return f"unexpected {type(error).__name__}"
