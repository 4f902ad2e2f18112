"""Sitemaps, https://www.sitemaps.org/protocol.html: indexes, lists of addresses as XML or text, also compressed.

With the modules that say of an article when and what it is: news (published, title, keywords) and image. Elements are
known by their local names, since namespaces are often wrong; what is not well-formed is read as far as it goes.
"""

import datetime as dt
import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from lxml import etree

from ingest.core.dates import moment
from ingest.core.parse.appearance import appearance
from ingest.core.parse.decoding import decoded
from ingest.core.parse.fields import absolute, each_once, keywords, language
from ingest.core.plain import fold
from ingest.errors import ParseError
from ingest.model import Moment, Response

MAX_ADDRESSES = 50_000
"""The protocol allows no more in one sitemap."""
MAX_BYTES = 50_000_000
"""What a compressed body may come to: the protocol's own limit; the rest is left out."""
MAX_MEMBERS = 100
"""gzip files in one body; each costs a copy of what follows it."""
MAX_NAMED = 50
"""Sitemaps that are taken of one robots.txt: sites with more parts name an index of them."""
GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 31

_NAMED = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,4096})", re.IGNORECASE | re.MULTILINE)
_STRAY_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)", re.IGNORECASE | re.DOTALL
)
_ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)(?=[\s>/])", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL)
_LINE = re.compile(r"https?://\S+", re.IGNORECASE)
BEGINNING = 4096
"""Characters in which the root of a sitemap begins."""


class Listed(NamedTuple):
    """An address that a sitemap lists, and what it says of it."""

    url: str
    changed: dt.datetime | None = None
    """Its `lastmod`; midnight where only a day is stated."""
    published: Moment | None = None
    title: str = ""
    site: str = ""
    """The name of the publication."""
    language: str | None = None
    keywords: tuple[str, ...] = ()
    image: str = ""


class Sitemap(NamedTuple):
    """One sitemap, read."""

    maps: tuple[Listed, ...] = ()
    """Of an index: other sitemaps."""
    pages: tuple[Listed, ...] = ()


def named_in_robots(response: Response) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names, each once."""
    text = decoded(response.body, response.headers.get("content-type", ""))
    return each_once(absolute(url, response.final_url) for url in _NAMED.findall(text))[:MAX_NAMED]


def read_sitemap(response: Response) -> Sitemap:
    """The sitemap or index that a server answered with; addresses in its order, each once, with the last that it says.

    Raises:
        ParseError: it is none; says in one line what it looks like.
    """
    body = _unpacked(response)
    text = decoded(body, response.headers.get("content-type", "")).lstrip("\ufeff \t\r\n\0")
    base, now = response.final_url, response.fetched_at
    if not text.startswith("<"):
        if pages := _lines(text, base):
            return Sitemap(pages=pages)
        raise ParseError(f"{base} is no sitemap but {appearance(response, text)}")
    root = _ROOT.search(text[:BEGINNING])
    if not root:
        raise ParseError(f"{base} is no sitemap but {appearance(response, text)}")
    listed: dict[str, dict[str, Listed]] = {"url": {}, "sitemap": {}}
    whole = _DOCTYPE.sub("", text[: root.start()]) + text[root.start() :]
    for kind, one in islice(_elements(whole, base, now), MAX_ADDRESSES):
        listed[kind][one.url] = one
    return Sitemap(maps=tuple(listed["sitemap"].values()), pages=tuple(listed["url"].values()))


def _unpacked(response: Response) -> bytes:
    """The body, decompressed where it is a gzip file; what is whole of a damaged one."""
    if not response.body.startswith(GZIP):
        return response.body
    text, rest = bytearray(), response.body
    for _ in range(MAX_MEMBERS):
        inflater = zlib.decompressobj(_GZIP_WINDOW)
        try:
            text += inflater.decompress(rest, MAX_BYTES - len(text))
        except zlib.error as error:
            if not text:
                raise ParseError(f"{response.final_url} begins like a gzip file and is none: {error}") from error
            break
        rest = inflater.unused_data
        if len(text) >= MAX_BYTES or not rest.startswith(GZIP):
            break
    return bytes(text)


def _lines(text: str, base: str) -> tuple[Listed, ...]:
    """The addresses of a text with one in each line; none where it begins with something else."""
    lines = [line.strip() for line in text.splitlines()]
    if not lines or not _LINE.fullmatch(lines[0]):
        return ()
    urls = islice(filter(_LINE.fullmatch, lines), MAX_ADDRESSES)
    return tuple(map(Listed, each_once(absolute(url, base) for url in urls)))


def _elements(text: str, base: str, now: dt.datetime) -> Iterator[tuple[str, Listed]]:
    """What is listed, one after another; what was read is forgotten, so that a long list takes little memory."""
    mended = _STRAY_AMPERSAND.sub(_escaped, text).encode("utf-8", "ignore")
    walk = etree.iterparse(
        io.BytesIO(mended),
        tag=("{*}url", "{*}sitemap"),
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for _, element in walk:
            one = _listed(element, base, now)
            if one.url:
                yield etree.QName(element).localname, one
            if element.getparent() is walk.root:  # there may be others of the name within one
                element.clear()
                del walk.root[:-1]
    except etree.LxmlError:  # what stands before the damage is read
        return


def _escaped(match: re.Match[str]) -> str:
    """An ampersand that begins no reference as one; what is marked as text stays as it is."""
    return "&amp;" if match[0] == "&" else match[0]


def _listed(element: etree._Element, base: str, now: dt.datetime) -> Listed:
    own = _texts(element)
    news = next(element.iterchildren("{*}news"), None)
    image = next(element.iterchildren("{*}image"), None)
    changed = moment(own.get("lastmod", ""), now)
    one = Listed(
        url=absolute(own.get("loc", ""), base),
        changed=changed.at if changed else None,
        image=absolute(_texts(image).get("loc", ""), base) if image is not None else "",
    )
    return one if news is None else _with_news(one, news, now)


def _with_news(one: Listed, news: etree._Element, now: dt.datetime) -> Listed:
    """https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap"""
    said = _texts(news)
    publication = next(news.iterchildren("{*}publication"), None)
    source = _texts(publication) if publication is not None else {}
    return one._replace(
        published=moment(said.get("publication_date", ""), now),
        title=fold(said.get("title", "")),
        site=fold(source.get("name", "")),
        language=language(source.get("language", "") or said.get("language", "")),
        keywords=keywords(said.get("keywords", "").split(",")),
    )


def _texts(element: etree._Element) -> dict[str, str]:
    """The texts of an element's children, by local name; the first of several."""
    found: dict[str, str] = {}
    for child in element.iterchildren("*"):
        found.setdefault(etree.QName(child).localname, (child.text or "").strip())
    return found
