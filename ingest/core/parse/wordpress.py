"""What a site made with WordPress tells of its posts: https://developer.wordpress.org/rest-api/reference/posts/.

The interface is found by a link of the relation RELATION, in the header of any answer or in the head of a page. Its
dates are read from the fields in GMT; the field in the site's own time tells the day there.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl, urlsplit

from ingest.core.dates import moment
from ingest.core.dedupe.url import same_publisher
from ingest.core.parse.decoding import decoded
from ingest.core.parse.fields import NAME_MAX, absolute, first_image, identifier, keywords, people
from ingest.core.parse.values import Fields, inner, listed, string, values
from ingest.core.plain import clean, plain, plain_line
from ingest.errors import ParseError
from ingest.model import Entry, Moment, Response

RELATION = "https://api.w.org/"

MOST = 500
"""Posts of one answer that are taken; 100 are asked for."""
HEADER_MAX = 4096
"""Characters of a Link header that are looked at."""
HEAD_MAX = 200_000
"""Characters of a page in which its head ends: some carry all their styles there."""

_HEADER = re.compile(rf"""<([^<>]{{1,2000}})>\s*;[^<]{{0,200}}?\brel\s*=\s*["']?{re.escape(RELATION)}""", re.IGNORECASE)
_ELEMENT = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_BROKEN_OFF = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])\W{0,20}\Z")
_FEED_WORDS = re.compile(
    r"(?:wp-)?(?:feeds?|rss2?|rdf|atom|json|index)(?:\.(?:xml|php|rdf|json|rss|atom))?", re.IGNORECASE
)
"""Parts of an address that name a feed, and no section of a site."""


def api_root(response: Response) -> str:
    """The root of the interface that an answer names; empty where it names none."""
    header = _HEADER.search(response.headers.get("link", "")[:HEADER_MAX])
    if header:
        return absolute(header[1], response.final_url)
    text = decoded(response.body[: 4 * HEAD_MAX], response.headers.get("content-type", ""))[:HEAD_MAX]
    for element in _ELEMENT.finditer(text):
        if RELATION in element[1] and (href := _HREF.search(element[1])):
            return absolute(unescape(href[1]), response.final_url)
    return ""


def lists_all(feed_url: str, root: str) -> bool:
    """Whether a feed is that of the whole site, as the interface is, rather than of a section, an author or comments.

    A feed that lies elsewhere cannot be told to be a part.
    """
    if not same_publisher(feed_url, root):
        return True
    home = _folders(urlsplit(root).path.partition("wp-json")[0])
    feed = urlsplit(feed_url)
    parts = _folders(feed.path)
    inside = parts[len(home) :] if parts[: len(home)] == home else parts
    asked = parse_qsl(feed.query, keep_blank_values=True)
    return all(map(_FEED_WORDS.fullmatch, (*inside, *(value for _, value in asked))))


def posts(response: Response, site: str = "") -> tuple[Entry, ...]:
    """The posts that the interface answers with.

    Args:
        site: what the publication is called.

    Raises:
        ParseError: it answers with anything else.
    """
    try:
        found = json.loads(decoded(response.body, response.headers.get("content-type", "")))
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{response.url} answers with no JSON, where posts of WordPress should be") from error
    items = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    read = [entry for item in items[:MOST] if (entry := _entry(item, response, site))]
    if not read and found != []:
        raise ParseError(f"{response.url} answers with JSON that lists no posts of WordPress")
    return tuple(read)


def says_no_more(response: Response) -> bool:
    """Whether the interface answers that there is no such page of posts."""
    return response.status == 400 and b"rest_post_invalid_page_number" in response.body[:HEADER_MAX]


def pages_in_all(response: Response) -> int | None:
    """How many pages of posts there are; None where the answer does not say."""
    stated = response.headers.get("x-wp-totalpages", "").strip()
    return int(stated) if re.fullmatch(r"[0-9]{1,9}", stated) else None


def _folders(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _entry(item: Fields, response: Response, site: str) -> Entry | None:
    """A post; None for what has no address, which is none."""
    url = absolute(string(item, "link"), response.final_url)
    if not url:
        return None
    summary = plain(_rendered(item, "excerpt"))
    content = _content(item, summary)
    return Entry(
        guid=identifier(unescape(_rendered(item, "guid"))),
        url=url,
        site=site[:NAME_MAX],
        title=plain_line(_rendered(item, "title")),
        summary=summary,
        content=content,
        authors=people(string(author, "name") for author in listed(inner(item, "_embedded"), "author")),
        categories=keywords(_terms(item)),
        published=_moment(item, "date", response.fetched_at),
        updated=_moment(item, "modified", response.fetched_at),
        image=first_image(content, url) or None,
    )


def _rendered(item: Fields, key: str) -> str:
    return string(inner(item, key), "rendered")


def _content(item: Fields, summary: str) -> str:
    """The article; empty where it is shortened, so that the page is asked for."""
    html = clean(_rendered(item, "content"))
    text = plain(html)
    return "" if len(text) <= len(summary) or _BROKEN_OFF.search(text[-40:]) else html


def _terms(item: Fields) -> Iterator[str]:
    for group in values(inner(item, "_embedded"), "wp:term"):
        for term in listed({"terms": group}, "terms"):
            if string(term, "taxonomy") in ("category", "post_tag"):
                yield string(term, "name")


def _moment(item: Fields, key: str, now: datetime) -> Moment | None:
    """A date: the instant by GMT, the day by the site's own clock, where the two belong together."""
    there, at = moment(string(item, key), now), moment(string(item, f"{key}_gmt"), now)
    if there and at and abs(there.at - at.at) <= timedelta(hours=14):
        return Moment(at=at.at, day=there.day)
    return at or there
