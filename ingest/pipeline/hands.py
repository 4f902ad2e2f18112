"""Many pieces of work at once, none of which holds up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

LOOK_AGAIN_S = 0.2
"""How long to wait before looking again for what is due."""
RENEW_S = 20.0
"""A third of a lease, so that two renewals may fail."""


@dataclass(frozen=True)
class Job(Generic[Item, Done]):
    """What is to be done with things that are leased to us."""

    take: Callable[[int, Collection[Item]], Awaitable[Sequence[Item]]]
    """Given the number of free hands and the pieces in work, gives up to so many more."""
    work: Callable[[Item], Awaitable[Done]]
    renew: Callable[[Collection[Item]], Awaitable[None]]
    """Prolongs the leases of the pieces in work; what is in nobody's hands any more is free when its lease ends."""


async def drain(job: Job[Item, Done], hands: int) -> list[Done]:
    """Keep up to `hands` pieces in work until there are none to take.

    More are taken once half of those in work are done, and after a moment in any case, so that slow pieces hold up no
    other. When cancelled, or when one piece raises, those in work are cancelled and awaited.
    """
    done: list[Done] = []
    working: dict[asyncio.Future[Done], Item] = {}
    now = asyncio.get_running_loop().time
    renew_at = now() + RENEW_S
    try:
        while True:
            free = hands - len(working)
            taken = await job.take(free, working.values()) if free else ()
            working |= {asyncio.ensure_future(job.work(item)): item for item in taken}
            if not working:
                return done
            finished = await _until(set(working), len(working) // 2 if taken else 0)
            done += [future.result() for future in finished]
            working = {future: item for future, item in working.items() if future not in finished}
            if working and now() >= renew_at:
                await job.renew(working.values())
                renew_at = now() + RENEW_S
    finally:
        for future in working:
            future.cancel()
        await asyncio.gather(*working, return_exceptions=True)


async def _until(working: set[asyncio.Future[Done]], few: int) -> set[asyncio.Future[Done]]:
    """Those that are done once no more than `few` are left, or a moment has passed."""
    waiting, deadline = working, asyncio.get_running_loop().time() + LOOK_AGAIN_S
    while len(waiting) > few and (left := deadline - asyncio.get_running_loop().time()) > 0:
        _, waiting = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
    return working - waiting
