"""What a request says.

The headers that a user gave a feed may hold his secrets: they go to the server that he named and to no other, not to
its other ports nor from https to http, and their values never into a message.
"""

import re
from collections.abc import Mapping

from multidict import CIMultiDict
from yarl import URL

from ingest.edge.fetch.urls import place
from ingest.errors import FetchError
from ingest.model import Request

ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml, */*;q=0.5",
}
SECURED: dict[tuple[str, int | None], tuple[str, int | None]] = {("http", 80): ("https", 443)}
"""The same server, behind the redirect that most of them send."""
VARIABLE = re.compile(r"\$\{(\w+)\}")


def compose(request: Request, url: URL, first: URL, user_agent: str, environ: Mapping[str, str]) -> CIMultiDict[str]:
    """The headers of one hop; the user's own come last and win."""
    headers = CIMultiDict(
        {"User-Agent": user_agent, "Accept": ACCEPT[request.purpose], "Accept-Encoding": "gzip, deflate, br"}
    )
    if request.etag:
        headers["If-None-Match"] = request.etag
    if request.last_modified:
        headers["If-Modified-Since"] = request.last_modified
    there, here = (first.scheme, first.port), (url.scheme, url.port)
    if url.raw_host == first.raw_host and here in (there, SECURED.get(there)):
        headers.update({name: filled(name, value, first, environ) for name, value in request.headers.items()})
    return headers


def filled(name: str, value: str, url: URL, environ: Mapping[str, str]) -> str:
    """A header's value with each `${NAME}` replaced by that environment variable."""

    def variable(match: re.Match[str]) -> str:
        try:
            return environ[match[1]]
        except KeyError as error:
            why = f"the header {name} needs the environment variable {match[1]}, which is not set"
            raise FetchError("bad-url", f"{place(url)}: {why}") from error

    text = VARIABLE.sub(variable, value)
    if not text.isprintable():
        raise FetchError("bad-url", f"{place(url)}: the header {name} holds a line break or another control character")
    return text
