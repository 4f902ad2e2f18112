"""JSON Feed 1.0 and 1.1, https://www.jsonfeed.org/version/1.1/.

Values of a wrong type are absent; ids that are numbers are their text, as the specification asks.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime

from ingest.core.dates import moment
from ingest.core.parse.fields import (
    MAX_ENTRIES,
    absolute,
    as_html,
    byte_count,
    cut_short,
    each_once,
    first_image,
    fullest,
    keywords,
    language,
    person,
)
from ingest.core.parse.values import Fields, inner, listed, string, values
from ingest.core.plain import fold, plain
from ingest.errors import ParseError
from ingest.model import Document, Enclosure, Entry

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(\d)(?:\.(\d))?/?")


def recognises(document: str) -> bool:
    """Whether the text is a JSON object."""
    return document.lstrip().startswith("{")


def read(document: str, base: str, now: datetime) -> Document:
    """The feed in a text.

    Raises:
        ParseError: no JSON, or JSON of another kind.
    """
    feed = _loaded(document, base)
    version = _VERSION.fullmatch(string(feed, "version"))
    if not version:
        raise ParseError(f"{base} is JSON but no JSON Feed: its `version` is not an address at jsonfeed.org")
    around = (base, now, _authors(feed))
    items = listed(feed, "items")
    return Document(
        format=f"json{version[1]}{version[2] or 0}",
        title=fold(string(feed, "title")),
        site_url=absolute(string(feed, "home_page_url"), base),
        language=language(string(feed, "language")),
        entries=tuple(_entry(item, *around) for item in items[:MAX_ENTRIES]),
        warnings=cut_short(len(items)),
    )


def _loaded(document: str, base: str) -> Fields:
    try:
        value = json.loads(document)
    except ValueError as error:
        raise ParseError(f"{base} begins like JSON and is none: {error}") from error
    except RecursionError as error:
        raise ParseError(f"{base} is JSON that is nested too deeply to be a feed") from error
    return value if isinstance(value, dict) else {}


def _entry(item: Fields, base: str, now: datetime, feed_authors: tuple[str, ...]) -> Entry:
    description = as_html(string(item, "summary"))
    summary = plain(description)
    content = fullest(
        summary, description, filter(None, (string(item, "content_html"), as_html(string(item, "content_text"))))
    )
    image = absolute(string(item, "image"), base) or absolute(string(item, "banner_image"), base)
    return Entry(
        guid=_id(item),
        url=absolute(string(item, "url"), base) or absolute(string(item, "external_url"), base),
        title=fold(string(item, "title")),
        summary=summary,
        content=content,
        authors=_authors(item) or feed_authors,
        categories=keywords(tag for tag in values(item, "tags") if isinstance(tag, str)),
        published=moment(string(item, "date_published"), now),
        updated=moment(string(item, "date_modified"), now),
        language=language(string(item, "language")),
        image=image or first_image(content, base) or None,
        enclosures=tuple(_enclosures(item, base)),
    )


def _id(item: Fields) -> str:
    value = item.get("id")
    return fold(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _authors(fields: Fields) -> tuple[str, ...]:
    """`authors` of version 1.1, or `author` of 1.0."""
    people = listed(fields, "authors") or [inner(fields, "author")]
    return each_once(person(string(author, "name")) for author in people)


def _enclosures(item: Fields, base: str) -> Iterator[Enclosure]:
    for file in listed(item, "attachments"):
        if url := absolute(string(file, "url"), base):
            yield Enclosure(url=url, type=fold(string(file, "mime_type")), length=byte_count(file.get("size_in_bytes")))
