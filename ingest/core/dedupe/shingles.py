"""A text as the set of its shingles: runs of words that follow one another, each as a 64-bit hash.

Words are blind to case, compatible forms and punctuation. In scripts that do without spaces, two letters that follow
one another are a word. The hashes of the sketch are stored and compared with those of later years: whatever changes
them needs another `fingerprint.SCHEMA_VERSION`.
"""

import re
import unicodedata
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
"""Distinct and ascending."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, kana and ideographs."""
_BREAK = r"\s!-/:-@\[-`{-~\u00a0-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u060c\u061b\u061f\u06d4"
_BREAK += r"\u0964\u0965\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u30fb\ufeff"
"""What stands between words; letters, marks and digits of all scripts do not."""
_WORD = re.compile(rf"[{_UNSPACED}]+|[^{_BREAK}{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")

_WEIGHTS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
"""One odd number for each place in a shingle, so that the order of the words counts."""


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    found = _WORD.findall(folded)
    if _IS_UNSPACED.search(folded):
        return [word for run in found for word in _parted(run)]
    return found


def shingles(words: list[str], size: int) -> Hashes:
    """The hashes of all runs of `size` words, at most three; none where there are fewer words."""
    if len(words) < size:
        return np.empty(0, dtype=np.uint64)
    hashed = np.fromiter((zlib.crc32(word.encode("utf-8", "replace")) for word in words), np.uint64, len(words))
    runs = np.zeros(len(words) - size + 1, np.uint64)
    for place in range(size):
        runs += hashed[place : place + runs.size] * _WEIGHTS[place]
    return np.unique(_mixed(runs))


def shared(a: Hashes, b: Hashes) -> int:
    """How many shingles two texts have in common."""
    return int(np.intersect1d(a, b, assume_unique=True).size)


def _parted(run: str) -> list[str]:
    if len(run) < 3 or not _IS_UNSPACED.match(run):
        return [run]
    return [first + second for first, second in pairwise(run)]


def _mixed(values: Hashes) -> Hashes:
    """Spread over all 64 bits, so that any of them may choose (the finalizer of SplitMix64, by Sebastiano Vigna)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
