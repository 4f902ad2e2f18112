"""One entry of feedparser's result as an Entry.

feedparser's values are read by their type: what is not of the type that the key should have is absent.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from ingest.core.dates import moment
from ingest.core.parse.fields import (
    NAME_MAX,
    absolute,
    as_html,
    byte_count,
    each_once,
    first_image,
    fullest,
    identifier,
    keywords,
    language,
    people,
)
from ingest.core.parse.values import Fields, inner, listed, string
from ingest.core.plain import clean, fold, plain, plain_line
from ingest.model import Enclosure, Entry, Moment

HTML_TYPES = ("text/html", "application/xhtml+xml")
_CUT = re.compile(r"^[a-z]+ \((?=[^()]+$)|(?<=\S) [<(][a-z]+>?$")
"""What feedparser leaves of an address in a name, beside it or in brackets."""


class Surroundings(NamedTuple):
    """What an entry takes from the document that it stands in."""

    base: str
    now: datetime
    format: str
    title: str
    authors: tuple[str, ...]
    """For entries that name none; RFC 4287, section 4.2.1. Empty for formats that do not say so."""


def entry_of(item: Fields, around: Surroundings) -> Entry:
    """The Entry in one of feedparser's entries; whatever is missing is empty."""
    description = _html(inner(item, "summary_detail"))
    contents = [html for part in listed(item, "content") if (html := _html(part))]
    summary = plain(description)
    content = fullest(summary, description, contents)
    published, updated = _dates(item, around)
    return Entry(
        guid=identifier(string(item, "id")),
        url=_link(item, around.base),
        site=_site(item, around),
        title=line(item, "title"),
        summary=summary,
        content=content,
        authors=authors(item) or authors(inner(item, "source")) or around.authors,
        categories=keywords(string(tag, "label") or string(tag, "term") for tag in listed(item, "tags")),
        published=published,
        updated=updated,
        language=_language(item),
        image=_image(item, around.base, content or description),
        enclosures=tuple(_enclosures(item, around.base)),
    )


def authors(fields: Fields) -> tuple[str, ...]:
    """The names of all authors of an entry, a source or a feed."""
    return people(_bylines(fields)) or people([string(fields, "author")])


def _bylines(fields: Fields) -> Iterator[str]:
    """The names; of one with an e-mail address, what is written.

    feedparser cuts such an address after four letters of its last label, and takes the rest of that for the name:
    `mail@paper.press (Ada Brine)` becomes `s (Ada Brine`. Only of the last author is the text known as written.
    """
    written, named = string(fields, "author"), listed(fields, "authors")
    for author in named:
        name, email = string(author, "name"), string(author, "email")
        if author is named[-1] and email and email in written:
            yield written
        else:
            yield _CUT.sub("", name) if email else name


def page_link(fields: Fields) -> str:
    """The link to the page: `rel=alternate`, of type HTML if there is one, the first of several."""
    links = [link for link in _links(fields, "alternate") if string(link, "href")]
    best = next((link for link in links if string(link, "type") in HTML_TYPES), links[0] if links else {})
    return string(best, "href")


def links(fields: Fields, rel: str, base: str) -> tuple[str, ...]:
    """Where the links of a relation lead."""
    return each_once(absolute(string(link, "href"), base) for link in _links(fields, rel))


def line(fields: Fields, key: str) -> str:
    """A title on one line, read as markup only where its type says so."""
    detail = inner(fields, f"{key}_detail")
    value = string(detail, "value")
    return fold(value) if string(detail, "type") == "text/plain" else plain_line(value)


def _site(item: Fields, around: Surroundings) -> str:
    """The source that the entry was taken from (feedparser gives that of RSS without its type), else the feed."""
    source = inner(item, "source")
    return (line(source, "title") or plain_line(string(source, "title")) or around.title)[:NAME_MAX]


def _link(item: Fields, base: str) -> str:
    """FeedBurner's note of the original address, the link, or an id that is an address and not said to be none."""
    permanent = string(item, "link")  # feedparser puts such an id here
    candidates = [string(item, "feedburner_origlink"), page_link(item)]
    if permanent.startswith("http"):
        candidates.append(permanent)
    return next((url for reference in candidates if (url := absolute(reference, base))), "")


def _html(detail: Fields) -> str:
    """A text construct as HTML; empty for other media, which are no text."""
    kind, value = string(detail, "type"), string(detail, "value")
    if kind == "text/plain":
        return as_html(value)
    return clean(value) if kind in HTML_TYPES else ""


def _dates(item: Fields, around: Surroundings) -> tuple[Moment | None, Moment | None]:
    """Published and updated; in RSS `dc:date`, which feedparser calls updated, is the publication.

    They are read from the raw text, which alone knows the zone: feedparser's own readers fill gaps, and make 1 March of
    30 February.
    """
    published, created, updated = (moment(string(item, key), around.now) for key in ("published", "created", "updated"))
    published = published or created
    if published is None and not around.format.startswith("atom"):
        published = updated
    return published, updated


def _language(item: Fields) -> str | None:
    details = (*listed(item, "content"), inner(item, "summary_detail"), inner(item, "title_detail"))
    stated = (string(item, "language"), *(string(detail, "language") for detail in details))
    return next((tag for text in stated if (tag := language(text))), None)


def _image(item: Fields, base: str, html: str) -> str | None:
    """What the feed calls the entry's picture, the widest of several; else the first in its text."""
    media = sorted(filter(_is_picture, listed(item, "media_content")), key=_width, reverse=True)
    files = [link for link in _links(item, "enclosure") if string(link, "type").startswith("image/")]
    named = [*media, *files, *listed(item, "media_thumbnail"), inner(item, "image")]
    addresses = (absolute(string(picture, "url") or string(picture, "href"), base) for picture in named)
    return next(filter(None, addresses), first_image(html, base)) or None


def _is_picture(media: Fields) -> bool:
    return string(media, "medium") == "image" or string(media, "type").startswith("image/")


def _width(media: Fields) -> int:
    return byte_count(string(media, "width")) or 0


def _enclosures(item: Fields, base: str) -> Iterator[Enclosure]:
    for link in _links(item, "enclosure"):
        if url := absolute(string(link, "href"), base):
            yield Enclosure(url=url, type=fold(string(link, "type")), length=byte_count(link.get("length")))


def _links(item: Fields, rel: str) -> Iterable[Fields]:
    return (link for link in listed(item, "links") if string(link, "rel") == rel)
