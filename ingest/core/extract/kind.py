"""What an article is besides a text: a live blog, a gallery or a video page; by what the page declares.

A video or a gallery that a page declares beside an article illustrates it, so that these kinds are told only where no
article is declared, or where there is hardly any text.
"""

import re
from urllib.parse import urlsplit

from ingest.core.extract.length import words
from ingest.core.extract.page import Page
from ingest.model import Kind

_FEW = 80
"""Words of a text below which a page of pictures or a video is taken for no article."""
_LOOKED_AT = 2000
"""Characters of a text; of so few words, more is no language."""
_TYPE = re.compile(r'"@type"\s*:\s*(?:\[\s*)?"(?:https?://schema\.org/)?(\w+)"(?:\s*,\s*"(\w+)")*')
_ARTICLE = re.compile(r"(Article|BlogPosting|Report|Review)$")
_LIVE = "LiveBlogPosting"
_DECLARED: dict[str, Kind] = {"ImageGallery": "gallery", "MediaGallery": "gallery", "VideoObject": "video"}
_ADDRESSES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (
        re.compile(
            r"gallery|galleries|galeri[ae]?|photos|pictures|slideshow|fotostrecke|bildergalerie|diaporama", re.I
        ),
        "gallery",
    ),
    (re.compile(r"videos?|watch|mediathek", re.I), "video"),
)


def kind_of(page: Page, text: str) -> Kind:
    """The kind of a page's article, whose text was found."""
    types = _types(page)
    few = words(text[:_LOOKED_AT]) < _FEW
    if _is_live(page, types):
        return "live"
    if not few and (not types or any(map(_ARTICLE.search, types))):
        return "article"
    declared: Kind = next((_DECLARED[name] for name in types if name in _DECLARED), "article")
    if few and declared == "article":
        return "video" if page.meta("og:type").startswith("video") else _by_address(page.url)
    return declared


def is_live(page: Page) -> bool:
    """Whether the page is a running report: many short posts, each with its time and headline."""
    return _is_live(page, _types(page))


def _is_live(page: Page, types: list[str]) -> bool:
    return _LIVE in types or next(page.tree.iter("amp-live-list"), None) is not None


def _types(page: Page) -> list[str]:
    """The names of the types that the page's JSON-LD and microdata speak of, in order."""
    scripts = (script.text or "" for script in page.tree.iter("script") if "ld+json" in (script.get("type") or ""))
    stated = [name for script in scripts for found in _TYPE.finditer(script) for name in found.groups() if name]
    scopes = (str(scope).rpartition("/")[2] for scope in page.tree.xpath("//@itemtype"))
    return [*stated, *scopes]


def _by_address(url: str) -> Kind:
    segments = urlsplit(url).path.split("/")
    return next((kind for names, kind in _ADDRESSES if any(map(names.fullmatch, segments))), "article")
