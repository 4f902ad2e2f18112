"""Backfills: asked for here, and done by the daemon as those are that another process left.

Files of the server (`warc`, `urls`) are read by command alone: over HTTP nobody names a path.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path, Request
from fastapi import Query as InQuery
from fastapi.responses import JSONResponse, Response
from pydantic import ConfigDict, Field
from starlette.exceptions import HTTPException

from ingest.core.backfill import archive_kinds, of_feed
from ingest.core.render.story_json import JSON
from ingest.errors import ConfigError, ConflictError
from ingest.feed_list import found
from ingest.model import Backfill, BackfillSpec, Feed, FeedStatus
from ingest.ports import Ports
from ingest.web.api import examples, shapes
from ingest.web.api.answers import answer
from ingest.web.api.params import LARGEST, MOST, PAGE, From, Query, To, Words, mistake
from ingest.web.api.routing import read, write

Id = Annotated[int, Path(ge=1, le=LARGEST)]
OF_SPEC = {"since", "until", "via", "limit", "rate"}
NOT_TOLD = {"spec", "feed_id", "place", "cursor"}
"""`spec` may name files of the server; where a walk is, its archive alone can read."""


class NewBackfill(Query):
    """What is to be brought back."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.NEW_BACKFILL]})

    feed: Words = Field(description="Id, name or URL.")
    since: From | None = None
    until: To | None = None
    via: list[Literal["auto", "paged", "wordpress", "sitemap", "wayback"]] = Field(["auto"], min_length=1, max_length=8)
    limit: int | None = Field(None, ge=1, le=LARGEST, description="Stories at most.")
    rate: float | None = Field(None, ge=0.1, le=1e6, description="Requests a minute at most.")


class Newest(Query):
    """How many."""

    limit: int = Field(PAGE, ge=1, le=MOST)


class BackfillCalls:
    """What is read and done about backfills."""

    def __init__(self, ports: Ports) -> None:
        self._store = ports.store
        self._clock = ports.clock

    def add_to(self, router: APIRouter) -> None:
        """Add these calls."""
        read(router, "/backfills", self.backfills, shapes.Backfills)
        read(router, "/backfills/{backfill_id}", self.backfill, shapes.Backfill, 404)
        write(router, "POST", "/backfills", self.begin, shapes.Backfill, 201, (409,))
        write(router, "POST", "/backfills/{backfill_id}/cancel", self.cancel, shapes.Backfill, 200, (404, 409))

    async def backfills(self, request: Request, newest: Annotated[Newest, InQuery()]) -> Response:
        """The newest backfills."""
        runs = (await self._store.backfills.list())[: newest.limit]
        return answer(request, {"backfills": [_told(run) for run in runs]})

    async def backfill(self, request: Request, backfill_id: Id) -> Response:
        """One backfill, as it is now."""
        return answer(request, _told(await self._found(backfill_id)))

    async def begin(self, request: Request, wanted: Annotated[NewBackfill, Body()]) -> Response:
        """Bring back what a feed no longer lists; 409 while a backfill of this feed is running.

        Of a feed that is set to `full_text: never`, archives that hold addresses alone are left out of `via`.
        """
        status = await self._feed(wanted.feed)
        if not status.feed.enabled:
            raise ConflictError(f"feed {status.feed.name} is disabled, so that nothing of it is fetched; enable it")
        if wanted.since and wanted.until and wanted.since >= wanted.until:
            raise mistake("body", "since", "the range is empty: it is not before the end of `until`")
        bounds = wanted.model_dump(include=OF_SPEC - {"via"})
        kinds = {"via": archive_kinds(wanted.via), "every": wanted.via != ["auto"]}
        spec = _of_feed(BackfillSpec.model_validate({**bounds, **kinds}), status.feed)
        run = await self._store.backfills.begin(spec, self._clock.now(), ours=False)
        return JSONResponse(_told(run), 201, {"Location": f"{request.url.path}/{run.id}"})

    async def cancel(self, backfill_id: Id) -> Response:
        """End a backfill; what it has stored stays. 409 where it is over."""
        known = await self._found(backfill_id)
        run = await self._store.backfills.cancel(backfill_id, self._clock.now())
        if run is None:
            raise HTTPException(409, f"backfill {backfill_id} is {known.state} already")
        return JSONResponse(_told(run))

    async def _feed(self, reference: str) -> FeedStatus:
        try:
            return await found(self._store, reference)
        except ConfigError as error:
            raise mistake("body", "feed", str(error)) from error

    async def _found(self, backfill_id: int) -> Backfill:
        run = await self._store.backfills.get(backfill_id)
        if run is None:
            raise HTTPException(404, f"there is no backfill {backfill_id}")
        return run


def _of_feed(spec: BackfillSpec, feed: Feed) -> BackfillSpec:
    try:
        return of_feed(spec, feed)[0]
    except ConfigError as error:
        raise mistake("body", "via", str(error)) from error


def _told(run: Backfill) -> dict[str, JSON]:
    told: dict[str, JSON] = run.model_dump(mode="json", exclude=NOT_TOLD)
    told["walked"] = [one.model_dump(mode="json", exclude={"broken_at", "before"}) for one in run.walked]
    return told | run.spec.model_dump(mode="json", include=OF_SPEC)
