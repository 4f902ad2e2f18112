"""The language whose rules a title is read by."""

import re

_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "fil": "tl", "cmn": "zh", "yue": "zh", "wuu": "zh"}
"""Codes of one language that our lists know under another."""

_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("el", re.compile("[\u0370-\u03ff]")),
)
"""Scripts that tell their language."""

_UNKNOWN = "en"


def language_of(title: str, stated: str | None) -> str:
    """The primary subtag of the stated language; where none is, the script's, or English, whose list harms least."""
    if stated:
        code = re.split("[-_]", stated.lower())[0]
        return _ALIASES.get(code, code)
    return next((language for language, letters in _SCRIPTS if letters.search(title)), _UNKNOWN)
