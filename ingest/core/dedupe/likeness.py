"""How like two articles are, and whether that makes one a copy of the other.

What is shared is counted in runs of two words. Containment (of the shorter text in the longer) tells copies from other
stories far better than resemblance does, since copies are shortened. The figures were found on hand-judged pairs of
wire copies and of stories that only look like them: docs/decisions/0007-each-story-once.md.

    like titles     a copy may be rewritten: the greater part of the lead and the quotations is enough
    other titles    nearly all of the shorter text must be in the longer, and more than a boilerplate's length of it
    other figures   a daily template (markets, weather, results) keeps its words and changes its numbers: never a copy
    one publisher   issues running stories and templates anew, under other titles or on other days: never a copy, but
                    where it is nearly the same text on the same day
"""

import datetime as dt
import re
from dataclasses import dataclass

from ingest.core.dedupe.shingles import Hashes, shared, shingles, words

SIZE = 2
"""Words in a shingle that is compared."""
REWRITTEN = 0.4
"""Containment that makes a copy where the titles are alike."""
LARGELY = 0.7
"""Containment that makes a copy whatever the titles are."""
ENTIRELY = 0.97
"""Containment of a text that is nothing but a part of the other, however short."""
BOILERPLATE = 60
"""Shingles that stories with other titles share at most by a notice that both end with."""
TELLING = 20
"""Shingles that a copy shares at least."""
NEARLY_ALL = 0.9
"""Resemblance of one text that a publisher gave two titles."""
FRAGMENT = 0.15
"""Resemblance below which a like title leads from a flash to the long story about it."""
LIKE_TITLES = 0.7
"""Share of the shorter title's words in the longer, from `TITLE_WORDS` on."""
TITLE_WORDS = 4
FIGURES = 8
"""Numbers of a text from which on they tell one issue of a template from the next."""
SAME_FIGURES = 0.5
ONE_DAY = dt.timedelta(hours=18)
"""Within which one publisher's second text is the first one, rewritten, rather than the next issue."""

LONGEST = 200_000
"""Characters of a text that are compared: the beginning of a book tells whether it is a copy."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Compared:
    """A text, made ready to be compared with others."""

    title: frozenset[str]
    shingles: Hashes
    figures: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """What two articles have in common; shares from 0 to 1."""

    containment: float
    resemblance: float
    shared: int
    """Shingles; not counted where the texts are one."""
    titles: float
    figures: float | None
    """Share of the numbers; None where there are too few to tell anything."""


def compared(title: str, text: str) -> Compared:
    """An article, made ready; costs the most of a comparison."""
    found = words(text[:LONGEST])
    figures = frozenset(word for word in found if _NUMBER.fullmatch(word))
    return Compared(frozenset(words(title)), shingles(found, SIZE), figures)


def likeness(a: Compared, b: Compared) -> Likeness:
    """How like two articles are."""
    common = shared(a.shingles, b.shingles)
    shorter = min(a.shingles.size, b.shingles.size)
    figures = min(len(a.figures), len(b.figures))
    return Likeness(
        containment=common / shorter if shorter else 0.0,
        resemblance=common / (a.shingles.size + b.shingles.size - common) if shorter else 0.0,
        shared=common,
        titles=_titles(a.title, b.title),
        figures=len(a.figures & b.figures) / figures if figures >= FIGURES else None,
    )


def identical(title: str, other: str) -> Likeness:
    """The likeness of two articles that have one text."""
    titles = _titles(frozenset(words(title)), frozenset(words(other)))
    return Likeness(containment=1.0, resemblance=1.0, shared=0, titles=titles, figures=None)


def objection(like: Likeness, one_publisher: bool, apart: dt.timedelta) -> str:
    """In words, why two articles are not copies; empty if they are.

    Args:
        like: what they have in common.
        one_publisher: whether both are of the same.
        apart: between their publications.
    """
    alike = like.titles >= LIKE_TITLES
    if like.containment < (REWRITTEN if alike else LARGELY):
        return "too little is shared"
    if like.shared < (TELLING if alike or like.containment >= ENTIRELY else BOILERPLATE):
        return "no more is shared than a notice would explain"
    if like.resemblance < FRAGMENT and like.containment < LARGELY:
        return "one is only a flash"
    if like.figures is not None and like.figures < SAME_FIGURES:
        return "the figures are others"
    if one_publisher and not alike and like.resemblance < NEARLY_ALL:
        return "the same publisher gave it another title"
    if one_publisher and apart > ONE_DAY:
        return "the same publisher issued it another day"
    return ""


def _titles(a: frozenset[str], b: frozenset[str]) -> float:
    shorter = min(len(a), len(b))
    if shorter < TITLE_WORDS:
        return float(a == b and shorter > 0)
    return len(a & b) / shorter
