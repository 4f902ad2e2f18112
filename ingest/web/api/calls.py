"""All calls together, and what each of their answers tells beside its body."""

import asyncio

from fastapi import APIRouter, Depends, FastAPI, Security
from fastapi.security import HTTPBearer
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.errors import StoreError
from ingest.ports import Ports
from ingest.settings import WebSettings
from ingest.web.api.backfills import BackfillCalls
from ingest.web.api.errors import add_handlers, add_shapes
from ingest.web.api.feeds import FeedCalls
from ingest.web.api.out import OutCalls
from ingest.web.api.params import named_once
from ingest.web.api.stories import StoryCalls
from ingest.web.api.stream import StreamCall

PREFIX = "/api/v1"
BEARER = HTTPBearer(auto_error=False, description="See `ingest tokens`; on loopback reading needs none.")


def add_api(app: FastAPI, ports: Ports, web: WebSettings, leaving: asyncio.Event) -> None:
    """Add the API; its streams end when the service is leaving."""
    router = APIRouter(prefix=PREFIX, dependencies=[Security(BEARER), Depends(named_once)])
    StreamCall(ports, leaving).add_to(router)  # before the story whose id would be `stream`
    StoryCalls(ports).add_to(router)
    OutCalls(ports.store, web.public_url).add_to(router)
    FeedCalls(ports).add_to(router)
    BackfillCalls(ports).add_to(router)
    app.include_router(router)
    add_handlers(app)
    add_shapes(app)


class StoreHeaders:
    """Tells in each answer of the API which database it is from, and how far that had come when it was asked.

    The `seq` is read before the call: whoever goes on from it misses nothing that the call did not show.
    """

    def __init__(self, app: ASGIApp, ports: Ports) -> None:
        self._app = app
        self._changes = ports.store.changes
        self._identity = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            return await self._app(scope, receive, send)
        told = await self._told()

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        return await self._app(scope, receive, send_told)

    async def _told(self) -> dict[str, str]:
        try:
            self._identity = self._identity or await self._changes.identity()
            return {"Ingest-Store": self._identity, "Ingest-Seq": str(await self._changes.last())}
        except StoreError:  # the call itself tells it
            return {}
