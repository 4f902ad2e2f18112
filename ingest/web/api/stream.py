"""Changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

Rule 1: `id` is the `seq`; who comes again with the last one goes on behind it. Where there was nothing to tell, a bare
        `id` says how far that was, so that a quiet reader has a place to come again to, and does not come too late.
Rule 2: a reader is served page by page from the database. One that does not take what it is sent within a time is
        dropped, and comes again; it costs one page of memory, and holds up nobody.
Rule 3: a stream ends when the service does, when its reader leaves or may not read any more, as with a token that was
        revoked, when the database refuses, and after a time: nothing lasts for ever. Who comes again goes on by the id.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from functools import partial
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response
from starlette.types import Receive, Scope, Send

from ingest.core.render.story_json import announcement_dict
from ingest.errors import LateError, StoreError
from ingest.model import Announced, Announcement, ChangeFilter
from ingest.ports import Clock, Ports, Store
from ingest.web.api import examples
from ingest.web.api.errors import documented
from ingest.web.api.news import News
from ingest.web.api.params import LARGEST, StreamStart, mistake
from ingest.web.api.places import Places, Taken
from ingest.web.guard import LET_IN, Pass

log = structlog.get_logger("ingest")

PAGE = 50
"""Changes that are read at once."""
BEAT_S = 15.0
"""Silence after which a sign of life is sent: proxies cut what is silent for a minute."""
SEND_WITHIN_S = 30.0
"""How long a reader may take nothing."""
END_WITHIN_S = 1.0
"""How long the end of a stream may take to be sent; the service leaves within some seconds."""
CHECK_S = 15.0
"""Between two looks whether a reader may still read."""
CHECKS = 60
"""Then a stream ends: after a quarter of an hour."""
End = Callable[[], Coroutine[None, None, object]]
RETRY_MS = 3000
"""After which a reader that lost its stream comes again."""
SIGN_OF_LIFE = b":\n"
EXAMPLE = {"schema": {"type": "string"}, "example": examples.EVENT}
RESUMED = "The `id` of the last event that was seen."
HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
EVENTS = {
    "description": "Events; who is cut off comes again with the last `id`",
    "content": {"text/event-stream": EXAMPLE},
}


class StreamCall:
    """The event stream, and how many read it.

    Args:
        leaving: set when the service ends.
    """

    def __init__(self, ports: Ports, leaving: asyncio.Event) -> None:
        self._store = ports.store
        self._news = News(ports.store, ports.clock)
        self._clock = ports.clock
        self._leaving = leaving
        self._places = Places()

    def add_to(self, router: APIRouter) -> None:
        """Add this call."""
        responses = {200: EVENTS} | documented(410)
        path = "/stories/stream"
        router.add_api_route(path, self.stream, methods=["GET"], response_class=Response, responses=responses)
        router.add_api_route(path, self.stream, methods=["HEAD"], response_class=Response, include_in_schema=False)

    async def stream(
        self,
        request: Request,
        start: Annotated[StreamStart, Query()],
        last_event_id: Annotated[str | None, Header(alias="Last-Event-ID", description=RESUMED)] = None,
    ) -> Response:
        """Each change as it comes, as a server-sent event; resumed with `Last-Event-ID`."""
        where = await start.where(self._store)
        begin = _seq(last_event_id) if last_event_id else start.since_seq
        if begin is None:
            begin = await self._store.changes.last()
        first = await self._store.changes.after(begin, where, PAGE)
        if request.method == "HEAD":
            return _endless(Response(media_type=EventStream.media_type, headers=HEADERS))
        let_in: Pass = request.scope[LET_IN]
        ends = (self._leaving.wait, partial(_let_in_no_more, let_in, self._clock))
        return EventStream(self._places, let_in, _events(self._store, self._news, first, where), ends)


def _endless(answer: Response) -> Response:
    """Of a length that nobody knows."""
    del answer.headers["content-length"]
    return answer


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
    """Sends what comes, and signs of life between.

    Args:
        ends: each returns when the stream is to end.
    """

    media_type = "text/event-stream"

    def __init__(
        self, places: Places, let_in: Pass, events: AsyncGenerator[bytes, None], ends: tuple[End, ...]
    ) -> None:
        super().__init__(headers=HEADERS)
        _endless(self)
        self._places = places
        self._let_in = let_in
        self._events = events
        self._ends = ends

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until one of the ends of rule 3."""
        try:
            with self._places.one_for(self._let_in.caller):
                await self._until_an_end(receive, send)
        except Taken as taken:
            await taken.answer(scope, receive, send)

    async def _until_an_end(self, receive: Receive, send: Send) -> None:
        async with asyncio.TaskGroup() as tasks:
            all_ends: tuple[End, ...] = (partial(_gone, receive), *self._ends)
            ends = [tasks.create_task(end()) for end in all_ends]
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


async def _let_in_no_more(let_in: Pass, clock: Clock) -> None:
    """Wait until a reader may not read any more, or has read for long."""
    for _ in range(CHECKS):
        await clock.sleep(CHECK_S)
        try:
            if await let_in.holds_still():
                continue
            why = "its reader may not read any more"
        except StoreError as error:
            why = str(error)
        log.info("stream.ended", why=why)
        return


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
