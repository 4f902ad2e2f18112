"""Single names of people and agencies in bylines as they are written."""

import re
from collections.abc import Iterable

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


def people(bylines: Iterable[str]) -> tuple[str, ...]:
    """Single names, each once, of bylines as they are written."""
    lines = (BY.sub("", byline) for byline in bylines if len(byline) <= _LONGEST_BYLINE)
    names = (BY.sub("", name).strip(" ,") for line in lines for name in _PARTING.split(line))
    return tuple(dict.fromkeys(name for name in names if 1 < len(name) <= _LONGEST_NAME and not _NO_NAME.search(name)))
