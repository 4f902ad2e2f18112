"""What a page declares about its article, one record for each notation that it uses.

The records come in the order in which they are believed: the page's, then the feed's. Each says only what stands
there; nothing is guessed. Texts are plain, dates and addresses as written.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lxml.html import HtmlElement

from ingest.core.extract.json_ld import article, graph, strings
from ingest.core.extract.page import Page
from ingest.core.plain import plain_line
from ingest.model import Entry

T = TypeVar("T")

_FREE = {"true": True, "false": False}
"""As a boolean, a word, or one of schema.org's addresses for it."""
_TIERS = {"free": True, "locked": False}
"""`metered` says neither: it depends on what its reader read before."""


@dataclass(frozen=True)
class Declared:
    """What one notation says; empty where it says nothing."""

    notation: str
    title: str = ""
    authors: tuple[str, ...] = ()
    site: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""
    canonical_url: str = ""
    image: str = ""
    section: str = ""
    categories: tuple[str, ...] = ()
    summary: str = ""
    body: str = ""
    """The whole text of the article, where it is given away from the page's visible text."""
    free: bool | None = None
    """Whether all of the article may be read without paying; None where nothing is said."""


def declarations(page: Page, entry: Entry) -> tuple[Declared, ...]:
    """What each notation of the page says, the most believed first, and at last what the feed's entry says."""
    return (*(_plain(read(page)) for read in NOTATIONS), feed(entry))


def first(records: Sequence[Declared], field: Callable[[Declared], T]) -> tuple[T, str]:
    """The first statement about a field, and the notation that it was made in."""
    for record in records:
        if said := field(record):
            return said, record.notation
    return field(Declared("")), ""


def feed(entry: Entry) -> Declared:
    """What the feed says; its dates are read already."""
    return Declared(
        "feed",
        title=entry.title,
        authors=entry.authors,
        site=entry.site,
        language=entry.language or "",
        image=entry.image or "",
        categories=entry.categories,
        summary=entry.summary,
    )


def json_ld(page: Page) -> Declared:
    """schema.org in JSON-LD scripts."""
    stated = graph(page)
    node = article(page, stated)
    if node is None:
        return Declared("json-ld")

    def one(*names: str, key: str = "name") -> str:
        return next((text for name in names for text in strings(stated.resolve(node.get(name)), key)), "")

    authors = node.get("author") or node.get("creator")
    people = authors if isinstance(authors, list) else [authors]
    keywords = strings(node.get("keywords"))
    return Declared(
        "json-ld",
        title=one("headline", "name"),
        authors=tuple(name for person in people for name in strings(stated.resolve(person))),
        site=one("publisher"),
        published=one("datePublished", "dateCreated", "uploadDate"),
        modified=one("dateModified"),
        language=one("inLanguage"),
        image=one("image", key="url") or one("thumbnailUrl"),
        section=one("articleSection"),
        categories=split_keywords(keywords) if len(keywords) == 1 else keywords,
        summary=one("description", "alternativeHeadline"),
        body=one("articleBody"),
        free=_FREE.get(str(node.get("isAccessibleForFree")).lower().rpartition("/")[2]),
    )


def open_graph(page: Page) -> Declared:
    """Open Graph and its `article:` names (https://ogp.me)."""
    return Declared(
        "open-graph",
        title=page.meta("og:title"),
        authors=page.metas.get("article:author", ()) + page.metas.get("og:article:author", ()),
        site=page.meta("og:site_name"),
        published=page.meta("article:published_time", "og:article:published_time", "article:published"),
        modified=page.meta("article:modified_time", "og:article:modified_time", "og:updated_time"),
        language=page.meta("og:locale"),
        canonical_url=page.meta("og:url"),
        image=page.meta("og:image:secure_url", "og:image", "og:image:url"),
        section=page.meta("article:section", "og:article:section"),
        free=_TIERS.get(page.meta("article:content_tier").lower()),
        categories=tuple(tag for tags in page.metas.get("article:tag", ()) for tag in split_keywords((tags,))),
        summary=page.meta("og:description"),
    )


def metas(page: Page) -> Declared:
    """Dublin Core and the names that publishers' systems write."""
    return Declared(
        "meta",
        title=page.meta(
            "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "twitter:title", "citation_title"
        ),
        authors=_firsts(page, "author", "dc.creator", "dcterms.creator", "byl", "parsely-author", "sailthru.author"),
        site=page.meta("application-name", "dc.publisher", "dcterms.publisher"),
        published=page.meta(*_DATE_NAMES),
        modified=page.meta("last-modified", "dcterms.modified", "dc.date.modified", "revised"),
        language=page.meta("content-language", "dc.language", "language"),
        image=page.meta("twitter:image", "twitter:image:src", "parsely-image-url", "thumbnail"),
        section=page.meta("parsely-section", "section", "cxenseparse:category"),
        categories=split_keywords(_firsts(page, "news_keywords", "parsely-tags", "sailthru.tags", "dc.subject")),
        summary=page.meta("description", "dc.description", "dcterms.abstract", "twitter:description"),
    )


def microdata(page: Page) -> Declared:
    """schema.org as attributes of the first article element."""
    scopes = page.tree.xpath("//*[@itemtype]")
    scope = next((e for e in scopes if e.get("itemtype").rstrip("/").endswith(_ITEM_TYPES)), None)
    if scope is None:
        return Declared("microdata")
    found: dict[str, str] = {}
    for element in scope.iterfind(".//*[@itemprop]"):
        for name in element.get("itemprop").split():
            found.setdefault(name, _value(element))
    return Declared(
        "microdata",
        title=found.get("headline", ""),
        authors=tuple(filter(None, [found.get("author", "")])),
        published=found.get("datePublished", ""),
        modified=found.get("dateModified", ""),
        section=found.get("articleSection", ""),
        categories=split_keywords((found.get("keywords", ""),)),
    )


def heading(page: Page) -> Declared:
    """The page's only first-level heading, or the first within its article."""
    found = page.tree.findall(".//h1")
    chosen = found if len(found) < 2 else page.tree.xpath("(//article//h1 | //main//h1)[1]")
    return Declared("heading", title=next(iter(_texts(chosen)), ""))


def html(page: Page) -> Declared:
    """What plain HTML has for it: title, time, lang, rel=canonical, rel=author, rel=tag."""
    times = page.tree.xpath("//time[@datetime][not(ancestor::aside or ancestor::nav or ancestor::footer)]")
    return Declared(
        "html",
        title=page.title,
        authors=_texts(page.tree.xpath("//a[@rel='author']")),
        published=next((time.get("datetime") for time in times), ""),
        language=page.tree.get("lang") or page.tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        canonical_url=next(iter(page.tree.xpath("//link[@rel='canonical']/@href")), ""),
        categories=_texts(page.tree.xpath("//a[contains(concat(' ', @rel, ' '), ' tag ')]")),
    )


def keywords(page: Page) -> Declared:
    """`<meta name="keywords">`, where it looks like an editor's tags rather than a search engine's bait."""
    stated = split_keywords(page.metas.get("keywords", ()))
    edited = len(stated) <= 12 and all(len(word) <= 40 and len(word.split()) <= 4 for word in stated)
    return Declared("keywords", categories=stated if edited else ())


NOTATIONS: tuple[Callable[[Page], Declared], ...] = (json_ld, open_graph, metas, microdata, heading, html, keywords)

_ITEM_TYPES = ("Article", "BlogPosting", "NewsArticle", "Report")
_DATE_NAMES = """
    dc.date.issued dcterms.issued dcterms.created dc.date.created dc.date dcterms.date date pubdate
    publishdate publish-date publication_date date.issued parsely-pub-date sailthru.date
    cxenseparse:recs:publishtime citation_publication_date article.published originalpublicationdate
""".split()

_SEPARATORS = re.compile(r"\s*[;|]\s*")
_COMMAS = re.compile(r"\s*[,،、，]\s*")


def split_keywords(values: Iterable[str]) -> tuple[str, ...]:
    """Single tags of lists that are written in one string: by semicolon or bar, else by comma."""
    found: list[str] = []
    for value in values:
        line = plain_line(value)
        parting = _SEPARATORS if _SEPARATORS.search(line) else _COMMAS
        found.extend(filter(None, parting.split(line)))
    return tuple(found)


def _plain(record: Declared) -> Declared:
    return replace(
        record,
        title=plain_line(record.title),
        authors=tuple(map(plain_line, record.authors)),
        site=plain_line(record.site),
        section=plain_line(record.section),
        categories=tuple(map(plain_line, record.categories)),
        summary=plain_line(record.summary),
    )


def _firsts(page: Page, *names: str) -> tuple[str, ...]:
    return next((page.metas[name] for name in names if name in page.metas), ())


def _texts(elements: Iterable[HtmlElement]) -> tuple[str, ...]:
    return tuple(text for element in elements if (text := " ".join(element.text_content().split())))


def _value(element: HtmlElement) -> str:
    """A property's value: https://html.spec.whatwg.org/multipage/microdata.html#values."""
    stated: str | None = element.get("content") or element.get("datetime")
    return stated or " ".join(element.text_content().split())
