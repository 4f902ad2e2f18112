"""The tokens of a text, the same for what is stored and for what is searched for, whatever the database.

1. A token is a run of letters, marks and digits, blind to case, compatible forms and accents: `Zürich` and `zurich` are
   one, so are `İ`, `I`, `ı` and `i`. Marks that make another letter stay (`й`, Japanese `が`, the vowels of Indian
   scripts and of Thai); what a writer may leave out goes (the vowels of Arabic and Hebrew, the hamza of an alif).
2. Points between single letters vanish (`U.S.`). All other punctuation parts tokens, and a phrase is found across it.
3. Scripts that do not part their words, and Korean, which glues its particles to them, are taken in pairs of letters,
   and the last letter of a run alone: whoever searches a run finds it within any other, for which no dictionary is
   needed, and so none can part text and query in two ways, today or after its next release.

An index holds these tokens, and what lies in it can only be taken out by the same ones: whatever changes them needs a
migration that begins the index anew.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from ingest.model import Indexed, Unindexed

INDEXED, ROOM = 16_000, 200_000
"""Tokens of a text that are indexed, and characters of them, a book's chapter: PostgreSQL tells no positions beyond
16,383 apart, and takes a megabyte in all."""
TITLE_INDEXED, TITLE_ROOM = 300, 10_000
LONGEST = 64
"""Characters of a token; what is longer is no word."""

_UNSPACED = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai to Khmer, kana, ideographs, and the syllables of Korean."""
_BREAK = (
    r"\x00-/:-@\[-`{-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u02c2-\u02df"
    r"\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965"
    r"\u0e2f\u0e4f\u0e5a\u0e5b\u0f0b-\u0f14\u104a-\u104f\u1361-\u1368\u17d4-\u17db\u1680\u2000-\u200b\u2010-\u2029\u202f-\u205f"
    r"\u207a-\u207e\u208a-\u208e\u20a0-\u20cf\u2190-\u245f\u2500-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020"
    r"\u3030\u303d\u30a0\u30fb\ud800-\uf8ff\ufe10-\ufe6b\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
    r"\uffe0-\uffff\U0001f000-\U0001faff\U000e0000-\U0010ffff"
)
"""What stands between words; letters, marks and digits of all scripts do not."""
_ABBREVIATION = r"(?<![^\W_])(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])"
_WORD = re.compile(rf"{_ABBREVIATION}|[{_UNSPACED}]+|[^{_BREAK}{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")

_LEFT_OUT = re.compile(
    "(?<![иИ])\u0306|[\u0300-\u0305\u0307-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u00ad\u034f\u061c\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
"""Accents, vowels that may be left out, and what cannot be seen."""
_ALIKE = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not take apart."""


Place = tuple[int, int]
"""Where something stands in a text: (start, end)."""


def indexed(title: str, text: str, summary: str) -> Indexed:
    """What the search index has of a story: of one without a text its summary."""
    of_title, of_text = islice(_each(title), TITLE_INDEXED), islice(_each(text or summary), INDEXED)
    return Indexed(title=" ".join(of_title)[:TITLE_ROOM], text=" ".join(of_text)[:ROOM])


def indexed_each(stories: Sequence[Unindexed]) -> list[Indexed]:
    """The same of stories that are stored already."""
    return [indexed(one.title, one.text, one.summary) for one in stories]


def tokens(text: str) -> list[str]:
    """The tokens of a text in their order."""
    return list(_each(text))


def _each(text: str) -> Iterator[str]:
    """One after the other: of a very long text no more is taken apart than is wanted."""
    return (token for match in _WORD.finditer(text) for token in _tokens_of(match[0]))


def placed(text: str) -> tuple[list[str], list[Place]]:
    """The same, and the place of each."""
    tokens: list[str] = []
    places: list[Place] = []
    for match in _WORD.finditer(text):
        found = _tokens_of(match[0])
        tokens += found
        places += [match.span()] if len(found) == 1 else _within(match, found)
    return tokens, places


def _within(match: re.Match[str], found: Sequence[str]) -> list[Place]:
    """The places of tokens that lie in one run: of each pair its own, else the whole run's."""
    start = match.start()
    if len(found) == len(match[0]) and _IS_UNSPACED.match(match[0]):
        return [(start + at, start + at + len(token)) for at, token in enumerate(found)]
    return [match.span()] * len(found)


class Term(NamedTuple):
    """A word or a phrase as it is searched for: tokens that follow one another."""

    tokens: tuple[str, ...]
    is_open: bool
    """Whether the last of them is only the beginning of a token: a single letter of a run that may go on."""

    def found_in(self, tokens: Sequence[str]) -> Iterator[int]:
        """Where in a row of tokens the term begins."""
        first, *others = self.tokens
        for index, token in enumerate(tokens):
            begins = token == first or (self.is_open and not others and token.startswith(first))
            if begins and self._goes_on(tokens[index : index + len(self.tokens)]):
                yield index

    def _goes_on(self, tokens: Sequence[str]) -> bool:
        if len(tokens) < len(self.tokens) or tuple(tokens[:-1]) != self.tokens[:-1]:
            return False
        return tokens[-1].startswith(self.tokens[-1]) if self.is_open else tokens[-1] == self.tokens[-1]


def term(written: str) -> Term | None:
    """What is searched for a word or a phrase; None where there is no letter and no digit in it."""
    found = tokens(written)
    if not found:
        return None
    ends_in_run = len(found[-1]) == 1 and bool(_IS_UNSPACED.match(found[-1]))
    if ends_in_run and len(found) > 1 and len(found[-2]) == 2 and found[-2][1] == found[-1]:
        return Term(tuple(found[:-1]), False)  # the pair before says it already
    return Term(tuple(found), ends_in_run)


@lru_cache(maxsize=1 << 15)
def _tokens_of(word: str) -> tuple[str, ...]:
    """The tokens of what lies between two breaks: mostly one."""
    if word.isascii():
        return (word.replace(".", "").lower()[:LONGEST],)
    return tuple(token[:LONGEST] for run in _WORD.findall(_folded(word)) for token in _parted(run.replace(".", "")))


def _folded(word: str) -> str:
    compatible = unicodedata.normalize("NFKC", word).casefold()
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", compatible))
    return unicodedata.normalize("NFKC", bare).translate(_ALIKE)


def _parted(run: str) -> list[str]:
    if not _IS_UNSPACED.match(run):
        return [run]
    return [*(first + second for first, second in pairwise(run)), run[-1]]
