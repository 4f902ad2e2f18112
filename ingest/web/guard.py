"""What stands before every answer.

Rule 1: on loopback, only loopback names are answered to. A page elsewhere can bind its own name to 127.0.0.1 (DNS
        rebinding) and would then read this service through the browser of whoever visits it; the Host header of
        such a request gives it away.
Rule 2: every answer tells the browser to run no script, load nothing from elsewhere, send forms to nobody else, guess
        no type, and to let itself be framed and kept by nobody. What feeds write is shown here; should an escape ever
        be missed, it stays inert.
Rule 3: who may read and write, `core.access` decides; only the probes are open to all.
Rule 4: hubs have no token and call us by our public name: under that name their callbacks are open, and nothing else.
Rule 5: a call that changes something comes from no page of another origin, and its body says that it is JSON, which a
        form cannot: so no page makes a visitor's browser write here (cross-site request forgery).
Rule 6: nobody asks more often than `web.rate`: each token by itself, all others by their address.
"""

import datetime as dt
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.core.access import Denial, Terms, bearer, denial, is_same, token_digest
from ingest.core.websub import PATH
from ingest.errors import StoreError
from ingest.model import Scope as TokenScope
from ingest.ports import Ports
from ingest.settings import WebSettings
from ingest.web.problem import REFUSES, problem
from ingest.web.rate import Rates

_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]+))(?::[0-9]*)?")

log = structlog.get_logger("ingest")

KNOWN = "ingest.known"
"""Of a request's scope: whether its caller is no stranger, and may be told what troubles the service."""
READING = frozenset({"GET", "HEAD"})
PROBES = frozenset({"/healthz", "/readyz"})
STRANGER = problem(
    400,
    "this service listens on a loopback address and answers only to its names: the Host header must be localhost, "
    "127.0.0.1 or [::1]; a proxy in front of it has to send one of these",
)
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


class Guard:
    """Checks each request, and adds the security headers to each answer.

    Args:
        style: what the pages' style sheet is allowed by, a source expression of the Content-Security-Policy.
    """

    def __init__(self, app: ASGIApp, ports: Ports, web: WebSettings, style: str) -> None:
        self._app = app
        self._tokens = ports.store.tokens
        self._clock = ports.clock
        self._on_loopback = is_loopback(web.host)
        self._public_read = web.public_read
        self._token = web.token.get_secret_value() if web.token else None
        self._public_host = urlsplit(web.public_url).hostname or ""
        self._origins = frozenset(origin for origin in (*web.cors, origin_of(web.public_url)) if origin)
        self._rates = Rates(web.rate)
        self._headers = security_headers(style)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        scope[KNOWN] = self._on_loopback and is_for_loopback(Headers(scope=scope))
        try:
            refusal = await self._refusal(scope)
        except StoreError as error:
            log.warning("web.refused", why=str(error))
            refusal = problem(503, REFUSES)
        return await (refusal or self._app)(scope, receive, send_guarded)

    async def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if self._public_host and is_callback(scope) and hosts_of(headers) == [self._public_host]:
            return None
        if self._on_loopback and not is_for_loopback(headers):
            return STRANGER
        if scope["path"] in PROBES or (self._on_loopback and is_callback(scope)):
            return None
        caller = await self._caller(scope, headers)
        scope[KNOWN] = scope[KNOWN] or caller.holds is not None
        if wait_s := self._rates.wait_s(caller.key, self._clock.now()):
            return problem(429, f"too many requests; {self._rates.most} a minute are answered", headers=retry(wait_s))
        wanted: TokenScope = "read" if scope["method"] in READING else "write"
        if wanted == "write" and (refusal := self._forgery(headers)):
            return refusal
        why = denial(wanted, caller.holds, await self._terms(wanted))
        return DENIED[why] if why else None

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
        """Rule 5."""
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


def security_headers(style: str) -> dict[str, str]:
    """The headers of Rule 2."""
    return {
        "content-security-policy": f"default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
    }


def origin_of(url: str) -> str:
    """The origin of an address of ours; empty where there is none."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower() if url else ""


def is_callback(scope: Scope) -> bool:
    """Whether a hub may be asking."""
    return scope["method"] in ("GET", "POST") and scope["path"].startswith(PATH)


def is_for_loopback(headers: Headers) -> bool:
    """Whether a request names a loopback host, with any port, and no other."""
    hosts = hosts_of(headers)
    return bool(hosts) and all(is_loopback(host) for host in hosts)


def hosts_of(headers: Headers) -> list[str]:
    """The hosts that a request names, without ports; the empty one for what is no host."""
    hosts = [_HOST.fullmatch(value) for value in headers.getlist("host")]
    return [(host["v6"] or host["name"]).lower() if host else "" for host in hosts]


def is_loopback(host: str) -> bool:
    """Whether a name or address can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
