"""Whom a request speaks to, and what every answer tells the browser: the outermost layer.

Rule 1: on loopback, only loopback names are answered to. A page elsewhere can bind its own name to 127.0.0.1 (DNS
        rebinding) and would then read this service through the browser of whoever visits it; the Host header of
        such a request gives it away. Preflights of pages are no exception.
Rule 2: every answer, also a refusal or a defect, tells the browser to run no script, load nothing from elsewhere, send
        forms to nobody else, guess no type, and to let itself be framed and kept by nobody. What feeds write is shown
        here; should an escape ever be missed, it stays inert.
Rule 3: hubs have no token and call us by our public name: under that name their callbacks are open, and nothing else.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.core.websub import PATH
from ingest.settings import WebSettings
from ingest.web.problem import problem

_HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^:\[\]]+))(?::[0-9]*)?")

KNOWN = "ingest.known"
"""Of a request's scope: whether its caller is no stranger, and may be told what troubles the service."""
OF_HUB = "ingest.of_hub"
"""Of a request's scope: whether it is the callback of a hub, which is open."""
STRANGER = problem(
    400,
    "this service listens on a loopback address and answers only to its names: the Host header must be localhost, "
    "127.0.0.1 or [::1]; a proxy in front of it has to send one of these",
)


class Hosts:
    """Answers to our own names alone, and adds the security headers to each answer.

    Args:
        style: what the pages' style sheet is allowed by, a source expression of the Content-Security-Policy.
    """

    def __init__(self, app: ASGIApp, web: WebSettings, style: str) -> None:
        self._app = app
        self._on_loopback = is_loopback(web.host)
        self._public_host = urlsplit(web.public_url).hostname or ""
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
        headers = Headers(scope=scope)
        is_local = self._on_loopback and is_for_loopback(headers)
        is_public = bool(self._public_host) and hosts_of(headers) == [self._public_host]
        scope[KNOWN] = is_local
        scope[OF_HUB] = is_callback(scope) and (is_local or is_public)
        is_ours = is_local or scope[OF_HUB] or not self._on_loopback
        return await (self._app if is_ours else STRANGER)(scope, receive, send_guarded)


def security_headers(style: str) -> dict[str, str]:
    """The headers of Rule 2."""
    return {
        "content-security-policy": f"default-src 'none'; style-src {style}; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
    }


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
