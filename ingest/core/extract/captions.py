"""The captions of a gallery: the text of an article that is made of pictures.

Elsewhere a caption is no text (`prune`). In a gallery each is a paragraph, in the order of the pictures.
"""

from collections.abc import Iterator

from lxml.html import HtmlElement

from ingest.core.extract.blocks import blocks_of

_CAPTIONS = """descendant::figcaption
    | descendant::figure[not(.//figcaption)]//*[contains(@class, 'caption')]
      [not(ancestor::*[contains(@class, 'caption')])]"""
_ELSEWHERE = frozenset({"aside", "nav", "footer"})
_FEWEST = 2
_AT_MOST = 500


def captions(tree: HtmlElement) -> list[str]:
    """The captions of a page's pictures; none where there are too few to make a gallery."""
    found = list(_texts(tree))
    return found if len(found) >= _FEWEST else []


def _texts(tree: HtmlElement) -> Iterator[str]:
    for caption in tree.xpath(_CAPTIONS)[:_AT_MOST]:
        if _ELSEWHERE.isdisjoint(element.tag for element in caption.iterancestors()):
            yield from blocks_of(caption)
