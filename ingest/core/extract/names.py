"""Single names of people and agencies in bylines as they are written."""

import re
from collections.abc import Iterable, Iterator
from itertools import filterfalse

_LONGEST_NAME = 60
_LONGEST_BYLINE = 300
BY = re.compile(
    r"^\s*(?:(?i:(?:(?:written|story|reporting|text)\s+)?(?:by|por|par))[\s:]+|(?i:von|di|door|av)\s+(?=[^\W\d_a-zß-ÿ]\S*\s+[^a-z]))"
)
"""What leads a byline. `Von`, `Di` may begin a name too: there a forename and a name in capitals must follow."""
_PARTING = re.compile(
    r"""\s*[;|]\s*
      | ,?\s+(?:and|und|et|och|&)\s+
      | \s+[ye]\s+(?=\S+\s+\S)                              # not within `Ortega y Gasset`
      | \s*,\s*(?=\S+\s)(?!(?:jr|sr|inc|ltd|llc|phd|md)\b)  # not within `Brine, Ada`""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_NAME = re.compile(r"https?:|www\.|@|[<>{}\[\]]|\.(com|org|net)\b")


_NOBODY = re.compile(
    r"(wp-?|web-?|site-?)?admin(istrator)?\d*|webmaster|root|super-?user|user|author|unknown", re.IGNORECASE
)
"""Accounts of a site's software, which are no people."""
_ROLE = re.compile(
    r"\b(reporters?|correspondents?|editors?|writers?|columnists?|journalists?|contributors?|reporterin|redakteur(in)?"
    r"|korrespondent(in)?|journaliste|correspondante?|periodista|corresponsal|redactora?|giornalista|corrispondente"
    r"|jornalista|repórter|verslaggever)$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?<=[^\W\d_])\s+(?:in|en|à)\s+[^\W\d_a-zß-ÿ][^\W\d_]+(?:[ -][^\W\d_a-zß-ÿ][^\W\d_]+)?$")
"""Where somebody writes from: `in Madrid`, `in New York`."""


def people(bylines: Iterable[str]) -> tuple[str, ...]:
    """Single names, each once, of bylines as they are written: without roles and places beside them."""
    return tuple(dict.fromkeys(name for byline in bylines if len(byline) <= _LONGEST_BYLINE for name in _named(byline)))


def _named(byline: str) -> Iterator[str]:
    parts = [BY.sub("", part).strip(" ,") for part in _PARTING.split(BY.sub("", byline))]
    named = [name for part in parts if _is_name(name := _without_place(part))]
    return filterfalse(_ROLE.search, named) if named and not _ROLE.search(named[0]) else iter(named)


def _without_place(name: str) -> str:
    bare = _PLACE.sub("", name)
    return bare if len(bare.split()) > 1 and bare[0].isupper() else name


def _is_name(text: str) -> bool:
    return 1 < len(text) <= _LONGEST_NAME and not (_NO_NAME.search(text) or _NOBODY.fullmatch(text))
