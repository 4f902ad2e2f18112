"""The tags that a page shows below its article: links to the pages of a tag, a topic or a person."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

from ingest.core.extract.page import Page
from ingest.core.extract.place import is_elsewhere
from ingest.core.plain import fold

_TAG_PAGE = re.compile(
    r"/(?:tags?|themas?|themen?|topics?|schlag(?:wort|worte|woerter)|stichworte?|keywords?|mots?-?cles?|etiquetas?|etiket(?:ler)?"
    r"|tem[ai]s?|tagi|aiheet|sujets?|argoment[io]|emne|person(?:en)?|people)/[^?#]+$|[?&]Subject:list=",
    re.IGNORECASE,
)
_TAG_LIST = re.compile(r"(?:^|[\s_-]|article|post|entry)tags?(?:[\s_-]|list|box|__|$)", re.IGNORECASE)
_NAMED = XPath("//*[contains(@class, 'tag') or contains(@class, 'Tag')]")
_LOOKED_AT = 500
_AT_MOST = 30
_LONGEST = 50
_LONGEST_ADDRESS = 2000
"""Characters; a search in more would take long."""


def tag_links(page: Page) -> tuple[str, ...]:
    """The tags in their order, each once; empty where there are none, or so many that they are the site's own index."""
    links = (link for link in islice(_candidates(page.tree), _LOOKED_AT) if not is_elsewhere(link))
    found = tuple(dict.fromkeys(islice(_texts(links), _AT_MOST + 1)))
    return found if len(found) <= _AT_MOST else ()


def _candidates(tree: HtmlElement) -> Iterator[HtmlElement]:
    for named in _NAMED(tree):
        if _TAG_LIST.search(named.get("class")):
            yield from named.iter("a")
    for link in tree.iter("a"):
        if _leads_to_tag(link.get("href") or "") and link.getparent().tag != "p":
            yield link


def _leads_to_tag(address: str) -> bool:
    return len(address) <= _LONGEST_ADDRESS and _TAG_PAGE.search(address) is not None


def _texts(links: Iterator[HtmlElement]) -> Iterator[str]:
    texts = (fold(link.text_content()).lstrip("#").strip(" ,") for link in links)
    return (text for text in texts if 1 < len(text) <= _LONGEST)
