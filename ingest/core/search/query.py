"""The syntax of a search: what somebody types → a Query, or one error that says where it cannot be read.

    rain harbour            both words, in any form of case and accents
    "heavy rain"            words that follow one another
    -snow -"light rain"     not with these
    tag:Iran -tag:sport     with this hashtag, and without that
    lang:de site:example.org   in this language, of this publisher; several mean any of them
    since:2024-01-19 until:2024-01-21    published from the first of these days to the last
    after:2024-01-18 before:2024-01-22   the same, by the days beside

Anything else is a word, whatever it looks like: a search is no place for surprises.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ingest.core.dedupe.url import publisher
from ingest.core.periods import beginning, end
from ingest.core.search.tokens import term
from ingest.errors import ConfigError
from ingest.model import Query, Sought

LONGEST_QUERY = 1_000
"""Characters; nobody types more, and each word is a look into the index."""
MOST_PARTS = 32

_PLAIN = str.maketrans(dict.fromkeys("“”„‟＂", '"') | dict.fromkeys(map(chr, (*range(32), 127)), " "))
"""Quotation marks of other sorts; control characters, which no database takes everywhere."""
_PART = re.compile(
    r"(?=\S)(?P<minus>-?)(?:(?P<field>tag|lang|site|since|until|after|before):)?"
    r'(?P<value>"(?P<quoted>[^"]*)(?P<closed>"?)|[^\s"]*)',
    re.IGNORECASE,
)

BOUNDS: dict[str, Callable[[str], dt.datetime]] = {"since": beginning, "until": end, "after": end, "before": beginning}
"""Field → the instant that its date means."""
BEGINS = ("since", "after")


class Part(NamedTuple):
    """One part of a query."""

    field: str
    """Empty: a word or a phrase."""
    value: str
    is_unwanted: bool
    place: int
    """The number of its first character."""


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        ConfigError: it cannot be read, is too long, or asks for nothing.
    """
    if len(text) > LONGEST_QUERY:
        raise ConfigError(f"the query has {len(text):,} characters; at most {LONGEST_QUERY:,} are read")
    parts = list(_parts(text.translate(_PLAIN)))
    if len(parts) > MOST_PARTS:
        raise ConfigError(f"the query has {len(parts)} parts; at most {MOST_PARTS} are searched for")
    wanted = [part for part in parts if not part.is_unwanted]
    if not parts:
        raise ConfigError("the query names nothing to search for; write a word, or a part such as tag:Iran")
    if not wanted:
        raise ConfigError("the query only excludes; name something to search for too")
    return Query(
        wanted=_sought(wanted),
        unwanted=_sought([part for part in parts if part.is_unwanted]),
        since=max((_bound(part) for part in wanted if part.field in BEGINS), default=None),
        until=min((_bound(part) for part in wanted if part.field in BOUNDS.keys() - BEGINS), default=None),
    )


def _parts(text: str) -> Iterator[Part]:
    for match in _PART.finditer(text):
        place = match.start() + 1
        if match["quoted"] is not None and not match["closed"]:
            at = match.start("value") + 1
            raise ConfigError(f"the query has an open quotation mark at character {at}; close it, or leave it out")
        field = (match["field"] or "").lower()
        value = match["value"].strip('"').strip()
        if field and not value:
            raise ConfigError(f"the query says {field}: without a value at character {place}")
        if match["minus"] and field in BOUNDS:
            raise ConfigError(f"the query excludes a date at character {place}; bound it by since: and until:")
        if field or term(value):  # what has no letter and no digit is searched for nowhere
            yield Part(field, _read(field, value, place), bool(match["minus"]), place)


def _read(field: str, value: str, place: int) -> str:
    if field == "tag":
        return value.lstrip("#")
    if field == "lang":
        return value.lower().partition("-")[0]
    return _site(value, place) if field == "site" else value


def _site(value: str, place: int) -> str:
    site = publisher(value if "://" in value else f"https://{value}")
    if not site:
        raise ConfigError(f"the query names the site {value!r} at character {place}, which is none; write example.org")
    return site


def _bound(part: Part) -> dt.datetime:
    try:
        return BOUNDS[part.field](part.value)
    except ValueError as error:
        raise ConfigError(f"the query says {part.field}: at character {part.place}, and {error}") from error


def _sought(parts: list[Part]) -> Sought:
    def of(field: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.value for part in parts if part.field == field))

    return Sought(words=of(""), tags=of("tag"), languages=of("lang"), sites=of("site"))
