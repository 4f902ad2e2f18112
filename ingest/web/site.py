"""The routes: each reads from the store and answers with a page, or with JSON for machines.

Errors are pages for who accepts HTML by name, as browsers do, and problem+json for all others.
"""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Match

from ingest.core.search.query import parse
from ingest.errors import ConfigError, LimitError, StoreError
from ingest.model import StoryFilter
from ingest.ports import Ports
from ingest.settings import WebSettings
from ingest.web.api import PREFIX, StoreHeaders, add_api
from ingest.web.api.errors import defect
from ingest.web.body import BodyLimit
from ingest.web.guard import Guard, retry
from ingest.web.hosts import KNOWN, Hosts
from ingest.web.metrics import Metrics
from ingest.web.pages import Pages
from ingest.web.problem import REFUSES, problem
from ingest.web.websub import Callbacks

log = structlog.get_logger("ingest")

Trouble = Callable[[], str | None]
TRIED_FOR = dt.timedelta(seconds=1)
"""How long it is told again whether the database takes writes."""
LATEST = 30
"""Stories on the first page, and of what a search finds."""
VERSION = "1"
"""Of the HTTP API."""
AGAIN_S = 5.0
"""After which it may have passed that the database refused."""
COMPRESSION = 5
"""Half the time of zlib's best, for text that is hardly longer."""
CORS_HEADERS = ("Authorization", "Content-Type", "If-None-Match", "Last-Event-ID")
METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE")
"""That any call has."""
CORS_SHOWN = ("ETag", "Ingest-Store", "Ingest-Seq", "Retry-After")


def create_app(
    ports: Ports,
    trouble: Trouble,
    web: WebSettings,
    leaving: asyncio.Event | None = None,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The web page, the HTTP API, the probes, and the callbacks for hubs.

    Args:
        trouble: tells why the service does not do its work; None if it does.
        leaving: set when the service ends, so that streams do.
        metrics: what was counted; default: nothing is.
    """
    pages = Pages()
    site = Site(ports, trouble, pages, metrics or Metrics(web.metrics_by_feed))
    app = FastAPI(title="Ingest", version=VERSION, docs_url=None, redoc_url=None, openapi_url=f"{PREFIX}/openapi.json")
    routes: tuple[tuple[str, str, Callable[..., Awaitable[Response]]], ...] = (
        ("GET HEAD", "/", site.home),
        ("GET HEAD", "/stories/{story_id}", site.story),
        ("GET HEAD", "/healthz", site.healthz),
        ("GET HEAD", "/readyz", site.readyz),
        ("GET HEAD", "/metrics", site.metrics),
        *(Callbacks(ports).routes if web.public_url else ()),
    )
    for methods, path, answer in routes:
        app.add_api_route(path, answer, methods=methods.split(), response_model=None, include_in_schema=False)
    add_api(app, ports, web, leaving or asyncio.Event())
    app.add_exception_handler(HTTPException, site.not_here)
    app.add_exception_handler(StoreError, site.out_of_order)
    _add_layers(app, ports, web, pages.style_source)
    return app


def _add_layers(app: FastAPI, ports: Ports, web: WebSettings, style: str) -> None:
    """What stands around the routes, the innermost first."""
    app.add_middleware(StoreHeaders, ports=ports)
    app.add_middleware(BodyLimit)
    app.add_middleware(GZipMiddleware, compresslevel=COMPRESSION)
    app.add_middleware(Guard, ports=ports, web=web)
    app.add_middleware(ServerErrorMiddleware, handler=defect)
    if web.cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=web.cors,
            allow_methods=METHODS,
            allow_headers=CORS_HEADERS,
            expose_headers=CORS_SHOWN,
        )
    app.add_middleware(Hosts, web=web, style=style)


class Site:
    """What is answered under each path."""

    def __init__(self, ports: Ports, trouble: Trouble, pages: Pages, metrics: Metrics) -> None:
        self._ports = ports
        self._metrics = metrics
        self._store = ports.store
        self._clock = ports.clock
        self._trouble = trouble
        self._pages = pages
        self._trying = asyncio.Lock()
        self._tried_at: dt.datetime | None = None
        self._writable = True

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
        story = await self._store.story(story_id) if story_id.isalnum() else None
        if story is None:
            raise HTTPException(404, f"There is no story {story_id}.")
        versions = await self._store.versions(story_id) if story.version > 1 else []
        cluster = await self._store.cluster(story.cluster)
        return HTMLResponse(self._pages.story(story, self._clock.now(), versions, cluster))

    async def healthz(self) -> Response:
        """Alive; asks nothing of the database."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, request: Request) -> Response:
        """Able to do its work; else 503, and for who is no stranger the reasons."""
        reasons = [reason for reason in (await self._unwritable(), self._trouble()) if reason]
        if reasons and not request.scope[KNOWN]:
            return problem(503, "the service does not do its work; its log says why")
        return problem(503, "; ".join(reasons), reasons) if reasons else JSONResponse({"status": "ready"})

    async def metrics(self) -> Response:
        """Figures for Prometheus."""
        return await self._metrics.told(self._ports)

    async def _unwritable(self) -> str | None:
        """Tried anew only after a while: anybody may ask, and it costs a durable write."""
        async with self._trying:
            now = self._clock.now()
            if self._tried_at is None or now - self._tried_at >= TRIED_FOR:
                self._writable, self._tried_at = await self._store.upkeep.writable(), now
        return None if self._writable else "the database takes no writes"

    async def not_here(self, request: Request, error: Exception) -> Response:
        """No such page, or not to be asked in this way."""
        assert isinstance(error, HTTPException)
        headers = {"Allow": ", ".join(allowed(request))} if error.status_code == 405 else error.headers
        return self._refuse(request, error.status_code, error.detail, headers)

    async def out_of_order(self, request: Request, error: Exception) -> Response:
        """The database refused, and that is likely to pass; or too much was asked of it. Told in one line."""
        log.warning("web.refused", why=str(error))
        may_be_told = request.scope[KNOWN] or isinstance(error, LimitError)
        told = " ".join(str(error).split()) if may_be_told else REFUSES
        return self._refuse(request, 503, told, retry(AGAIN_S))

    def _refuse(self, request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
        if request.url.path.startswith(PREFIX) or "text/html" not in request.headers.get("accept", ""):
            return problem(status, detail, headers=headers)
        page = self._pages.error(HTTPStatus(status).phrase, detail, may_pass=status >= 500)
        return HTMLResponse(page, status, headers)


def allowed(request: Request) -> list[str]:
    """The methods of a path, of whichever route each is (RFC 9110, section 15.5.6)."""

    def is_one(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    return [method for method in METHODS if is_one(method)]
