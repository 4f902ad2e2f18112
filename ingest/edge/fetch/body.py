"""Reading a body under a limit, as it comes on the wire and as it decodes.

Bytes in flight are bounded as a whole: a body that grows large waits until few others are, with the server's clock
stopped, since it is we who let it wait.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientResponse

from ingest.core.coding import ACCEPTED, BROKEN, OverflowingError, chained, decoders
from ingest.edge.net.urls import place
from ingest.errors import FetchError

LARGE = 1_000_000
"""Bytes from which a body counts as large."""
LARGE_AT_ONCE = 8


@dataclass(frozen=True)
class Limit:
    """How much of a body is wanted."""

    max_bytes: int
    cut: bool = False
    """Whether the beginning of a longer body is enough; otherwise it is refused."""


async def read_body(
    response: ClientResponse, limit: Limit, large: asyncio.Semaphore, deadline: asyncio.Timeout
) -> bytes:
    """The decoded body; raises FetchError where it is too large, coded wrongly, or ends too early."""
    body = bytearray()
    try:
        if not limit.cut and (response.content_length or 0) > limit.max_bytes:
            raise OverflowingError
        async with AsyncExitStack() as stack:
            async for piece in decoded(response, limit.max_bytes):
                was_large = len(body) > LARGE
                body += piece
                if len(body) > limit.max_bytes:
                    raise OverflowingError
                if len(body) > LARGE and not was_large:
                    await stack.enter_async_context(stopped(deadline, large))
    except OverflowingError as error:
        if not limit.cut:
            raise FetchError(
                "too-large", f"{place(response.url)}: the body is over {limit.max_bytes:,} bytes"
            ) from error
    except EOFError as error:
        raise FetchError("reset", f"{place(response.url)}: the body broke off") from error
    except BROKEN as error:
        raise FetchError("protocol", f"{place(response.url)}: the body cannot be decoded: {error}") from error
    return bytes(body[: limit.max_bytes])


def decoded(response: ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    """The body's pieces, as its Content-Encoding says."""
    written = ", ".join(response.headers.getall("Content-Encoding", ()))
    decodes = decoders(written)
    if decodes is None:
        why = f"the body is coded as {written[:100]}, which we cannot read; the server can send {ACCEPTED} or none"
        raise FetchError("protocol", f"{place(response.url)}: {why}")
    return chained(response.content.iter_any(), decodes, max_bytes)


@asynccontextmanager
async def stopped(deadline: asyncio.Timeout, turn: asyncio.Semaphore) -> AsyncIterator[None]:
    """A turn whose wait is not charged to the deadline."""
    loop = asyncio.get_running_loop()
    when = deadline.when()
    began = loop.time()
    deadline.reschedule(None)
    async with turn:
        deadline.reschedule(when and when + loop.time() - began)
        yield
