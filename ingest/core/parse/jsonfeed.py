"""JSON Feed 1.0 and 1.1, https://www.jsonfeed.org/version/1.1/.

Values of a wrong type are absent; ids that are numbers are their text, as the specification asks. Of a damaged
document, the items before the damage are read.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from ingest.core.dates import moment
from ingest.core.parse.fields import (
    MAX_ENTRIES,
    NAME_MAX,
    absolute,
    as_html,
    byte_count,
    cut_short,
    each_once,
    first_image,
    fullest,
    identifier,
    keywords,
    language,
    people,
)
from ingest.core.parse.values import Fields, inner, listed, string, values
from ingest.core.plain import fold, plain
from ingest.errors import ParseError
from ingest.model import Document, Enclosure, Entry

_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(\d)(?:\.(\d))?/?")
_ITEMS = re.compile(r'"items"\s*:\s*\[')
_NEXT = re.compile(r"[^\s,]")
_JSON = json.JSONDecoder(strict=False)
"""Takes line feeds and tabs in texts, which some programs do not escape."""


class _Surroundings(NamedTuple):
    """What an item takes from the document that it stands in."""

    base: str
    now: datetime
    title: str
    authors: tuple[str, ...]
    """For items that name none."""


def recognises(document: str) -> bool:
    """Whether the text is a JSON object."""
    return document.lstrip().startswith("{")


def read(document: str, base: str, now: datetime) -> Document:
    """The feed in a text.

    Raises:
        ParseError: no JSON, JSON of another kind, or nothing where the items should be.
    """
    feed, warnings = _loaded(document, base)
    version = _VERSION.fullmatch(string(feed, "version"))
    if not version:
        raise ParseError(f"{base} is JSON but no JSON Feed: its `version` is not an address at jsonfeed.org")
    title = fold(string(feed, "title"))
    around = _Surroundings(base, now, title, _authors(feed))
    items = listed(feed, "items")
    if not items and feed.get("items", []) != []:
        why = next(iter(warnings), "what its `items` holds are none")
        raise ParseError(f"{base} is a JSON Feed, but no entries could be read: {why}")
    return Document(
        format=f"json{version[1]}{version[2] or 0}",
        title=title,
        site_url=absolute(string(feed, "home_page_url"), base),
        language=language(string(feed, "language")),
        entries=tuple(_entry(item, around) for item in items[:MAX_ENTRIES]),
        warnings=(*warnings, *cut_short(len(items))),
        hubs=_hubs(feed, base),
        self_url=absolute(string(feed, "feed_url"), base),
        older_url=absolute(string(feed, "next_url"), base),
    )


def _loaded(document: str, base: str) -> tuple[Fields, tuple[str, ...]]:
    """The object in a text, or what of it stands before the damage; and what is to be said of the damage."""
    try:
        return _JSON.decode(document), ()
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else error
        if found := _before_damage(document):
            return found, (f"not well-formed, only the items before the damage are read: {reason}",)
        raise ParseError(f"{base} begins like JSON and is none: {reason}") from error


def _before_damage(document: str) -> Fields:
    """A feed whose items stand last, as they mostly do, as far as it can be read; empty where no item can."""
    start = _ITEMS.search(document)
    items = list(_values_from(document, start.end())) if start else []
    if not start or not items:
        return {}
    try:
        feed: dict[str, object] = _JSON.decode(f"{document[: start.end()]}]}}")
    except (ValueError, RecursionError):  # that was no list of the feed's own
        return {}
    return feed | {"items": items}


def _values_from(document: str, position: int) -> Iterator[object]:
    """The values of a list, until one cannot be read or the list ends."""
    with suppress(ValueError, RecursionError):
        while begin := _NEXT.search(document, position):
            value, position = _JSON.raw_decode(document, begin.start())
            yield value


def _entry(item: Fields, around: _Surroundings) -> Entry:
    base, now = around.base, around.now
    description = as_html(string(item, "summary"))
    summary = plain(description)
    content = fullest(
        summary, description, filter(None, (string(item, "content_html"), as_html(string(item, "content_text"))))
    )
    image = absolute(string(item, "image"), base) or absolute(string(item, "banner_image"), base)
    return Entry(
        guid=_id(item),
        url=absolute(string(item, "url"), base) or absolute(string(item, "external_url"), base),
        site=around.title[:NAME_MAX],
        title=fold(string(item, "title")),
        summary=summary,
        content=content,
        authors=_authors(item) or around.authors,
        categories=keywords(tag for tag in values(item, "tags") if isinstance(tag, str)),
        published=moment(string(item, "date_published"), now),
        updated=moment(string(item, "date_modified"), now),
        language=language(string(item, "language")),
        image=image or first_image(content, base) or None,
        enclosures=tuple(_enclosures(item, base)),
    )


def _hubs(feed: Fields, base: str) -> tuple[str, ...]:
    named = (hub for hub in listed(feed, "hubs") if string(hub, "type").lower() == "websub")
    return each_once(absolute(string(hub, "url"), base) for hub in named)


def _id(item: Fields) -> str:
    value = item.get("id")
    return identifier(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _authors(fields: Fields) -> tuple[str, ...]:
    """`authors` of version 1.1, or `author` of 1.0."""
    authors = listed(fields, "authors") or [inner(fields, "author")]
    return people(string(author, "name") for author in authors)


def _enclosures(item: Fields, base: str) -> Iterator[Enclosure]:
    for file in listed(item, "attachments"):
        if url := absolute(string(file, "url"), base):
            yield Enclosure(url=url, type=fold(string(file, "mime_type")), length=byte_count(file.get("size_in_bytes")))
