"""What is shown of a text that was found: where most of what was searched for stands close together.

Marks are places in the snippet's own text, so that whoever shows it escapes the text and marks it in their own way.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.core.search.tokens import Term, placed, term
from ingest.model import Query, Snippet

LENGTH = 240
"""Characters of a snippet, about three lines."""
BEFORE = 60
"""Characters of it before the first mark."""
READ = 20_000
"""Characters of a text that are looked through; what stands behind them is found, and not shown."""

LOOKED_AT = 1_000
"""Places at which a snippet may begin: a text may hold a hundred thousand, and its writer decides that."""

_SPACE = re.compile(r"\s+")
_EDGE = 20
"""Characters within which a snippet is cut between two words rather than within one."""


def snippet(text: str, query: Query) -> Snippet:
    """The snippet of a text; its beginning where nothing of the query stands in it."""
    text = _SPACE.sub(" ", text[:READ]).strip()
    terms = [found for word in query.wanted.words if (found := term(word))]
    places = sorted(_places(text, terms))
    start = _start(text, places)
    end = _end(text, start)
    marks = _apart((max(at, start) - start, min(to, end) - start) for at, to, _ in places if at < end and to > start)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before)
    return Snippet(
        text=before + text[start:end] + after, marks=tuple((at + shift, to + shift) for at, to in marks if at < to)
    )


def marked(found: Snippet, opening: str, closing: str) -> str:
    """A snippet as plain text, with signs around what was searched for."""
    return "".join(f"{opening}{text}{closing}" if is_marked else text for text, is_marked in pieces(found))


def pieces(found: Snippet) -> Iterator[tuple[str, bool]]:
    """A snippet in pieces, each with whether it was searched for."""
    last = 0
    for start, end in found.marks:
        yield found.text[last:start], False
        yield found.text[start:end], True
        last = end
    yield found.text[last:], False


def _places(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int, int]]:
    """(start, end, which term) of all that stands in a text."""
    tokens, places = placed(text)
    for number, each in enumerate(terms):
        for index in each.found_in(tokens):
            start, end = places[index + len(each.tokens) - 1]
            yield places[index][0], start + 1 if each.is_open and end > start + 1 else end, number


def _start(text: str, places: Sequence[tuple[int, int, int]]) -> int:
    """Where the snippet begins in which most different terms stand, the first of these."""
    best, most = 0, 0
    for number, (at, _, _) in enumerate(places[:LOOKED_AT]):
        within = len({which for start, _, which in places[number : number + LENGTH] if start < at + LENGTH - BEFORE})
        if within > most:
            best, most = at, within
    if best <= BEFORE:
        return 0
    start = best - BEFORE
    space = text.find(" ", start, min(start + _EDGE, best))
    return space + 1 if space >= 0 else start


def _end(text: str, start: int) -> int:
    end = start + LENGTH
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - _EDGE, end)
    return space if space >= 0 else end


def _apart(marks: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Marks that overlap, as one."""
    apart: list[tuple[int, int]] = []
    for start, end in marks:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
