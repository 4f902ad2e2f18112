"""The article that a page describes in JSON-LD (https://schema.org/Article).

Publishers write it by hand and by template: as one object, a list, a `@graph`, with names or nodes or references for
people and organisations, with stray commas and comments. Whatever can be read is read; the rest is as if not there.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from ingest.core.extract.page import Page

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Node = dict[str, Json]

_ARTICLE = re.compile(r"(Article|Posting|Report|Review)$")
_LESS = re.compile(r"(WebPage|VideoObject|AudioObject|PodcastEpisode|ImageGallery|MediaGallery|Recipe|Event)$")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
"""Where an article lies within another node. Not in lists of items: these hold other articles."""
_WRAPPING = re.compile(r"^\s*(?:<!--|(?://\s*)?<!\[CDATA\[|/\*[^*]*\*/)|(?:-->|(?://\s*)?\]\]>|/\*[^*]*\*/|;)\s*$")
_STRAY_COMMA = re.compile(r",(\s*[}\]])")
_NODES_AT_MOST = 500
_PATHS_AT_MOST = 10
"""Addresses that a page goes by; a page that states more says nothing by it."""


@dataclass(frozen=True)
class Graph:
    """The nodes of a page, and those that others refer to by their `@id`."""

    nodes: tuple[Node, ...]
    ids: dict[str, Node]

    def resolve(self, value: Json) -> Json:
        """The node behind a bare reference; anything else as it is."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
            return self.ids.get(str(value.get("@id")), value)
        return value


def graph(page: Page) -> Graph:
    """All nodes that the page states, in its order."""
    nodes: list[Node] = []
    for script in page.tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            nodes.extend(_nodes(_load(script.text)))
    return Graph(tuple(nodes[:_NODES_AT_MOST]), _by_id(nodes))


def article(page: Page, stated: Graph) -> Node | None:
    """The node that is the page's article: an article rather than a page or video, and this page's own."""
    candidates = [node for node in stated.nodes if _rank(node) < _NONE]
    here = _paths(page) if len(candidates) > 1 else set()
    return min(
        candidates, key=lambda node: (_rank(node) == _STAND_IN, not _is_here(node, here), _rank(node)), default=None
    )


def strings(value: Json, key: str = "name") -> tuple[str, ...]:
    """The texts in a value that may be a text, a node with its texts under `key`, or a list of these; no deeper."""
    named = (item.get(key) if isinstance(item, dict) else item for item in _listed(value))
    texts = (text.strip() for name in named for text in _listed(name) if isinstance(text, str))
    return tuple(filter(None, texts))


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _load(text: str) -> Json:
    """Lenient: control characters in strings, wrappings and stray commas are allowed."""
    bare = _WRAPPING.sub("", text)
    for attempt in (bare, _STRAY_COMMA.sub(r"\1", bare)):
        try:
            loaded: Json = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):  # no JSON, or nested to crash those who read it
            continue
        return loaded
    return None


def _nodes(value: Json) -> Iterator[Node]:
    stack = [value]
    while stack:
        top = stack.pop()
        if isinstance(top, list):
            stack.extend(reversed(top))
        elif isinstance(top, dict):
            yield top
            stack.extend(nested for name in _NESTED if isinstance(nested := top.get(name), dict | list))


def _by_id(nodes: list[Node]) -> dict[str, Node]:
    known: dict[str, Node] = {}
    for node in nodes:
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > len(known.get(identity, ())):
            known[identity] = node
    return known


_STAND_IN = 2
_NONE = 3


def _rank(node: Node) -> int:
    """0 for an article with a headline, 1 for one without, 2 for what may stand for one."""
    types = strings(node.get("@type"))
    if any(_ARTICLE.search(name) for name in types):
        return 0 if node.get("headline") else 1
    return _STAND_IN if any(_LESS.search(name) for name in types) else _NONE


def _paths(page: Page) -> set[str]:
    """The paths that the page goes by: where it was found, and where it says that it belongs."""
    stated = (page.url, page.meta("og:url"), *page.tree.xpath("//link[@rel='canonical']/@href"))
    paths = (urlsplit(url).path.rstrip("/") for reference in stated if (url := page.link(reference)))
    return set(islice((path for path in paths if path), _PATHS_AT_MOST))


def _is_here(node: Node, paths: set[str]) -> bool:
    """Whether the node names the page as its own place, or names none."""
    named = [
        text
        for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
        for text in strings(value, "@id")
    ]
    return not named or any(path in text for path in paths for text in named)
