"""The headline, without the name of the publisher.

A page states its headline in several places, each with its own habits: JSON-LD and Open Graph may hold one that was
written for search engines or social networks, `<title>` carries the site's name, the feed may shorten. What two places
agree on is the headline; failing that, the most believed place decides.

What stands at an end of a title beyond a separator is cut where it is a known name of the site, or where another place
has the same title without it; never by the look of a dash.
"""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from ingest.core.dedupe.url import publisher
from ingest.core.extract.text import bare

_SEPARATOR = re.compile(r"\s+(?:[-–—|•·»«~/]|::?)+\s+|\s*[|｜_：]\s*|:\s+")
_EXTENSION = re.compile(r"\s+[-–—|•·»«~/]+\s+|\s*\|\s*")
"""What may part a title from what was added to it; a colon parts a headline from its other half."""
_GENERIC = frozenset(
    """
    the news online magazine newspaper daily com org net tv radio world sport sports business uk us
    international noticias notícias nachrichten actualités notizie nieuws новости haber haberler info web site
""".split()
)
"""Words that a site adds to its name or leaves out: `Example`, `Example News`, `The Example`."""

_CORE_WORDS = 4
"""Of a title that another one may merely extend; fewer may be a kicker, of which the headline goes on."""

_LONGEST = 500
"""Characters; what is longer is no headline."""


def choose_title(candidates: Sequence[tuple[str, str]], names: Iterable[str]) -> tuple[str, str]:
    """The headline and where it stood, of (title, place) pairs in the order in which they are believed."""
    known = _known_forms(names)
    stripped = [(strip_names(title, known), place) for title, place in candidates if len(title) <= _LONGEST]
    titles = _shortest([(title, place) for title, place in stripped if title and not _forms(title) & known])
    keys = [bare(title) for title, _ in titles]
    agreed = [pair for pair, key in zip(titles, keys, strict=True) if keys.count(key) > 1]
    return next(iter(agreed or titles), ("", ""))


def without_names(title: str, names: Iterable[str]) -> str:
    """A title without the names of the site at its ends; as it is where nothing would be left, or it is no headline."""
    return (strip_names(title, _known_forms(names)) if len(title) <= _LONGEST else "") or title


def site_names(url: str, *stated: str) -> tuple[str, ...]:
    """The names that a site may go by: what is stated, its host, its domain and the domain's own label."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    domain = publisher(url)
    return (*stated, host, domain, domain.partition(".")[0])


def strip_names(title: str, known: set[str]) -> str:
    """A title without known names (in the forms of `_forms`) at its end and its beginning."""
    while parts := list(_SEPARATOR.finditer(title)):
        head, tail = parts[0], parts[-1]
        if _forms(title[tail.end() :]) & known:
            title = title[: tail.start()]
        elif _forms(title[: head.start()]) & known:
            title = title[head.end() :]
        else:
            break
    return title.strip()


def _shortest(titles: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The titles, each as another place has it that leaves out what follows a separator in it."""
    cores = [title for title, _ in titles if len(title.split()) >= _CORE_WORDS]
    return [(next((core for core in cores if _extends(title, core)), title), place) for title, place in titles]


def _extends(title: str, core: str) -> bool:
    return title.startswith(core) and _EXTENSION.match(title, len(core)) is not None


def _known_forms(names: Iterable[str]) -> set[str]:
    return {form for name in names for form in _forms(name)}


def _forms(name: str) -> set[str]:
    """What is compared of a name: its letters and digits, with and without the words that say little."""
    telling = " ".join(word for word in name.split() if word.casefold() not in _GENERIC)
    return {form for form in (bare(name), bare(telling)) if form}
