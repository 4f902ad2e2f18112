"""A page, parsed once for all who read it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from lxml.etree import LxmlError
from lxml.html import HtmlElement
from trafilatura import load_html

from ingest.core.extract.decode import decode
from ingest.core.plain import clean, fold
from ingest.model import Response

PARAGRAPH = "\u2029"
"""Unicode's own paragraph separator."""

_DEPTH = 256
"""Elements within each other from which on libxml2 drops the rest of a page (its XML_PARSE_HUGE would allow 2,048, of
which tables alone take trafilatura half a minute)."""

_REFERENCE = re.compile(r"&#(?:[xX]0*+[0-9a-fA-F]{1,7}+|0*+[0-9]{1,7}+);?")


@dataclass(frozen=True)
class Page:
    """The tree of a page with what is looked up in it again and again."""

    url: str
    """Where it was found."""
    base: str
    """What its relative links are relative to."""
    tree: HtmlElement
    title: str
    """What its `<title>` says."""
    metas: dict[str, tuple[str, ...]]
    """Lower-case `property` or `name` of the meta elements → their contents, in order, none empty."""
    is_cut: bool
    """Whether it nests so deeply that the parser dropped the rest."""

    def meta(self, *names: str) -> str:
        """The first content of the first of these metas that there is."""
        return next((content for name in names for content in self.metas.get(name, ())), "")

    def link(self, reference: str) -> str:
        """An absolute http(s) URL; empty where the reference is none."""
        try:
            url = urljoin(self.base, clean(reference).strip())
        except ValueError:  # no URL at all, such as an unfinished IPv6 address
            return ""
        return url if url.startswith(("http://", "https://")) else ""


def parse(response: Response) -> Page | None:
    """The page in a response; None where there is no HTML in it."""
    text, _ = decode(response.body, response.headers.get("content-type", ""))
    try:
        tree = load_html(_REFERENCE.sub(_storable, text))
    except (LxmlError, ValueError):  # the parser gives up on some binary files and empty bodies
        return None
    if tree is None:
        return None
    _mark_paragraphs(tree)
    title = next((fold(title.text_content()) for title in tree.iter("title")), "")
    is_cut = bool(tree.xpath(f"boolean({'/*' * _DEPTH})"))
    return Page(response.final_url, _base(response.final_url, tree), tree, title, _metas(tree), is_cut)


def _storable(reference: re.Match[str]) -> str:
    """The reference; nothing for a control character, on which trafilatura gives up the whole text."""
    return reference[0] if clean(unescape(reference[0])) else ""


def _mark_paragraphs(tree: HtmlElement) -> None:
    """Make two line breaks in a row a paragraph separator in the text, which outlives every change of the tree."""
    for line in tree.iter("br"):
        previous = line.getprevious()
        if previous is not None and previous.tag == "br" and not (previous.tail or "").strip():
            line.tail = PARAGRAPH + (line.tail or "")


def _base(url: str, tree: HtmlElement) -> str:
    try:
        return next((urljoin(url, base.get("href")) for base in tree.iter("base") if base.get("href")), url)
    except ValueError:
        return url


def _metas(tree: HtmlElement) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, content in _named_contents(tree):
        found[name].append(content)
    return {name: tuple(contents) for name, contents in found.items()}


def _named_contents(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        name = meta.get("property") or meta.get("name") or meta.get("http-equiv")
        if name and content:
            yield name.strip().lower(), content
