"""The stored stories as feeds, newest first, in pages that stay as they are while new stories come."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import URL

from ingest.core.render.atom import atom
from ingest.core.render.json_feed import json_feed
from ingest.core.render.out_feed import Channel, Render
from ingest.core.render.rss import rss
from ingest.model import Story
from ingest.ports import Store
from ingest.web.api.answers import conditional
from ingest.web.api.errors import documented
from ingest.web.api.params import OutPage
from ingest.web.api.routing import Responses

OUT: dict[str, tuple[Render, str]] = {
    "json": (json_feed, "application/feed+json"),
    "atom": (atom, "application/atom+xml"),
    "rss": (rss, "application/rss+xml"),
}
"""Ending of the address → what writes the feed, and its media type."""
OF_PLACE = ("before_seq", "limit")
"""Parameters that choose a page, and no stories."""


class OutCalls:
    """The feeds.

    Args:
        public_url: where others reach this service; empty: where it is asked.
    """

    def __init__(self, store: Store, public_url: str) -> None:
        self._store = store
        self._public_url = public_url

    def add_to(self, router: APIRouter) -> None:
        """Add these calls."""
        for ending, (_, media_type) in OUT.items():
            kind = {"schema": {"type": "object" if ending == "json" else "string"}}
            done = {"description": "A page of the feed", "content": {media_type: kind}}
            responses: Responses = {**documented(), 200: done, 304: {"description": "It is as the ETag says"}}
            path = f"/out.{ending}"
            router.add_api_route(path, self.out, methods=["GET"], response_class=Response, responses=responses)
            router.add_api_route(path, self.out, methods=["HEAD"], response_class=Response, include_in_schema=False)

    async def out(self, request: Request, page: Annotated[OutPage, Query()]) -> Response:
        """The stories as a feed, the last changed first; `next` leads to older ones (RFC 5005)."""
        where = await page.where(self._store)
        found = [one async for one in self._store.stories(where, newest_first=True, limit=page.limit + 1)]
        stories, more = found[: page.limit], len(found) > page.limit
        render, media_type = OUT[request.url.path.rpartition(".")[2]]
        channel = self._channel(request, await self._store.changes.identity(), stories[-1] if more else None)
        return conditional(request, render(channel, stories), f"{media_type}; charset=utf-8")

    def _channel(self, request: Request, identity: str, last: Story | None) -> Channel:
        own = URL(f"{self._public_url}{request.url.path}?{request.url.query}") if self._public_url else request.url
        chosen = own.remove_query_params(OF_PLACE)
        return Channel(
            store=identity,
            selection=chosen.query,
            home_url=f"{self._public_url or str(request.base_url).rstrip('/')}/",
            self_url=str(own).rstrip("?"),
            first_url=str(own.remove_query_params("before_seq")).rstrip("?"),
            next_url=str(own.include_query_params(before_seq=last.seq)) if last else None,
        )
