"""Who may ask what: checked before every answer, within what `hosts` has let in.

Rule 1: who may read and write, `core.access` decides; only the probes, and the callbacks of hubs, are open to all.
Rule 2: a call that changes something comes from no page of another origin, and its body says that it is JSON, which a
        form cannot: so no page makes a visitor's browser write here (cross-site request forgery).
Rule 3: nobody asks more often than `web.rate`: each token by itself, all others by their address.
Rule 4: what goes on without end asks again whether it still may (`Pass`): a token that was revoked reads nothing more.
"""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ingest.core.access import Denial, Terms, bearer, denial, is_same, token_digest
from ingest.errors import StoreError
from ingest.model import Scope as TokenScope
from ingest.ports import Ports
from ingest.settings import WebSettings
from ingest.web.hosts import KNOWN, OF_HUB, is_loopback
from ingest.web.problem import REFUSES, problem
from ingest.web.rate import Rates

log = structlog.get_logger("ingest")

LET_IN = "ingest.let_in"
"""Of a request's scope: its `Pass`."""
READING = frozenset({"GET", "HEAD"})
PROBES = frozenset({"/healthz", "/readyz"})
FOREIGN = problem(
    403, "a page of another origin may not write here; list its origin in web.cors if it is yours to trust"
)
NOT_JSON = problem(415, "a body is read as JSON alone: send `Content-Type: application/json`")
BEARER = {"WWW-Authenticate": "Bearer"}
DENIED: dict[Denial, ASGIApp] = {
    "no token": problem(
        401, "this asks for a bearer token: send `Authorization: Bearer` with the one in INGEST_WEB__TOKEN, or one "
        "that `ingest tokens add` made", headers=BEARER,
    ),
    "none made": problem(
        403, "on this address nothing can be written as long as there is no token: set INGEST_WEB__TOKEN, or make one "
        "with `ingest tokens add NAME --scope write`",
    ),
    "read only": problem(
        403, "this token may only read; make one with `ingest tokens add NAME --scope write`",
        headers={"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="write"'},
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """Who asks, as far as can be told."""

    key: str
    """What their requests are counted under."""
    holds: TokenScope | None


@dataclass(frozen=True)
class Pass:
    """What a request was let in with."""

    caller: Caller
    holds_still: Callable[[], Awaitable[bool]]
    """Whether the same request would be let in now; raises StoreError where nobody can tell."""


class Guard:
    """Checks each request."""

    def __init__(self, app: ASGIApp, ports: Ports, web: WebSettings) -> None:
        self._app = app
        self._tokens = ports.store.tokens
        self._clock = ports.clock
        self._on_loopback = is_loopback(web.host)
        self._public_read = web.public_read
        self._token = web.token.get_secret_value() if web.token else None
        self._origins = frozenset(origin for origin in (*web.cors, origin_of(web.public_url)) if origin)
        self._rates = Rates(web.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            refusal = await self._refusal(scope)
        except StoreError as error:
            log.warning("web.refused", why=str(error))
            refusal = problem(503, REFUSES)
        return await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, scope: Scope) -> ASGIApp | None:
        if scope["path"] in PROBES or scope[OF_HUB]:
            return None
        headers = Headers(scope=scope)
        caller = await self._caller(scope, headers)
        scope[KNOWN] = scope[KNOWN] or caller.holds is not None
        if wait_s := self._rates.wait_s(caller.key, self._clock.now()):
            return problem(429, f"too many requests; {self._rates.most} a minute are answered", headers=retry(wait_s))
        wanted: TokenScope = "read" if scope["method"] in READING else "write"
        if wanted == "write" and (refusal := self._forgery(headers)):
            return refusal

        async def holds_still() -> bool:
            return await self._denial(wanted, await self._caller(scope, headers)) is None

        scope[LET_IN] = Pass(caller, holds_still)
        why = await self._denial(wanted, caller)
        return DENIED[why] if why else None

    async def _denial(self, wanted: TokenScope, caller: Caller) -> Denial | None:
        return denial(wanted, caller.holds, await self._terms(wanted))

    async def _terms(self, wanted: TokenScope) -> Terms:
        made = self._token is not None or (wanted == "write" and bool(await self._tokens.list()))
        return Terms(self._on_loopback, self._public_read, made)

    async def _caller(self, scope: Scope, headers: Headers) -> Caller:
        token = bearer(headers.get("authorization", ""))
        if token is not None and self._token is not None and is_same(token, self._token):
            return Caller("token of the settings", "write")
        if token is not None and (found := await self._tokens.use(token_digest(token), self._today())):
            return Caller(f"token {found.name}", found.scope)
        client = scope.get("client")
        return Caller(f"address {client[0] if client else 'unknown'}", None)

    def _today(self) -> dt.date:
        return self._clock.now().date()

    def _forgery(self, headers: Headers) -> ASGIApp | None:
        """Rule 2."""
        origin = headers.get("origin", "").lower()
        own = origin.partition("://")[2] == headers.get("host", "").lower() if origin else True
        if not own and origin not in self._origins:
            return FOREIGN
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and origin not in self._origins:
            return FOREIGN
        has_body = headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
        is_json = headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
        return None if is_json or not has_body else NOT_JSON


def retry(wait_s: float) -> dict[str, str]:
    """The header that says when to come again."""
    return {"Retry-After": str(max(1, round(wait_s)))}


def origin_of(url: str) -> str:
    """The origin of an address of ours; empty where there is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if url else ""
