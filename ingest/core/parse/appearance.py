"""What an answer that is no feed looks like, in words for the person who asked for a feed."""

import re

from ingest.core.parse.discovery import discover
from ingest.model import Response

_SIGNATURES = (
    (b"%PDF-", "a PDF file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
)
_ROOTS = {
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap index",
    "opml": "an OPML list of feeds: import it instead",
    "html": "an HTML page",
}
_HTML = re.compile(r"<!doctype\s+html|<(?:html|head|body|title|meta|script|div|p|h1)\b", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]{0,60})(?::([\w.-]{1,60}))?")

WINDOW = 4096
"""Characters that are looked at; what a document is shows at its beginning."""


def appearance(response: Response, text: str) -> str:
    """A noun phrase for the body of a response.

    Args:
        response: whose body is no feed.
        text: the body, decoded.
    """
    beginning = text[:WINDOW].lstrip("\ufeff \t\r\n\0")
    if not beginning:
        return "empty"
    for signature, name in _SIGNATURES:
        if response.body.startswith(signature):
            return name
    if _HTML.search(beginning) and not beginning.startswith("<?xml"):
        return _page(response)
    element = _FIRST_ELEMENT.search(beginning)
    if not beginning.startswith("<") or not element:
        return "JSON, though no JSON Feed" if beginning[0] in '["' else "plain text or binary data"
    root = element[2] or element[1]
    known = _ROOTS.get(root.lower(), f"XML of another kind (its root is <{root}>)")
    return _page(response) if root.lower() == "html" else known


def _page(response: Response) -> str:
    named = discover(response)
    return f"an HTML page (it names a feed at {named[0]})" if named else "an HTML page, which names no feed"
