"""How much text there is, counted alike for scripts with and without spaces between words."""

import re

_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"\w+")

CHARACTERS_A_WORD = 2
"""Of scripts that write without spaces (Chinese, Japanese, Thai, Lao, Burmese, Khmer); a rough mean."""


def words(text: str) -> int:
    """The number of words, estimated from characters where a script has no spaces."""
    spaced, characters = _SPACELESS.subn(" ", text)
    return sum(1 for _ in _WORD.finditer(spaced)) + characters // CHARACTERS_A_WORD
