"""What identifies a text: a hash of its letters and digits, blind to case, white space, punctuation and markup.
And what finds it again when it was shortened or edited: a sketch of its shingles.

A text that is long enough identifies a story by itself. A short one (a teaser, a forecast, a flash) is often that of
many stories, counts together with its title, and has no sketch. A title alone identifies nothing.

The sketch is a FracMinHash (Irber et al., 2022, https://doi.org/10.1101/2022.01.11.475838): of all shingles, those
whose hash lies below a threshold, which is halved as often as it takes to keep some thirty of them. Two sketches share
the same part of what their texts share, down to the lower threshold, whatever their lengths: so that the shortened copy
of a long report is found, which a signature of fixed length (MinHash) misses.

Both are stored and compared with those of later years: whatever changes them needs another SCHEMA_VERSION.
"""

import hashlib
import unicodedata

from ingest.core.dedupe.shingles import shingles, words
from ingest.model import Fingerprint

SCHEMA_VERSION = 2

LONG_ENOUGH = 200
"""Letters and digits of about 40 words; an ideograph or a syllable of kana or hangul counts for two."""

SIZE = 3
"""Words in a shingle of the sketch: two find no more copies, and ten times as many others to compare with."""
KEPT_AT_LEAST = 24
"""Shingles in the sketch of a text that has as many; at most twice that."""
BITS = 48
"""Of a stored hash: the low ones; the threshold halves from the highest of them on."""
FOUND_BY = 3
"""Hashes that a stored story shares at least with what is compared with it."""
WORTH_COMPARING = 0.2
"""Share of the shorter text that the shared hashes let expect in the longer."""


def fingerprint(title: str, text: str) -> Fingerprint:
    """The fingerprint of an article."""
    alone = letters(text)
    if _weight(alone) < LONG_ENOUGH:
        whole = letters(title)
        short = _hash(f"{whole}\n{alone}") if whole and alone else None
        return Fingerprint(schema_version=SCHEMA_VERSION, text_hash=short)
    found = shingles(words(text), SIZE)
    low = found & (2**BITS - 1)
    kept = sorted(low[low < threshold(found.size)].tolist())
    return Fingerprint(schema_version=SCHEMA_VERSION, text_hash=_hash(alone), size=found.size, sketch=tuple(kept))


def threshold(size: int) -> int:
    """The hash below which those of a text with so many shingles are kept."""
    halvings = max(0, (size // KEPT_AT_LEAST).bit_length() - 1)
    return 1 << (BITS - halvings)


def is_promising(mine: Fingerprint, size: int, shared: int) -> bool:
    """Whether a stored text of so many shingles is worth comparing, given how many hashes the sketches share."""
    part: float = min(threshold(mine.size), threshold(size)) / 2**BITS
    return shared >= WORTH_COMPARING * min(mine.size, size) * part


def letters(text: str) -> str:
    """Letters and digits alone, compatible forms and cases made one."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(filter(str.isalnum, folded))


def _weight(text: str) -> int:
    return sum(2 if letter >= "\u2e80" else 1 for letter in text)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
