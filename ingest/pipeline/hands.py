"""Many pieces of work at once, none of which holds up the others."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Done = TypeVar("Done")

LOOK_AGAIN_S = 0.2
"""How long to wait before looking again for what is due."""


async def drain(
    take: Callable[[int], Awaitable[Sequence[Item]]], work: Callable[[Item], Awaitable[Done]], hands: int
) -> list[Done]:
    """Keep up to `hands` pieces in work until `take` gives none.

    More are taken once half of the hands are free, and after a moment in any case, so that slow pieces hold up no
    other. When cancelled, or when one piece raises, those in work are cancelled and awaited.
    """
    done: list[Done] = []
    working: set[asyncio.Future[Done]] = set()
    try:
        while True:
            free = hands - len(working)
            taken = await take(free) if free else ()
            working |= {asyncio.ensure_future(work(item)) for item in taken}
            if not working:
                return done
            finished = await _until(working, hands // 2 if taken else 0)
            working -= finished
            done += [future.result() for future in finished]
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
