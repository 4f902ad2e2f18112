"""What a request says, and what an answer says.

Headers, cookies and passwords that a user gave a feed go to the server that he named and to no other, not to its other
ports nor from https to http, be it the feed itself that leads there or one of its pages.
"""

from collections.abc import Iterator, Mapping

from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from ingest.core.coding import ACCEPTED
from ingest.edge.fetch.validators import conditions
from ingest.edge.fetch.variables import basic, filled
from ingest.edge.net.urls import place
from ingest.model import Asking, Request

ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml, */*;q=0.5",
    "hub": "*/*",
    "archive": "*/*",
}
SECURED: dict[tuple[str, int | None], tuple[str, int | None]] = {("http", 80): ("https", 443)}
"""The same server, behind the redirect that most of them send."""


def compose(request: Request, url: URL, named: URL, user_agent: str, environ: Mapping[str, str]) -> CIMultiDict[str]:
    """The headers of one hop; the user's own come last and win, and go to the server `named` alone."""
    headers = CIMultiDict({"User-Agent": user_agent, "Accept": ACCEPT[request.purpose], "Accept-Encoding": ACCEPTED})
    headers.update(conditions(request.etag, request.last_modified))
    if is_same_server(named, url):
        for name, value in own(request.asking, place(named), environ):
            headers[name] = value
    return headers


def is_same_server(named: URL, url: URL) -> bool:
    """Whether what was meant for one URL may go to another."""
    there, here = (named.scheme, named.port), (url.scheme, url.port)
    return url.raw_host == named.raw_host and here in (there, SECURED.get(there))


def own(asking: Asking, where: str, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The headers that are for one server alone."""
    if asking.cookies:
        cookies = "; ".join(f"{name}={value}" for name, value in asking.cookies.items())
        yield "Cookie", filled(f"{where}: a cookie", cookies, environ)
    if asking.basic_auth:
        yield "Authorization", basic(f"{where}: basic_auth", asking.basic_auth, environ)
    if asking.bearer_token:
        yield "Authorization", f"Bearer {filled(f'{where}: bearer_token', asking.bearer_token, environ)}"
    for name, value in asking.headers.items():
        yield name, filled(f"{where}: the header {name}", value, environ)


def plain(headers: CIMultiDictProxy[str]) -> dict[str, str]:
    """Lower-case names with one value each; bytes that are no UTF-8 are replaced.

    So are control characters, as RFC 9110, 5.5 has it: an ETag goes back with the next request, which may hold none.
    """
    joined: dict[str, str] = {}
    for name, value in headers.items():
        text = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        if not text.isprintable():
            text = "".join(letter if letter.isprintable() else " " for letter in text)
        text = text.strip()
        joined[name.lower()] = f"{joined[name.lower()]}, {text}" if name.lower() in joined else text
    return joined
