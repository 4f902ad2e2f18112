"""The feed list: the same functions as `ingest feeds`."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Body, Path, Request
from fastapi.responses import JSONResponse, Response
from pydantic import ConfigDict, Field
from starlette.exceptions import HTTPException

from ingest.core.render.feed_json import feed_dict
from ingest.core.render.story_json import JSON
from ingest.errors import FetchError, ParseError, WorkError
from ingest.feed_list import add_feed
from ingest.model import FeedStatus
from ingest.pipeline import poll_now
from ingest.ports import Ports
from ingest.web.api import examples, shapes
from ingest.web.api.answers import answer
from ingest.web.api.params import LARGEST, MOST_VALUES, Query, Words, mistake
from ingest.web.api.routing import read, write

ANSWERED_WITHIN_S = 60.0
"""How long a call may wait for servers elsewhere: longer than a feed's `timeout` allows in all but bad cases."""

Id = Annotated[int, Path(ge=1, le=LARGEST)]


class NewFeed(Query):
    """A feed to be watched."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.NEW_FEED]})

    url: Words = Field(description="A feed, or a site's page that names its feed.")
    name: Words | None = Field(None, description="Unique; default: made from the URL.")
    interval: Words = Field("auto", description="auto, a duration such as 15m, or a cron line.")
    tags: list[Words] = Field([], max_length=MOST_VALUES, description="Added to every story of the feed.")


class Switched(Query):
    """Whether a feed is polled."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"enabled": False}]})

    enabled: bool


class FeedCalls:
    """What is read and done about feeds."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._store = ports.store

    def add_to(self, router: APIRouter) -> None:
        """Add these calls."""
        read(router, "/feeds", self.feeds, shapes.Feeds)
        read(router, "/feeds/{feed_id}", self.feed, shapes.Feed, 404)
        write(router, "POST", "/feeds", self.add, shapes.Feed, 201, (409,))
        write(router, "PATCH", "/feeds/{feed_id}", self.switch, shapes.Feed, 200, (404,))
        write(router, "DELETE", "/feeds/{feed_id}", self.remove, None, 204, (404, 409))
        write(router, "POST", "/feeds/{feed_id}/poll", self.poll, shapes.Polled, 200, (404, 409, 504))

    async def feeds(self, request: Request) -> Response:
        """All feeds by name, with their health."""
        now = self._ports.clock.now()
        outage = (await self._store.totals(now)).outage
        return answer(request, {"feeds": [feed_dict(one, now, outage) for one in await self._store.feeds()]})

    async def feed(self, request: Request, feed_id: Id) -> Response:
        """One feed."""
        return answer(request, await self._told(await self._found(feed_id)))

    async def add(self, request: Request, wanted: Annotated[NewFeed, Body()]) -> Response:
        """Watch the feed at a URL, or the one that the page there names; 409 where it is watched already."""
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                feed, _ = await add_feed(self._ports, wanted.url, wanted.name, wanted.interval, wanted.tags)
        except TimeoutError as error:
            raise mistake("body", "url", f"no feed was found within {ANSWERED_WITHIN_S:.0f} s") from error
        except (FetchError, ParseError, WorkError) as error:
            raise mistake("body", "url", str(error)) from error
        where = f"{request.url.path}/{feed.id}"
        return JSONResponse(await self._told(await self._found(feed.id)), 201, {"Location": where})

    async def switch(self, feed_id: Id, switched: Annotated[Switched, Body()]) -> Response:
        """Enable or disable a feed, which outlives a reload of the feeds file."""
        await self._found(feed_id)
        await self._store.switch_feed(feed_id, switched.enabled)
        return JSONResponse(await self._told(await self._found(feed_id)))

    async def remove(self, feed_id: Id) -> Response:
        """Stop watching a feed; its stories stay. 409 where the feeds file owns it."""
        await self._found(feed_id)
        await self._store.remove_feed(feed_id, self._ports.clock.now())
        return Response(status_code=204)

    async def poll(self, feed_id: Id) -> Response:
        """Poll a feed now, due or not; what is new is collected right after."""
        status = await self._found(feed_id)
        try:
            async with asyncio.timeout(ANSWERED_WITHIN_S):
                polled = await poll_now(self._ports, [feed_id])
        except TimeoutError as error:
            why = f"{status.feed.name} did not answer within {ANSWERED_WITHIN_S:.0f} s; it is polled again in its turn"
            raise HTTPException(504, why) from error
        if not polled:
            raise HTTPException(409, f"{status.feed.name} is polled just now")
        return JSONResponse(polled[0].model_dump(mode="json"))

    async def _found(self, feed_id: int) -> FeedStatus:
        status = await self._store.find_feed(str(feed_id))
        if status is None:
            raise HTTPException(404, f"there is no feed {feed_id}")
        return status

    async def _told(self, status: FeedStatus) -> dict[str, JSON]:
        now = self._ports.clock.now()
        return feed_dict(status, now, (await self._store.totals(now)).outage)
