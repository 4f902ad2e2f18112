"""A running text as clauses of tokens: what stands between two marks of punctuation.

1. A phrase does not reach over a mark of punctuation, so clauses are read by themselves. The point of an abbreviation
   (`U.S.`, `George W. Bush`) is none.
2. Two forms of one word have one stem: without its ending in languages that inflect, without a plural's `s` elsewhere.
   It is crude, and only compared within one text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.core.hashtags.function_words import is_function_word
from ingest.core.hashtags.words import closed_up, words

_BREAK = re.compile(
    r"((?<=\w[\w\"»”’)\]])[.!?…]+(?=[\s\"»”’]|$)|[,;:](?=\s)|\s[–—-]+\s"
    r"|\"(?!\w)|(?<!\w)\"|[!?…()\[\]«»“”„‹›、，；：。！？؟؛،।\n]+)"
)
_GOES_ON = frozenset(",;)]-–—،؛、，；")
"""Marks after which no sentence or quotation begins."""

_CYRILLIC = re.compile(
    "(?:[аяыи]ми|[оеыи]го|[оеыи]му|[оеё]в|[оеаяыи]м|[аяыи]х|[оеыи]й|[аяоеиую][яею]|и[яйюие]|[аеёиоуыьэюяй])$"
)
_ENDINGS = {
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "sr"), _CYRILLIC),
    "el": re.compile("(?:ους|[αηοωεά]ς|[αηοωεάή]|ων|ες|ού|ού?ς)$"),
    "ar": re.compile("^(?:وال|بال|لل|ال|و)"),
}
_PLURAL = re.compile("(?<=[a-zà-ÿ])e?s$")
_SHORTEST_STEM = 3

_KOREAN_PARTICLE = re.compile("(?<=[가-힣]{2})(?:에서|으로|에게|까지|부터|은|는|을|를|의|에|와|과)$")
"""Glued to a word, and no part of it. Left on: those that as many words end in by nature (`도`, `이`, `가`)."""
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a running text."""

    text: str
    stem: str
    place: int
    """How many words stand before it in the text."""
    opens: bool
    """Whether a sentence or a quotation begins with it, so that its capital says nothing."""
    carries: bool
    """Whether it carries meaning: no function word, number, single letter of an alphabet, month or day of the week."""

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[0].isupper()


Clause = tuple[Token, ...]


def clauses(text: str, language: str) -> Iterator[Clause]:
    """The clauses of a text that have words."""
    place, opens = 0, True
    pieces = _BREAK.split(closed_up(text))
    for piece, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        clause = tuple(_tokens(piece, language, place, opens))
        if clause:
            yield clause
        place += len(clause)
        opens = (opens and not clause) or mark.strip() not in _GOES_ON


@lru_cache(maxsize=1 << 14)
def stem(word: str, language: str) -> str:
    """What the forms of a word have in common."""
    folded = word.casefold()
    bare = _ENDINGS.get(language, _PLURAL).sub("", folded)
    return bare if len(bare) >= _SHORTEST_STEM else folded


def _tokens(piece: str, language: str, place: int, opens: bool) -> Iterator[Token]:
    for index, word in enumerate(words(piece, language)):
        text = _KOREAN_PARTICLE.sub("", word.text) if language == "ko" else word.text
        carries = _carries(text, language, word.is_name)
        yield Token(text, stem(text, language), place + index, opens and not index, carries)


@lru_cache(maxsize=1 << 14)
def _carries(word: str, language: str, is_name: bool) -> bool:
    if word.isdecimal() or word.casefold() in _dates(language) or (len(word) == 1 and not _IDEOGRAPH.match(word)):
        return False
    return is_name or not is_function_word(word, language)


@cache
def _dates(language: str) -> frozenset[str]:
    """The names of months and days."""
    import icu  # takes 70 ms, and only key phrases need it

    symbols = icu.DateFormatSymbols(icu.Locale(language))
    names = (*symbols.getMonths(), *symbols.getWeekdays(), *symbols.getShortWeekdays())
    return frozenset(name.casefold() for name in names if name)
