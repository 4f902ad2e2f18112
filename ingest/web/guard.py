"""What stands before every answer.

Rule 1: on loopback, only loopback names are answered to. A page elsewhere can bind its own name to 127.0.0.1 (DNS
        rebinding) and would then read this service through the browser of whoever visits it; the Host header of
        such a request gives it away.
Rule 2: every answer tells the browser to run no script, load nothing from elsewhere, guess no type, and to let itself
        be framed and kept by nobody. What feeds write is shown here; should an escape ever be missed, it stays inert.
Rule 3: on any other address, who reads bears the token (RFC 6750); only the probes are open to all.
"""

import ipaddress
import re
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.web.problem import problem

_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]+))(?::[0-9]*)?")


class Guard:
    """Checks the Host of each request and adds the security headers to each answer.

    Args:
        host: the address that the service listens on.
        style: what the pages' style sheet is allowed by, a source expression of the Content-Security-Policy.
        token: what readers elsewhere must bear; None: none can.
    """

    def __init__(self, app: ASGIApp, host: str, style: str, token: str | None) -> None:
        self._app = app
        self._on_loopback = is_loopback(host)
        self._token = token
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
        "form-action 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "no-store",
    }


def bears(headers: Headers, token: str | None) -> bool:
    """Whether a request bears the token; the comparison takes as long for a wrong one."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return token is not None and scheme.lower() == "bearer" and compare_digest(given.encode(), token.encode())


def is_for_loopback(headers: Headers) -> bool:
    """Whether a request names a loopback host, with any port, and no other."""
    hosts = [_HOST.fullmatch(value) for value in headers.getlist("host")]
    return bool(hosts) and all(host is not None and is_loopback(host["v6"] or host["name"]) for host in hosts)


def is_loopback(host: str) -> bool:
    """Whether a name or address can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
