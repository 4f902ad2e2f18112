"""Changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Rule 1: `id` is the `seq`; who comes again with the last one goes on behind it. Where there was nothing to tell, a bare
        `id` says how far that was, so that a quiet reader has a place to come again to, and does not come too late.
Rule 2: a reader is served page by page from the database. One that does not take what it is sent within a time is
        dropped, and comes again; it costs one page of memory, and holds up nobody.
Rule 3: a stream ends when the service does, when its reader leaves, and when the database refuses.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from ingest.core.render.story_json import announcement_dict
from ingest.errors import LateError, StoreError
from ingest.model import Announced, Announcement, ChangeFilter
from ingest.ports import Ports, Store
from ingest.web.api import examples
from ingest.web.api.errors import documented
from ingest.web.api.news import News
from ingest.web.api.params import LARGEST, StreamStart, mistake
from ingest.web.problem import problem

log = structlog.get_logger("ingest")

PAGE = 50
"""Changes that are read at once."""
BEAT_S = 15.0
"""Silence after which a sign of life is sent: proxies cut what is silent for a minute."""
SEND_WITHIN_S = 30.0
"""How long a reader may take nothing."""
END_WITHIN_S = 1.0
"""How long the end of a stream may take to be sent; the service leaves within some seconds."""
MOST_READERS = 200
"""Streams at once; each may hold a page in memory."""
TOO_MANY = problem(503, f"{MOST_READERS} readers are served already", headers={"Retry-After": "30"})
RETRY_MS = 3000
"""After which a reader that lost its stream comes again."""
SIGN_OF_LIFE = b":\n"
EXAMPLE = {"schema": {"type": "string"}, "example": examples.EVENT}
EVENTS = {"description": "Events, without end", "content": {"text/event-stream": EXAMPLE}}


class StreamCall:
    """The event stream, and how many read it.

    Args:
        leaving: set when the service ends.
    """

    def __init__(self, ports: Ports, leaving: asyncio.Event) -> None:
        self._store = ports.store
        self._news = News(ports.store, ports.clock)
        self._leaving = leaving
        self._readers = asyncio.Semaphore(MOST_READERS)

    def add_to(self, router: APIRouter) -> None:
        """Add this call."""
        responses = {200: EVENTS} | documented(410)
        router.add_api_route("/stories/stream", self.stream, methods=["GET"], response_model=None, responses=responses)

    async def stream(
        self, start: Annotated[StreamStart, Query()], last_event_id: Annotated[str | None, Header()] = None
    ) -> Response:
        """Each change as it comes, as a server-sent event; resumed with `Last-Event-ID`."""
        where = await start.where(self._store)
        begin = _seq(last_event_id) if last_event_id else start.since_seq
        if begin is None:
            begin = await self._store.changes.last()
        first = await self._store.changes.after(begin, where, PAGE)
        return EventStream(self._readers, _events(self._store, self._news, first, where), self._leaving)


def _seq(last_event_id: str) -> int:
    if last_event_id.isdecimal() and last_event_id.isascii() and len(last_event_id) < 20:
        return min(int(last_event_id), LARGEST)
    raise mistake("header", "Last-Event-ID", "is no seq of a change")


async def _events(store: Store, news: News, first: Announced, where: ChangeFilter) -> AsyncGenerator[bytes, None]:
    """All changes from a page on, without end."""
    yield f"retry: {RETRY_MS}\n\n".encode()
    page = first
    while True:
        for announcement in page.announcements:
            yield _event(announcement)
        if not page.announcements or page.position > page.announcements[-1].change.seq:
            yield f"id: {page.position}\n\n".encode()
        if page.is_end:
            await news.beyond(page.position)
        page = await store.changes.after(page.position, where, PAGE)


def _event(announcement: Announcement) -> bytes:
    """JSON is on one line, since it escapes line ends within texts."""
    data = json.dumps(announcement_dict(announcement), ensure_ascii=False, separators=(",", ":"))
    change = announcement.change
    return f"id: {change.seq}\nevent: {change.kind}\ndata: {data}\n\n".encode()


class EventStream(Response):
    """Sends what comes, and signs of life between."""

    media_type = "text/event-stream"

    def __init__(self, readers: asyncio.Semaphore, events: AsyncGenerator[bytes, None], leaving: asyncio.Event) -> None:
        super().__init__(headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._readers = readers
        self._events = events
        self._leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until one of the ends of rule 3."""
        if self._readers.locked():
            await TOO_MANY(scope, receive, send)
            return
        async with self._readers, asyncio.TaskGroup() as tasks:
            ends = [tasks.create_task(_gone(receive)), tasks.create_task(self._leaving.wait())]
            serving = tasks.create_task(self._serve(send))
            await asyncio.wait([serving, *ends], return_when=asyncio.FIRST_COMPLETED)
            for task in (serving, *ends):
                task.cancel()
        if not serving.cancelled() and serving.result():
            return  # the end could not be sent either
        with suppress(TimeoutError):
            async with asyncio.timeout(END_WITHIN_S):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _serve(self, send: Send) -> bool:
        """Returns whether the reader was dropped."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async with aclosing(_with_beats(self._events)) as pieces:
                async for piece in pieces:
                    async with asyncio.timeout(SEND_WITHIN_S):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
        except TimeoutError:
            log.info("stream.dropped", why=f"its reader took nothing for {SEND_WITHIN_S:.0f} s")
            return True
        except (LateError, StoreError) as error:
            log.info("stream.ended", why=str(error))
        return False


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _with_beats(events: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """What comes, and a sign of life whenever nothing has for a while."""
    coming: asyncio.Task[bytes] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(events))
            done, _ = await asyncio.wait([coming], timeout=BEAT_S)
            if done:
                piece, coming = coming.result(), None
                yield piece
            else:
                yield SIGN_OF_LIFE
    finally:
        if coming:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await events.aclose()
