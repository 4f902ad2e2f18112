"""The headline, without the name of the publisher.

A page states its headline in several places, each with its own habits: the heading is what a reader sees, JSON-LD and
the feed mostly repeat it; Open Graph, other metas and `<title>` speak with one voice that is often meant for search
engines. So the places vote. A heading votes only if it is like one of the other titles: pages have headings that
belong to the site, to a box, or to a part of the text.

What stands at an end of a title beyond a separator is cut where it is a known name of the site, or where another place
has the same title without it; never by the look of a dash.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from ingest.core.dedupe.url import publisher
from ingest.core.extract.length import words
from ingest.core.extract.text import bare

_SEPARATOR = re.compile(r"\s+[-–—|•·»«~/:]+\s+|\s*[|｜_：]\s*|:\s+")
_EXTENSION = re.compile(r"\s+[-–—|•·»«~/]+\s+|\s*\|\s*")
"""What may part a title from what was added to it; a colon parts a headline from its other half."""
_KICKER = re.compile(r".{1,40}(?:\s+[-–—|•·»«~/]+\s+|\s*\|\s*)")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)$")
_CUT_AT = 90
"""Characters from which on a title may be cut off without a sign: a search engine once allowed 110 in JSON-LD."""
_GENERIC = frozenset(
    """
    the news online magazine newspaper blog daily com org net tv radio world sport sports business uk us
    international noticias notícias nachrichten actualités notizie nieuws новости haber haberler info web site
""".split()
)
"""Words that a site adds to its name or leaves out: `Example`, `Example News`, `The Example`."""

_VOTES = {"heading": 4, "json-ld": 3, "feed": 2}
"""Votes of a place; others have one. A heading outweighs the metas together, but not JSON-LD and a meta that agree."""

_HEADLINE_WORDS = 4
"""Of a heading that differs from the other titles; a shorter one names a subject."""
_ALIKE = 0.4
"""Share of runs of three letters in common, of the shorter title's, from which on two titles are of one article."""

_CORE_WORDS = {"heading": 2}
_CORE_WORDS_ELSEWHERE = 4
"""Of a title that another one may merely extend; fewer may be a kicker, of which the headline goes on."""

_LONGEST = 500
"""Characters; what is longer is no headline."""


def choose_title(candidates: Sequence[tuple[str, str]], names: Iterable[str]) -> tuple[str, str]:
    """The headline and where it stood, of (title, place) pairs in the order in which they are believed.

    Where there are only names of the site, the first of them.
    """
    known = _known_forms(names)
    stripped = [(strip_names(title, known), place) for title, place in candidates if len(title) <= _LONGEST]
    titles = _cores([(title, place) for title, place in stripped if title and not _forms(title) & known])
    elsewhere = [title for title, place in titles if place != "heading"]
    voting = [pair for pair in titles if pair[1] != "heading" or _may_be_headline(pair[0], elsewhere)]
    whole = [(_whole(title, voting), place) for title, place in voting]
    votes = Counter[str]()
    for title, place in whole:
        votes[bare(title)] += _VOTES.get(place, 1)
    believable = (pair for pair in candidates if 0 < len(pair[0]) <= _LONGEST)
    return max(whole, key=lambda pair: votes[bare(pair[0])], default=next(believable, ("", "")))


def likeness(title: str, other: str) -> float:
    """How alike two titles are in any script, from 0 to 1: 1 where one holds the other."""
    ours, theirs = _runs(title), _runs(other)
    return len(ours & theirs) / (min(len(ours), len(theirs)) or 1)


def without_names(title: str, names: Iterable[str]) -> str:
    """A title without the names of the site at its ends; as it is where nothing would be left, or it is no headline."""
    return (strip_names(title, _known_forms(names)) if len(title) <= _LONGEST else "") or title


def site_names(url: str, *stated: str) -> tuple[str, ...]:
    """The names that a site may go by: what is stated, its parts and initials, its host and domain."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    domain = publisher(url)
    parts = (part for name in stated for part in _SEPARATOR.split(name) if words(part) < _HEADLINE_WORDS)
    return (*stated, *parts, *filter(None, map(_initials, stated)), host, domain, domain.partition(".")[0])


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


def _cores(titles: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The titles, each as another place has it that leaves out what a separator parts from it."""
    cores = [pair for pair in titles if words(pair[0]) >= _CORE_WORDS.get(pair[1], _CORE_WORDS_ELSEWHERE)]
    return [(next((core for core, by in cores if _extends(title, core, by)), title), place) for title, place in titles]


def _extends(title: str, core: str, place: str) -> bool:
    if title.startswith(core):
        return _EXTENSION.match(title, len(core)) is not None
    return place == "heading" and title.endswith(core) and _KICKER.fullmatch(title[: -len(core)]) is not None


def _whole(title: str, titles: list[tuple[str, str]]) -> str:
    """The title as another place has it whole, where it is cut off."""
    begun = _ELLIPSIS.sub("", title)
    if begun == title and len(title) < _CUT_AT:
        return title
    return next((other for other, _ in titles if len(other) > len(title) and other.startswith(begun)), title)


def _may_be_headline(heading: str, others: list[str]) -> bool:
    """Whether a heading speaks of what the other titles speak of."""
    if not others or bare(heading) in map(bare, others):
        return True
    return words(heading) >= _HEADLINE_WORDS and max(likeness(heading, other) for other in others) >= _ALIKE


def _runs(title: str) -> set[str]:
    letters = bare(title)
    return {letters[start : start + 3] for start in range(max(1, len(letters) - 2))}


def _initials(name: str) -> str:
    """`WFA` of World Future Awards; empty for fewer than three words."""
    capitals = [word[0] for word in name.split() if word[0].isupper()]
    return "".join(capitals) if len(capitals) > 2 else ""


def _known_forms(names: Iterable[str]) -> set[str]:
    return {form for name in names for form in _forms(name)}


def _forms(name: str) -> set[str]:
    """What is compared of a name: its letters and digits, with and without the words that say little."""
    telling = " ".join(word for word in name.split() if word.casefold() not in _GENERIC)
    return {form for form in (bare(name), bare(telling)) if form}
