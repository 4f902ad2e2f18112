"""Response → Document.

FORMATS says who reads what; the body decides, for content types lie. Each format is recognised by its first
characters and read by its own module; what all have in common (`fields`, repeated entries) is done once.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urldefrag

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
            return document.model_copy(update={"entries": _with_shared_pages(_without_repeats(document.entries))})
    raise ParseError(f"{response.final_url} is no feed but {appearance(response, text)}")


def _without_repeats(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without entries that repeat the id, link and title of an earlier one; an id that is reused for another stays."""
    first: dict[object, Entry] = {}
    for position, entry in enumerate(entries):
        key = (entry.guid, entry.url, entry.title) if entry.guid else position
        first.setdefault(key, entry)
    return tuple(first.values())


def _with_shared_pages(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """With a mark on those that lie at different fragments of one page, and differ in what they say."""
    pages: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for entry in entries:
        page, fragment = urldefrag(entry.url)
        pages[page].add((fragment, entry.title, entry.summary, entry.content))
    shared = {page for page, said in pages.items() if page and _all_differ(said)}
    return tuple(
        entry.model_copy(update={"shares_page": True}) if urldefrag(entry.url).url in shared else entry
        for entry in entries
    )


def _all_differ(said: Iterable[tuple[str, ...]]) -> bool:
    """Whether there are several, each with a fragment and words of its own."""
    fragments, words = zip(*((fragment, rest) for fragment, *rest in said), strict=True)
    return len(fragments) > 1 and len(set(fragments)) == len(fragments) == len(set(map(tuple, words)))
