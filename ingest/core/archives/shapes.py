"""Which addresses of a site look like its articles.

Rule 1: what lies elsewhere, or is a home page, a list (a tag, an author, a search), or a file of another kind is none.
Rule 2: where all known articles lie in one folder, others lie there too.
Rule 3: an address of the shape of a known article is one. A shape is what the parts of a path are (words, a date, a
        title, a number), not what they say.
Rule 4: a date or a long number with something behind or before it speaks for an article, whatever the samples: sites
        change their addresses over the years.
Rule 5: a title of several words does so where few articles are known.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from ingest.core.archives.spans import span_of_article
from ingest.core.datewords import MONTHS, bare
from ingest.core.dedupe.url import publisher, untracked
from ingest.core.parse.fields import URL_MAX

FEW = 5
"""Articles that are too few to tell what addresses a site has, or that they all lie in one folder."""
MOST_SAMPLES = 200
"""More of them teach nothing new."""

LISTS = frozenset(
    "tag tags category categories kategorie kategorien categoria categorie author authors autor autoren auteur auteurs"
    " autore page pages seite search suche buscar recherche cerca label labels topic topics thema themen rubrik"
    " feed feeds rss amp user users profile profiles account shop cart checkout comments wp-content wp-json wp-admin"
    " wp-login.php wp-includes cdn-cgi cgi-bin assets static".split()
)
"""Parts of paths below which lists and tools lie, unless known articles lie there too."""
FURNITURE = frozenset(
    "about about-us contact contact-us kontakt impressum imprint privacy privacy-policy datenschutz terms legal cookies"
    " cookie-policy terms-of-service terms-and-conditions faq help sitemap jobs careers advertise login signin register"
    " signup subscribe subscription newsletter newsletters archive archives".split()
)
"""Names of pages that each site has."""

FILES = frozenset(
    "jpg jpeg png gif webp svg avif ico bmp mp3 m4a ogg wav mp4 m4v mov avi webm m3u8 pdf doc docx xls xlsx ppt pptx"
    " odt epub zip gz tar rar 7z exe dmg apk css js json xml rss atom rdf txt csv ics woff woff2 ttf map".split()
)

_EXTENSION = re.compile(r"\.([a-z][a-z0-9]{1,5})$", re.IGNORECASE)
_NAMES_ARTICLE = re.compile(r"(?:p|id|aid|nid|sid|story|storyid|story_id|article|articleid|article_id|newsid|news_id)")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{6,}")
_WORDS = re.compile(r"[^\W\d_]{2,}|\d+")

_DATE = re.compile(r"(?:19|20)\d\d(?:[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?[0-3]\d)?)?")
_TELLING = frozenset({"title", "identifier", "date"})
"""Kinds of parts that pages of other sorts seldom have."""

Shape = tuple[str, ...]


class Shapes(NamedTuple):
    """What the addresses of a site's articles look like."""

    publishers: frozenset[str]
    folder: str
    """Where all of them lie; `/` or the beginning of a path up to a slash."""
    known: frozenset[Shape]
    words: frozenset[str]
    """Those of LISTS and FURNITURE that the paths of known articles hold."""
    is_taught: bool
    """Whether enough of them are known."""


class _Address(NamedTuple):
    """An address, taken apart."""

    root: str
    path: str
    parts: tuple[str, ...]
    kinds: tuple[str, ...]
    """What each of the parts is."""
    query: tuple[tuple[str, str], ...]
    extension: str


def shapes_of(samples: Sequence[str], site_url: str, feed_url: str) -> Shapes:
    """What articles of a feed look like, by those that it has listed.

    Args:
        samples: addresses of its articles; may be none.
        site_url: what publishes them, and where the feed is asked: of use where there are no samples.
        feed_url: likewise.
    """
    publishers = frozenset(filter(None, [publisher(site_url) or publisher(feed_url), _main_publisher(samples)]))
    own = list(_own(samples[:MOST_SAMPLES], publishers))
    return Shapes(
        publishers=publishers,
        folder=_common_folder(own) if len(own) >= FEW else "/",
        known=frozenset(map(_shape, own)),
        words=frozenset(part for sample in own for part in sample.parts) & (LISTS | FURNITURE),
        is_taught=len(own) >= FEW,
    )


def looks_like_article(url: str, shapes: Shapes) -> bool:
    """Whether an address may be one of an article of the site, by the rules above; never raises."""
    try:
        address = _apart(url)
    except ValueError:  # brackets that hold no IPv6 address
        return False
    if len(url) > URL_MAX or _publisher_of(address.root) not in shapes.publishers or _is_other(address, shapes):
        return False
    shape = _shape(address)
    return shape in shapes.known or _is_numbered(url, address) or (not shapes.is_taught and "title" in shape)


def home_of(samples: Sequence[str], site_url: str, feed_url: str) -> str:
    """The root of the host that the articles lie on, as an address; empty where nothing tells it."""
    own = publisher(site_url) or _main_publisher(samples) or publisher(feed_url)
    roots = Counter(root for root in map(_root, samples[:MOST_SAMPLES]) if root and publisher(root) == own)
    return next((root for root, _ in roots.most_common(1)), "") or _root(site_url) or _root(feed_url)


def _root(url: str) -> str:
    try:
        return _origin(urlsplit(url))
    except ValueError:
        return ""


def _origin(parts: SplitResult) -> str:
    """Scheme and host, without a user's name."""
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}/" if parts.scheme in ("http", "https") and parts.hostname else ""


def _main_publisher(samples: Iterable[str]) -> str:
    """Where at least half of the articles lie; an aggregator's lie everywhere."""
    counted = Counter(map(publisher, list(samples)[:MOST_SAMPLES]))
    name, count = max(counted.items(), key=lambda item: item[1], default=("", 0))
    return name if 2 * count >= counted.total() else ""


def _own(samples: Iterable[str], publishers: frozenset[str]) -> Iterator[_Address]:
    for url in samples:
        with suppress(ValueError):  # a feed may list anything
            if publisher(url) in publishers:
                yield _apart(url)


@lru_cache(1024)
def _publisher_of(root: str) -> str:
    """The publisher, looked up once for a host: a list has thousands of addresses on one."""
    return publisher(root) if root else ""


def _common_folder(addresses: Sequence[_Address]) -> str:
    """The folder that all paths share, without dates and the like, which others do not share."""
    shared = []
    for parts in zip(*(address.path.split("/")[1:-1] for address in addresses), strict=False):
        if len(set(parts)) > 1 or _kind(parts[0]) != "word":
            break
        shared.append(parts[0])
    return "".join(f"/{part}" for part in shared) + "/"


def _is_other(address: _Address, shapes: Shapes) -> bool:
    """Whether it is certainly no article: rules 1 and 2."""
    parts = address.parts
    if not (parts or address.query) or address.extension in FILES or not address.path.startswith(shapes.folder):
        return True
    if parts and parts[-1] in FURNITURE and parts[-1] not in shapes.words:
        return True
    return not LISTS.isdisjoint(set(parts) - shapes.words)


def _is_numbered(url: str, address: _Address) -> bool:
    """Whether a date or a long number speaks for an article: rule 4."""
    last, kind = (address.parts[-1], address.kinds[-1]) if address.parts else ("", "")
    if kind != "date" and (_LONG_NUMBER.search(last) or _UUID.search(last)):
        return True
    if kind not in ("number", "date") and bare(last) not in MONTHS and span_of_article(url) is not None:
        return True
    return any(_NAMES_ARTICLE.fullmatch(name.lower()) and value.isdecimal() for name, value in address.query)


def _shape(address: _Address) -> Shape:
    """What the parts of the path are; where that says little, in which folder they lie; the names of parameters."""
    kinds = address.kinds
    collapsed = tuple(kind for kind, before in zip(kinds, ("", *kinds), strict=False) if kind != before)
    says_little = _TELLING.isdisjoint(kinds)
    folder = ("in", *address.parts[:-1]) if says_little else ()
    return (*collapsed, *folder, f".{address.extension}", *sorted({f"?{name}" for name, _ in address.query}))


def _kind(part: str) -> str:
    """What a part of a path is: a date, an identifier, a number, a title or a word."""
    stem = _EXTENSION.sub("", part)
    if _DATE.fullmatch(stem):
        return "date"
    if stem.isdecimal() and len(stem) < 5:
        return "number"
    words = _WORDS.findall(stem)
    if len(words) >= 4 or (len(words) == 3 and len(stem) >= 12) or _UNSPACED.search(stem):
        return "title"
    if _UUID.search(stem) or (len(stem) >= 5 and sum(map(str.isdecimal, stem)) >= 3):
        return "identifier"
    return "word"


def _apart(url: str) -> _Address:
    """An address without what only follows the reader.

    Raises:
        ValueError: it is none.
    """
    split = urlsplit(untracked(url) if "?" in url else url)
    parts = tuple(part.lower() for part in unquote(split.path).split("/") if part)
    extension = _EXTENSION.search(split.path)
    return _Address(
        root=_origin(split),
        path=split.path,
        parts=parts,
        kinds=tuple(map(_kind, parts)),
        query=tuple(parse_qsl(split.query, keep_blank_values=True)),
        extension=extension[1].lower() if extension else "",
    )
