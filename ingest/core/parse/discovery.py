"""Where a site's feeds are: what a page names, and where to look when it names none.

What a page declares (`<link rel=alternate>`) comes before what it merely links to, and feeds of comments come last.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree

from ingest.core.parse.decoding import decoded
from ingest.core.parse.fields import absolute, each_once
from ingest.model import Response

FEED_TYPES = frozenset({
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
    "application/rss", "application/atom", "application/x.atom+xml", "application/x-atom+xml", "text/rss+xml",
    "text/atom+xml", "text/rss",
})  # fmt: skip
AMBIGUOUS_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
"""Also said of other things (oEmbed, the pages of an API): here the address must speak for a feed."""

_FEED_ADDRESS = re.compile(
    r"/(?:rss|atom|feeds?|rdf|jsonfeed)(?:[/.]|$)|\.(?:rss|atom|rdf)$|[/_.-](?:rss|atom|feed)[\w-]{0,20}\.(?:xml|php|aspx?|json)$"
    r"|[?&](?:feed|format|type)=(?:rss2?|atom|feed)\b|^https?://(?:feeds|rss)\.",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|kommentar|comentario|reacties|yorum", re.IGNORECASE)

_PLACES = (
    "feed",
    "rss",
    "rss.xml",
    "feed.xml",
    "atom.xml",
    "index.xml",
    "feed.json",
    "feeds/posts/default",
    "index.rdf",
)
"""By how often they are the right one: WordPress and its kin, news systems, site generators, Blogger."""

MAX_FEEDS = 50
"""Feeds of one page: a page of feeds lists dozens, and nobody chooses among more."""


class _Link(NamedTuple):
    url: str
    text: str
    declared: bool

    @property
    def rank(self) -> tuple[bool, bool]:
        return (bool(_COMMENTS.search(self.url) or _COMMENTS.search(self.text)), not self.declared)


def discover(response: Response) -> tuple[str, ...]:
    """The absolute URLs of feeds that an HTML page names, best first, each once; empty for anything else."""
    text = decoded(response.body, response.headers.get("content-type", ""))
    links = sorted(_links(text, response.final_url), key=lambda link: link.rank)
    return each_once(link.url for link in links)[:MAX_FEEDS]


def guesses(url: str) -> tuple[str, ...]:
    """Usual addresses of feeds on the site of a page: in the page's own folder first, then at the root."""
    folder = re.sub(r"[^/]*\.\w{2,5}$", "", urlsplit(absolute(url, url)).path).strip("/")
    folders = [f"/{folder}/", "/"] if folder else ["/"]
    return each_once(absolute(folder + place, url) for folder in folders for place in _PLACES)


def _links(text: str, base: str) -> Iterator[_Link]:
    page = _tree(text)
    if page is None:
        return
    for stated in page.iter("base"):
        base = absolute(stated.get("href", ""), base) or base
        break
    for element in page.iter("link", "a"):
        url = absolute(element.get("href", ""), base)
        if url and _names_feed(element, url):
            yield _Link(url, _label(element), element.tag == "link")


def _names_feed(element: etree._Element, url: str) -> bool:
    kind = (element.get("type") or "").split(";")[0].strip().lower()
    if element.tag == "a":
        return kind in FEED_TYPES or bool(_FEED_ADDRESS.search(url))
    rel = (element.get("rel") or "").lower().split()
    if "feed" in rel:
        return True
    return "alternate" in rel and (kind in FEED_TYPES or (kind in AMBIGUOUS_TYPES and bool(_FEED_ADDRESS.search(url))))


def _label(element: etree._Element) -> str:
    return f"{element.get('title') or ''} {element.text or ''}"


def _tree(text: str) -> etree._Element | None:
    """The page, as far as it can be read; nothing is fetched for it."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.LxmlError:  # no element at all
        return None
