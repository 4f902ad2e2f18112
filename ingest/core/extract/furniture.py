"""What a publisher writes under every story, told by nothing but its repetition.

Which paragraphs repeat at a publisher is counted by their keys, which are stored; whatever changes the keys makes the
counts worthless.
"""

import hashlib
from collections.abc import Collection

from ingest.core.extract.text import bare

_KEY_BYTES = 8
_LEAST = 0.5
"""The share of a text that must be left: a text that repeats for the most part is a story told again, no furniture."""


def paragraph_keys(text: str) -> tuple[int, ...]:
    """The keys of a text's paragraphs, each once, in order: 64 bits, signed, blind to case, spaces and punctuation."""
    return tuple(dict.fromkeys(_key(paragraph) for paragraph in text.split("\n\n") if bare(paragraph)))


def without_repeating(text: str, repeating: Collection[int]) -> str:
    """A text without the paragraphs that repeat at its publisher; the text as it is where too little would be left."""
    left = "\n\n".join(paragraph for paragraph in text.split("\n\n") if _key(paragraph) not in repeating)
    return left if len(left) >= _LEAST * len(text) else text


def _key(paragraph: str) -> int:
    digest = hashlib.blake2b(bare(paragraph).encode(), digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, signed=True)
