"""What stands before every answer.

Rule 1: on loopback, only loopback names are answered to. A page elsewhere can bind its own name to 127.0.0.1 (DNS
        rebinding) and would then read this service through the browser of whoever visits it; the Host header of
        such a request gives it away.
Rule 2: every answer tells the browser to run no script, load nothing from elsewhere, send forms to nobody else, guess
        no type, and to let itself be framed and kept by nobody. What feeds write is shown here; should an escape ever
        be missed, it stays inert.
Rule 3: on any other address, who reads bears the token (RFC 6750); only the probes are open to all.
Rule 4: hubs have no token and call us by our public name: under that name their callbacks are open, and nothing else.
"""

import ipaddress
import re
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.core.websub import PATH
from ingest.web.problem import problem

_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]+))(?::[0-9]*)?")


class Guard:
    """Checks the Host of each request and adds the security headers to each answer.

    Args:
        host: the address that the service listens on.
        style: what the pages' style sheet is allowed by, a source expression of the Content-Security-Policy.
        token: what readers elsewhere must bear; None: none can.
        public_host: the name in the callbacks that hubs are given; empty: there are none.
    """

    def __init__(self, app: ASGIApp, host: str, style: str, token: str | None, public_host: str) -> None:
        self._app = app
        self._on_loopback = is_loopback(host)
        self._token = token
        self._public_host = public_host
        self._headers = security_headers(style)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if self._public_host and is_callback(scope) and hosts_of(headers) == [self._public_host]:
            return None
        if self._on_loopback:
            return None if is_for_loopback(headers) else STRANGER
        return None if scope["path"] in PROBES or bears(headers, self._token) else NO_TOKEN


PROBES = frozenset({"/healthz", "/readyz"})
NO_TOKEN = problem(
    401,
    "this address asks for a bearer token: send `Authorization: Bearer` with the one in INGEST_WEB__TOKEN",
    headers={"WWW-Authenticate": "Bearer"},
)
STRANGER = problem(
    400,
    "this service listens on a loopback address and answers only to its names: the Host header must be localhost, "
    "127.0.0.1 or [::1]; a proxy in front of it has to send one of these",
)


def security_headers(style: str) -> dict[str, str]:
    """The headers of Rule 2."""
    return {
        "content-security-policy": f"default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


def bears(headers: Headers, token: str | None) -> bool:
    """Whether a request bears the token; the comparison takes as long for a wrong one."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return token is not None and scheme.lower() == "bearer" and compare_digest(given.encode(), token.encode())


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
