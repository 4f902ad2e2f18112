"""Response → Document.

FORMATS says who reads what; the body decides, for content types lie. Each format is recognised by its first
characters and read by its own module; what all have in common (`fields`, repeated entries) is done once.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from ingest.core.parse import jsonfeed, syndication
from ingest.core.parse.appearance import appearance
from ingest.core.parse.decoding import decoded
from ingest.errors import ParseError
from ingest.model import Document, Entry, Response


class Format(NamedTuple):
    """A family of feed formats."""

    name: str
    recognises: Callable[[str], bool]
    read: Callable[[str, str, datetime], Document]
    """(text, URL that answered, present) → Document; raises ParseError."""


FORMATS = (
    Format("JSON Feed", jsonfeed.recognises, jsonfeed.read),
    Format("RSS, RDF or Atom", syndication.recognises, syndication.read),
)


def parse(response: Response) -> Document:
    """The feed that a server answered with, in any format and encoding, well-formed or not.

    Raises:
        ParseError: it is no feed; says in one line what it looks like.
    """
    text = decoded(response.body, response.headers.get("content-type", ""))
    for form in FORMATS:
        if form.recognises(text):
            document = form.read(text, response.final_url, response.fetched_at)
            return document.model_copy(update={"entries": _without_repeats(document.entries)})
    raise ParseError(f"{response.final_url} is no feed but {appearance(response, text)}")


def _without_repeats(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without entries that repeat the id, link and title of an earlier one; an id that is reused for another stays."""
    first: dict[object, Entry] = {}
    for position, entry in enumerate(entries):
        key = (entry.guid, entry.url, entry.title) if entry.guid else position
        first.setdefault(key, entry)
    return tuple(first.values())
