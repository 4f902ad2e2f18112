"""The words of a title: runs of letters, marks and digits, with what is glued to them taken off.

1. Apostrophes and hyphens between two runs join them (`cease-fire`, `COVID-19`); points join single letters (`U.S.`)
   and vanish. A number with a point or a comma is no word.
2. What is glued to a word is taken off: a possessive or a contracted verb after it (`Iran's`, `they'll`), an elided
   article or conjunction before it (`l'Iran`, `qu'un`), a Turkish ending (`İran'ın`), a pronoun after a verb
   (`peut-on`, `tornou-se`). A capital before the apostrophe belongs to a name where no sentence begins (`D'Alema`,
   `L'Aquila`).
3. Chinese, Japanese, Thai, Lao, Khmer and Burmese do not part their words: ICU's dictionaries do. What they
   leave single in a row (ideographs, a letter) is mostly a name, and stays together.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from ingest.core.hashtags.function_words import is_function_word
from ingest.core.hashtags.spelling import is_letter, visible

# A title is matched by its shape, one sign a character: L letter, N digit, M mark, and these.
_SIGNS = {**dict.fromkeys("'’‘ʼ＇`´׳", "'"), **dict.fromkeys("-‐‑־", "-"), ".": ".", ",": ",", "ª": " ", "º": " "}
_PLAIN = str.maketrans(_SIGNS)
_RUN = r"(?:(?:L[LM]?\.)+L(?![LMN])\.?|[LMN]+(?:(?<=N)\.N+)*)"
_SHAPE = re.compile(rf"(?P<number>N+(?:[.,]N+)+[LMN]*)|{_RUN}(?:['-]{_RUN})*")

_POSSESSIVE = re.compile(r"'s$", re.IGNORECASE)
_AFTER_VERB = {
    "en": re.compile(r"(?:'(?:ll|re|ve|d|m))+$", re.IGNORECASE),
    "ca": re.compile(r"-(?:me|te|se|nos|vos|l[aio]s?|les|h[io]|ne|en)$", re.IGNORECASE),
    "fr": re.compile(r"-(?:t-)?(?:je|il|elle|on|ils|elles|ce)$", re.IGNORECASE),
    "pt": re.compile(r"-(?:me|te|se|lhes?|[lnm]?[oa]s?|nos)$", re.IGNORECASE),
}

_ELIDED = {
    "fr": frozenset({"l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"}),
    "it": frozenset(
        {
            "l",
            "d",
            "un",
            "all",
            "dall",
            "dell",
            "nell",
            "sull",
            "coll",
            "c",
            "s",
            "m",
            "t",
            "v",
            "n",
            "quest",
            "quell",
            "com",
            "dov",
        }
    ),
    "ca": frozenset({"l", "d", "m", "t", "s", "n"}),
}
_ELIDED_IN_NAMES = frozenset({"l", "d"})
"""In titles of other languages: `Côte d'Ivoire`."""

_CLOSED_UP = (
    (re.compile(r"\b([A-Z])\1\. ?([A-Z])\2(?!\w)\.?"), r"\1\1\2\2"),
    (re.compile('(?<=[א-ת])["״](?=[א-ת](?![א-ת]))'), ""),
    (re.compile("(?<=l)·(?=l)", re.IGNORECASE), ""),
)
"""What is written within words of one language only: `EE. UU.`, the mark of a Hebrew abbreviation, `paral·lel`."""

_SPACELESS = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff"  # Thai to Khmer; kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # ideographs
)


_STRETCH = re.compile("[\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]+|[^\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff]+")
"""Thai to Khmer, or none of them: ICU parts no stretch that is mixed with Latin letters."""


@dataclass(frozen=True)
class Word:
    """A word of a title; apostrophes and hyphens within it are `'` and `-`."""

    text: str
    is_name: bool
    """In capitals where the title is not."""


def words(title: str, language: str) -> Iterator[Word]:
    """The words of a title in their order, function words and numbers among them."""
    title = closed_up(unicodedata.normalize("NFC", visible(title)))
    in_capitals = title.isupper()
    for match in _SHAPE.finditer("".join(map(_sign, title))):
        if match["number"] is None:
            run = _plain(title[match.start() : match.end()])
            opening = in_capitals or ("'" in run and _opens(title[: match.start()]))
            for text in _parted(run, language) if _SPACELESS.search(run) else (_bare(run, language, opening),):
                yield Word(text.replace(".", ""), text.isupper() and ("." in text or not in_capitals))


def closed_up(text: str) -> str:
    """A text without the marks and spaces that stand within words."""
    for marks, instead in _CLOSED_UP:
        text = marks.sub(instead, text)
    return text


@lru_cache(maxsize=1 << 12)
def _sign(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    return unicodedata.category(char)[0] if is_letter(char) else " "


def _plain(run: str) -> str:
    return run.translate(_PLAIN)


def _opens(before: str) -> bool:
    """Whether a sentence or a quotation begins after these words."""
    before = before.rstrip()
    return not before or not (is_letter(before[-1]) or before[-1] in ",;")


@lru_cache(maxsize=1 << 14)
def _bare(run: str, language: str, opening: bool) -> str:
    if language == "tr":
        return _without_turkish_ending(run)
    run = _without_elision(_POSSESSIVE.sub("", run), language, opening)
    return _AFTER_VERB[language].sub("", run) if language in _AFTER_VERB else run


def _without_turkish_ending(run: str) -> str:
    stem, _, ending = run.rpartition("'")
    is_ending = ending != "an" and (ending.islower() or run.isupper())  # Kur'an is one word
    return stem if (len(stem) > 1 or stem.isdecimal()) and is_ending else run


def _without_elision(run: str, language: str, opening: bool) -> str:
    elided, _, rest = run.partition("'")
    known = _ELIDED.get(language, _ELIDED_IN_NAMES)
    is_article = elided.islower() or (opening and language in _ELIDED)
    return rest if rest and is_article and elided.casefold() in known else run


def _parted(run: str, language: str) -> Iterator[str]:
    for is_unknown, parts in groupby(_segments(run), lambda part: _is_single(part, language)):
        if is_unknown:
            yield "".join(parts)
        else:
            yield from parts


def _segments(run: str) -> Iterator[str]:
    import icu  # takes 70 ms, and only these scripts need it

    boundaries = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    for stretch in _STRETCH.findall(run):
        text = icu.UnicodeString(stretch)
        boundaries.setText(text)
        start = 0
        for end in boundaries:
            yield str(text[start:end])
            start = end


def _is_single(segment: str, language: str) -> bool:
    """Whether a segment is a part of a word that the dictionaries lack: a name's ideograph, the letter of `A股`."""
    is_part = len(segment) == 1 and ("\u3400" <= segment < "\ua000" or segment.isascii())
    return is_part and not is_function_word(segment, language)
