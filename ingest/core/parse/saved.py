"""Where a saved page came from, by its own word.

Strategy: what the publisher says (`rel=canonical`, `og:url`) names the article best, what the browser wrote down that
saved the page is next, and a `<base>` the last resort. The home page of a site names no article: templates put it
where they know no better.
"""

import re
from collections.abc import Iterator

from lxml import etree

from ingest.core.dedupe.url import is_home
from ingest.core.parse.decoding import decoded
from ingest.core.parse.fields import absolute

MOST_READ = 2_000_000
"""Bytes in which an address is looked for; browsers that save a page as one file put whole fonts into its head."""

HEAD = 512
"""Bytes that tell whether a file is a page."""

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<\?xml\s[^>]{0,200}>\s{0,99})?<(?:!doctype\s+html|html|head)\b", re.IGNORECASE
)
_SAVED = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,9}\)|Page saved with SingleFile\s{1,9}url:\s{0,9})(https?://[^\s<>]{1,4096})",
    re.IGNORECASE,
)
"""The mark of the web, as Internet Explorer and Chromium write it, and the comment of SingleFile."""


def begins_like_page(head: bytes) -> bool:
    """Whether a file is a page, by its first bytes."""
    return bool(_PAGE.match(head))


def address(body: bytes) -> str:
    """The absolute URL that a page says it lies at; empty where it says none. Never raises."""
    text = decoded(body[:MOST_READ], "")
    saved = _saved(text)
    stated = _stated(text)
    base = absolute(stated.get("base", ""), saved) or saved
    named = (absolute(stated.get(name, ""), base) for name in ("canonical", "og:url"))
    return next((url for url in (*named, saved, base) if url and not is_home(url)), "")


def _saved(text: str) -> str:
    """What the browser wrote down; `--`, which no comment may hold, is escaped by it."""
    comment = _SAVED.search(text)
    url = re.sub("%2D%2D", "--", comment[1], flags=re.IGNORECASE).removesuffix("--") if comment else ""
    return absolute(url, url)


def _stated(text: str) -> dict[str, str]:
    """What the elements of a page say, the first of each kind."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    stated: dict[str, str] = {}
    try:
        tree = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.LxmlError:  # no element at all
        return {}
    for name, value in _statements(tree) if tree is not None else ():
        if value.strip():
            stated.setdefault(name, value)
    return stated


def _statements(tree: etree._Element) -> Iterator[tuple[str, str]]:
    for element in tree.iter("base", "link", "meta"):
        if element.tag == "base":
            yield "base", element.get("href", "")
        elif element.tag == "link":
            for name in element.get("rel", "").lower().split():
                yield name, element.get("href", "")
        else:
            yield (element.get("property") or element.get("name") or "").lower(), element.get("content", "")
