"""Words that carry no meaning of their own: articles, conjunctions, prepositions, pronouns, auxiliaries.

Ten languages have short lists of ours (`function_word_lists`), since the usual long ones swallow `state`, `bill`,
`Menschen`, `país`, `народ`; all others take stopwordsiso's.
"""

import re
import unicodedata
from functools import cache, lru_cache

from ingest.core.hashtags.function_word_lists import LISTS, LOWER_CASE_ONLY

_PARTICLE = re.compile("[\u3041-\u309f]{1,2}")
"""One or two hiragana: a particle or an ending of Japanese."""

_WITHOUT_ACCENT = str.maketrans("άέήίόύώ", "αεηιουω")
"""Greek's in capitals, and those of its list, have none."""


@lru_cache(maxsize=1 << 14)
def is_function_word(word: str, language: str) -> bool:
    """Whether a word of a title carries no meaning; apostrophes in it are `'`, hyphens `-`."""
    if _fold(word) in _function_words(language) or _PARTICLE.fullmatch(word):
        return True
    return word in LOWER_CASE_ONLY.get(language, "").split()


def is_general_word(word: str, language: str) -> bool:
    """Whether a word alone says nothing of what a text is about: function words, and those of long lists."""
    return is_function_word(word, language) or _fold(word) in _long_list(language)


@cache
def _function_words(language: str) -> frozenset[str]:
    return frozenset(map(_fold, LISTS[language].split())) if language in LISTS else _long_list(language)


@cache
def _long_list(language: str) -> frozenset[str]:
    import stopwordsiso  # takes 80 ms, and headlines in the languages above do without

    return frozenset(map(_fold, stopwordsiso.stopwords(language)))


def _fold(word: str) -> str:
    folded = unicodedata.normalize("NFKC", word).casefold().replace("i\u0307", "i").replace("ı", "i")
    return folded.translate(_WITHOUT_ACCENT)
