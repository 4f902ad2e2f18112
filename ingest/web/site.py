"""The routes: each reads from the store and answers with a page, or with JSON for machines.

Errors are pages for who accepts HTML by name, as browsers do, and problem+json for all others.
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from ingest.core.search.query import parse
from ingest.core.websub import PATH
from ingest.errors import ConfigError, StoreError
from ingest.model import StoryFilter
from ingest.ports import Ports
from ingest.web.guard import Guard
from ingest.web.pages import Pages
from ingest.web.problem import problem
from ingest.web.websub import Callbacks

Trouble = Callable[[], str | None]
LATEST = 30
"""Stories on the first page, and of what a search finds."""


def create_app(ports: Ports, trouble: Trouble, host: str, token: str | None = None, public_url: str = "") -> FastAPI:
    """The web page, the probes, and the callbacks for hubs.

    Args:
        trouble: tells why the service does not do its work; None if it does.
        host: the address that the service listens on.
        token: what a reader must bear where that is no loopback address; there, without one, nothing is shown.
        public_url: where hubs reach this service; empty: they are not answered.
    """
    pages = Pages()
    site = Site(ports, trouble, pages)
    routes: tuple[tuple[str, Callable[..., Awaitable[Response]]], ...] = (
        ("/", site.home),
        ("/stories/{story_id}", site.story),
        ("/healthz", site.healthz),
        ("/readyz", site.readyz),
    )
    app = FastAPI(title="Ingest", docs_url=None, redoc_url=None, openapi_url=None)
    for path, answer in routes:
        app.add_api_route(path, answer, methods=["GET", "HEAD"], response_model=None)
    if public_url:
        callbacks = Callbacks(ports)
        app.add_api_route(f"{PATH}{{token}}", callbacks.verify, methods=["GET"], response_model=None)
        app.add_api_route(f"{PATH}{{token}}", callbacks.ping, methods=["POST"], response_model=None)
    app.add_exception_handler(HTTPException, site.not_here)
    app.add_exception_handler(StoreError, site.out_of_order)
    public_host = urlsplit(public_url).hostname or ""
    app.add_middleware(Guard, host=host, style=pages.style_source, token=token, public_host=public_host)
    return app


class Site:
    """What is answered under each path."""

    def __init__(self, ports: Ports, trouble: Trouble, pages: Pages) -> None:
        self._store = ports.store
        self._clock = ports.clock
        self._trouble = trouble
        self._pages = pages

    async def home(self, q: str = "") -> Response:
        """The service at a glance; with a query, what it finds."""
        if q.strip():
            return await self._found(q)
        now = self._clock.now()
        totals = await self._store.totals(now)
        feeds = await self._store.feeds()
        latest = self._store.stories(StoryFilter(), newest_first=True, limit=LATEST)
        stories = [story async for story in latest]
        return HTMLResponse(self._pages.home(totals, feeds, stories, self._trouble(), now))

    async def _found(self, text: str) -> Response:
        now = self._clock.now()
        try:
            query = parse(text)
        except ConfigError as error:
            return HTMLResponse(self._pages.search(text, (), LATEST, now, str(error)), 400)
        hits = await self._store.search.find(query, StoryFilter(), LATEST)
        return HTMLResponse(self._pages.search(text, hits, LATEST, now))

    async def story(self, story_id: str) -> Response:
        """One story, to read."""
        story = await self._store.story(story_id)
        if story is None:
            raise HTTPException(404, f"There is no story {story_id}.")
        versions = await self._store.versions(story_id) if story.version > 1 else []
        cluster = await self._store.cluster(story.cluster)
        return HTMLResponse(self._pages.story(story, self._clock.now(), versions, cluster))

    async def healthz(self) -> Response:
        """Alive; asks nothing of the database."""
        return JSONResponse({"status": "ok"})

    async def readyz(self) -> Response:
        """Able to do its work; else 503 with the reasons."""
        reasons = [reason for reason in (await self._unwritable(), self._trouble()) if reason]
        return problem(503, "; ".join(reasons), reasons) if reasons else JSONResponse({"status": "ready"})

    async def _unwritable(self) -> str | None:
        try:
            return None if await self._store.writable() else "the database takes no writes"
        except StoreError as error:
            return str(error)

    async def not_here(self, request: Request, error: Exception) -> Response:
        """No such page, or not to be asked in this way."""
        assert isinstance(error, HTTPException)
        return self._refuse(request, error.status_code, error.detail, error.headers)

    async def out_of_order(self, request: Request, error: Exception) -> Response:
        """The database refused: told in one line, and likely to pass."""
        return self._refuse(request, 503, " ".join(str(error).split()))

    def _refuse(self, request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return problem(status, detail, headers=headers)
        page = self._pages.error(HTTPStatus(status).phrase, detail, may_pass=status >= 500)
        return HTMLResponse(page, status, headers)
