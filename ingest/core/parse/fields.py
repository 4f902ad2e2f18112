"""What all formats have in common: how a field of a feed becomes a field of a noun."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import urljoin, urlsplit

from ingest.core.plain import clean, fold, plain, plain_line

MAX_ENTRIES = 5000
"""Entries that are taken of one document: the longest real feeds, complete podcasts, have about 3,000."""

URL_MAX = 4096
"""Longer addresses are data (`data:` pages, trackers gone wrong), and no server takes them."""

ID_MAX = 2000
"""Characters; a longer id is known by its hash, since ids are keys of the store."""

NAME_MAX = 500
"""Characters of a name that are looked at; nobody has more."""

PEOPLE_MAX = 100
"""Authors that are taken: those of a feed are repeated in each of its entries, which may be thousands."""

ARTICLE_MIN = 1000
"""Characters of text that make a description an article, if it has paragraphs: summaries in feeds end before 600."""

_EMAIL = re.compile(r"(?:mailto:)?[^\s<>()@,;:\"]{1,64}@[^\s<>()@,;:\"]{1,255}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8}){0,3}")
_IMG = re.compile(r"<img\b([^<>]{1,4000})>?", re.IGNORECASE)
_SRC = re.compile(r"""(?<![\w-])src\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_DECORATION = re.compile(
    r"""\b(?:width|height)\s*[=:]\s*["']?[01](?:px)?\b|//feeds\.feedburner\.com/~""", re.IGNORECASE
)


def cut_short(count: int) -> tuple[str, ...]:
    """The warning about a document with too many entries, if it has."""
    return (f"only the first {MAX_ENTRIES} of {count} entries were taken",) if count > MAX_ENTRIES else ()


def absolute(url: str, base: str) -> str:
    """The http(s) URL that a reference means on `base`; empty where it means none."""
    reference = re.sub(r"[\t\n\r]", "", clean(url).strip()).replace(" ", "%20")
    try:
        joined = urljoin(base, reference)
        parts = urlsplit(joined)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets that hold no IPv6 address
        return ""
    return joined if reference and usable and len(joined) <= URL_MAX else ""


def identifier(text: str) -> str:
    """An id on one line, or its hash where it is longer than ID_MAX."""
    line = fold(text)
    return line if len(line) <= ID_MAX else f"sha256:{hashlib.sha256(line.encode()).hexdigest()}"


def people(names: Iterable[str]) -> tuple[str, ...]:
    """The names of authors, each once."""
    return each_once(map(person, names))[:PEOPLE_MAX]


def person(text: str) -> str:
    """A name without its e-mail address; empty where nothing else stands there."""
    name = plain_line(text[:NAME_MAX])
    if _EMAIL.search(name):
        rest = re.sub(r"\(\s*\)|\[\s*\]|<\s*>", " ", _EMAIL.sub(" ", name)).strip(" ,;:\"'<>")
        name = " ".join(re.sub(r"^\((.*)\)$", r"\1", rest).split())
    return "" if _is_address(name) else name


def each_once(values: Iterable[str]) -> tuple[str, ...]:
    """The values that are not empty, in order, each once."""
    return tuple(dict.fromkeys(value for value in values if value))


def keywords(values: Iterable[str]) -> tuple[str, ...]:
    """Categories as written, each once; identifiers are none, and a lone list is taken apart."""
    terms = each_once(plain_line(value) for value in values if not (_is_address(value) or _UUID.fullmatch(value)))
    return each_once(_parts(terms[0])) if len(terms) == 1 else terms


def _parts(term: str) -> Iterator[str]:
    """Parts of a list in one element: at least three short ones, none of which is the tail of a phrase.

    So `Food, Drink, and Travel` and `Washington, D.C.` stay whole.
    """
    parts = [part.strip() for part in re.split(r"[,;|]", term)]
    short = all(part and len(part.split()) <= 3 for part in parts)
    phrase = any(re.match(r"(?:and|or|und|et|y|e|&)\s", part, re.IGNORECASE) for part in parts)
    yield from parts if len(parts) >= 3 and short and not phrase else [term]


def _is_address(text: str) -> bool:
    return text.lstrip().startswith(("http://", "https://"))


def language(tag: str) -> str | None:
    """A BCP 47 tag; None for anything else, and for `und`."""
    tag = tag.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) and tag.lower() != "und" else None


def as_html(text: str) -> str:
    """Plain text as HTML, a `<p>` for each paragraph."""
    paragraphs = re.split(r"\n[ \t]*(?:\n\s*)+", clean(text).strip())
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs if paragraph.strip())


def fullest(summary: str, description: str, contents: Iterable[str]) -> str:
    """The HTML that is the article itself, rather than a summary of it; empty where there is none.

    Content is content, unless the description says more. A description is content only where it is long and has
    paragraphs: many feeds put whole articles there, and more put summaries.

    Args:
        summary: the description as plain text.
        description: the description as HTML.
        contents: what the feed gives as content, as HTML.
    """
    best, content = max(((len(plain(html)), html) for html in contents), default=(0, ""))
    if best and best >= len(summary):
        return clean(content)
    return clean(description) if len(summary) >= ARTICLE_MIN and "\n\n" in summary else ""


def first_image(html: str, base: str) -> str:
    """The first picture in HTML that is neither a tracking pixel nor FeedBurner's button; empty where there is none."""
    for tag in _IMG.findall(html):
        source = _SRC.search(tag)
        if source and not _DECORATION.search(tag) and (url := absolute(source[1].replace("&amp;", "&"), base)):
            return url
    return ""


def byte_count(value: object) -> int | None:
    """A length in bytes that a database can hold."""
    digits = str(value).strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,18}", digits) else None
