"""One spelling of a hashtag: letters of any script, marks, digits and underscore; never digits alone.

A tag keeps its writer's capitals and letters (NFC); two tags are one where their keys are equal (NFKC, casefold).
What differs from a plain letter or digit by width, font or place alone is written as that: `Ｔｏｋｙｏ`, `m²`, `ﬁ`.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

LONGEST = 80
"""Characters; what is longer is a sentence without spaces."""

_JOINERS = re.compile("['’‘ʼ＇`´׳‐‑־-]|(?<=[א-ת])[\"״](?=[א-ת])|(?<=[lL])·(?=[lL])")
"""Marks within a word that vanish: apostrophes, hyphens, the mark of a Hebrew abbreviation, Catalan's point."""

_SYMBOL_IN_NAME = re.compile(r"^\w[+#]+$")
"""`C++`, `C#`: without its symbol the name is another."""

_ANY_I = re.compile("i\u0307+|ı\u0307*")


@lru_cache(maxsize=1 << 12)
def is_letter(char: str) -> bool:
    """Whether a character can be part of a word: letters, digits, and the marks that combine with them."""
    category = unicodedata.category(char)
    return category[0] in "LN" or category in ("Mn", "Mc")


@lru_cache(maxsize=1 << 14)
def tag_key(tag: str) -> str:
    """What two spellings of one tag have in common: `#UnitedStates`, `united states` → `unitedstates`.

    Dotted and dotless i are one, so that a Turkish word in capitals is the same word.
    """
    letters = "".join(filter(_allowed, _joined(tag, _compatible)))
    return unicodedata.normalize("NFKC", _ANY_I.sub("i", letters.casefold()))


def spell(phrase: str) -> str | None:
    """A phrase as one valid hashtag, in camel case: `united states` → `UnitedStates`; None if that is none."""
    phrase = _joined(phrase, _written).strip()
    words = "".join(char if _allowed(char) else " " for char in phrase).split()
    tag = unicodedata.normalize("NFC", words[0] if len(words) == 1 else "".join(map(_capitalised, words)))
    return tag if _valid(tag) and not _SYMBOL_IN_NAME.match(phrase) else None


def visible(text: str) -> str:
    """A text without format characters and selectors of a glyph's variant; a zero-width space is a space."""
    return text if text.isascii() else "".join(map(_visible, text))


@lru_cache(maxsize=1 << 12)
def _visible(char: str) -> str:
    if char == "\u200b":
        return " "
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return "" if is_selector or unicodedata.category(char) == "Cf" else char


def _joined(text: str, form: Callable[[str], str]) -> str:
    plain = _JOINERS.sub("", visible(text))
    return plain if plain.isascii() else _JOINERS.sub("", form(plain))


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _written(text: str) -> str:
    return "".join(map(_written_character, text))


@lru_cache(maxsize=1 << 12)
def _written_character(char: str) -> str:
    return char if _is_of_a_script(char) else _compatible(char)


def _is_of_a_script(char: str) -> bool:
    """Whether a script has the letter for itself, though NFKC takes it apart: Thai `ำ`, Armenian `և`, Korean `ㅋ`."""
    is_kept = unicodedata.category(char)[0] in "LM" and unicodedata.decomposition(char).startswith("<compat>")
    return is_kept and not "\ufb00" <= char <= "\ufb4f"  # ligatures of typesetters


def _allowed(char: str) -> bool:
    return char == "_" or is_letter(char)


def _capitalised(word: str) -> str:
    first = word[0].upper()
    return first + word[1:] if word.islower() and len(first) == 1 else word


def _valid(tag: str) -> bool:
    return len(tag) <= LONGEST and any(map(str.isalpha, tag))
