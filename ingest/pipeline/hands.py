"""Many pieces of work at once, none of which holds up the others."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

LOOK_AGAIN_S = 0.2
"""How long to wait before looking again for what is due."""
RENEW_S = 20.0
"""A third of a lease, so that two renewals may fail."""


def drop(_: object) -> None:
    """What to do with what is of no more use."""


@dataclass(frozen=True)
class Job(Generic[Item, Done]):
    """What is to be done with things that are leased to us."""

    take: Callable[[int, Collection[Item]], Awaitable[Sequence[Item]]]
    """Given the number of free hands and the pieces in work, gives up to so many more."""
    work: Callable[[Item], Awaitable[Done]]
    renew: Callable[[Collection[Item]], Awaitable[None]]
    """Prolongs the leases of the pieces in work; what is in nobody's hands any more is free when its lease ends."""
    leave: Callable[[Collection[Item]], None] = drop
    """Given the pieces that were in work when it broke off; it waits for nothing, since the database may be away."""


async def drain(job: Job[Item, Done], hands: int, keep: Callable[[Done], None] = drop) -> None:
    """Keep up to `hands` pieces in work until there are none to take.

    More are taken once half of those in work are done, and after a moment in any case, so that slow pieces hold up no
    other. When cancelled, or when one piece raises, those in work are cancelled, awaited and left.

    Args:
        keep: called with each outcome as it comes; here none is kept, so that work without end takes no more memory.
    """
    working: dict[asyncio.Future[Done], Item] = {}
    finished = Finished[Done]()
    now = asyncio.get_running_loop().time
    renew_at = now() + RENEW_S
    try:
        while True:
            free = hands - len(working)
            taken = await job.take(free, working.values()) if free else ()
            for item in taken:
                started = asyncio.ensure_future(job.work(item))
                started.add_done_callback(finished.add)
                working[started] = item
            if not working:
                return
            for future in await finished.wait(len(working) // 2 if taken else len(working)):
                keep(future.result())
                del working[future]
            if working and now() >= renew_at:
                await job.renew(working.values())
                renew_at = now() + RENEW_S
    finally:
        for future in working:
            future.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if working:
            job.leave(working.values())


class Finished(Generic[Done]):
    """Pieces that are done, as they come; a wait for many of them costs no more than for one."""

    def __init__(self) -> None:
        self._futures: list[asyncio.Future[Done]] = []
        self._wanted = 0
        self._enough = asyncio.Event()

    def add(self, future: "asyncio.Future[Done]") -> None:
        """Called by the event loop when a piece is done."""
        self._futures.append(future)
        if len(self._futures) >= self._wanted:
            self._enough.set()

    async def wait(self, wanted: int) -> "list[asyncio.Future[Done]]":
        """Those that are done once there are so many, or a moment has passed."""
        self._wanted = max(wanted, 1)
        self._enough.clear()
        if len(self._futures) < self._wanted:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN_S):
                    await self._enough.wait()
        finished, self._futures = self._futures, []
        return finished
