"""Which rules of `sites.yaml` hold for a page, and what of the page they leave to all who look for its text."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import Element, HtmlElement

from ingest.core.dedupe.url import publisher
from ingest.core.extract.drop import drop
from ingest.core.extract.selectors import select
from ingest.model import SiteRules


class Ruled(NamedTuple):
    """The tree of a page as the rules of its site leave it."""

    tree: HtmlElement
    is_kept: bool
    """Whether its body holds nothing but what a rule keeps."""
    told: str
    """What there is to tell of the rules, for `Article.methods`."""


def rules_for(url: str, sites: Mapping[str, SiteRules]) -> SiteRules:
    """The rules of the page's host, else of its registrable domain; without either, rules that say nothing."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return sites.get(host) or sites.get(publisher(url)) or SiteRules()


def ruled(tree: HtmlElement, rules: SiteRules) -> Ruled:
    """A copy without what is dropped and, where anything is found that is kept, with nothing else in its body."""
    if not (rules.keep or rules.drop):
        return Ruled(tree, is_kept=False, told="")
    tree = deepcopy(tree)
    inner = tree.find(".//body")
    body = tree if inner is None else inner
    dropped = [element for element in _selected(body, rules.drop) if element is not body]
    drop(dropped)
    kept = _selected(body, rules.keep)
    told = " and sites.yaml" if dropped or kept else ""
    if rules.keep and not kept:
        told += "; keep in sites.yaml finds nothing"
    return Ruled(_held(tree, body, kept) if kept else tree, bool(kept), told)


def _selected(body: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    return list(dict.fromkeys(element for selector in selectors for element in select(body, selector)))


def _held(tree: HtmlElement, body: HtmlElement, kept: list[HtmlElement]) -> HtmlElement:
    """The tree with a body that holds these elements, in their order, and nothing around them."""
    chosen = set(kept)
    holder: HtmlElement = Element("body")
    parent = body.getparent()
    if parent is not None:
        parent.replace(body, holder)
    for element in [one for one in kept if chosen.isdisjoint(one.iterancestors())]:
        element.tail = None
        holder.append(element)
    return holder if parent is None else tree
