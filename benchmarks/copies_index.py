"""Which index finds the copies of a text: a scaled sketch (FracMinHash) or MinHash in bands, on the same texts.

    python -m benchmarks.copies_index DIR

DIR as in `benchmarks.copies`, whose made copies and judged pairs are looked for among all texts of the folder. Printed
are the rows that each index keeps of a text, and for each kind of copy its recall and the texts a query leads to.
"""

import argparse
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.copies import MADE, Text, is_long, lines, made_copies, read, sample_of
from ingest.core.dedupe.fingerprint import BITS, FOUND_BY, WORTH_COMPARING
from ingest.core.dedupe.shingles import shingles, words
from ingest.edge.store.likeness_index import OFTEN

BANDS, ROWS = 32, 4
"""128 permutations."""


class Sketches:
    """A FracMinHash: of a text's shingles those below a threshold that is halved until about `kept` remain."""

    def __init__(self, size: int, kept: int) -> None:
        self.size, self.kept = size, kept
        self.rows: dict[int, list[str]] = defaultdict(list)
        self.counts: dict[str, int] = {}
        self.total = 0

    def _sketch(self, text: str) -> tuple[int, list[int]]:
        found = shingles(words(text), self.size) & np.uint64(2**BITS - 1)
        return found.size, [hash_ for hash_ in found.tolist() if hash_ < self._threshold(found.size)]

    def _threshold(self, count: int) -> int:
        return 1 << (BITS - max(0, (count // self.kept).bit_length() - 1))

    def add(self, name: str, text: str) -> None:
        self.counts[name], kept = self._sketch(text)
        self.total += len(kept)
        for hash_ in kept:
            self.rows[hash_].append(name)

    def find(self, text: str) -> set[str]:
        count, kept = self._sketch(text)
        lists = [self.rows[hash_] for hash_ in kept if hash_ in self.rows]
        shared = Counter(name for names in lists for name in names[:OFTEN])
        return {name for name, n in shared.items() if n >= FOUND_BY and n >= self._least(count, self.counts[name])}

    def _least(self, a: int, b: int) -> float:
        part: float = min(self._threshold(a), self._threshold(b)) / 2**BITS
        return WORTH_COMPARING * min(a, b) * part


class Bands:
    """MinHash in bands over two-word shingles."""

    def __init__(self) -> None:
        self.factors = np.random.default_rng(1).integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
        self.rows: dict[tuple[int, ...], list[str]] = defaultdict(list)
        self.total = 0

    def _bands(self, text: str) -> Iterable[tuple[int, ...]]:
        hashes = shingles(words(text), 2)
        least = ((hashes[:, None] * self.factors) >> np.uint64(32)).min(axis=0).reshape(BANDS, ROWS)
        return ((number, *band) for number, band in enumerate(least.tolist()))

    def add(self, name: str, text: str) -> None:
        self.total += BANDS
        for band in self._bands(text):
            self.rows[band].append(name)

    def find(self, text: str) -> set[str]:
        return {name for band in self._bands(text) for name in self.rows.get(band, ())}


INDEXES: dict[str, Callable[[], Sketches | Bands]] = {
    "MinHash, 32 bands of 4, 2 words": Bands,
    "sketch of 24 to 48, 2 words": partial(Sketches, 2, 24),
    "sketch of 24 to 48, 3 words": partial(Sketches, 3, 24),
    "sketch of 16 to 32, 3 words": partial(Sketches, 3, 16),
    "sketch of 8 to 16, 3 words": partial(Sketches, 3, 8),
}


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.copies_index")
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args(arguments).folder
    texts = {name: text for name, text in read(folder).items() if is_long(text)}
    kinds = {name: made_copies(sample_of(texts), make) for name, make in MADE.items()}
    kinds["a third"] = made_copies(sample_of(texts), lambda text, _: text[: max(50, len(text) // 3)])
    judged = [pair for pair in lines(folder / "pairs.jsonl") if pair.get("merge")]
    kinds["judged"] = [(texts[p["a"]], texts[p["b"]]) for p in judged if p["a"] in texts and p["b"] in texts]
    for name, make_index in INDEXES.items():
        index = make_index()
        for text in texts.values():
            index.add(text.id, text.text)
        print(f"{name}: {index.total / len(texts):.1f} rows a text; recall / found a query")
        for kind, pairs in kinds.items():
            _tell(kind, pairs, [index.find(copy.text) for _, copy in pairs])


def _tell(kind: str, pairs: list[tuple[Text, Text]], found: list[set[str]]) -> None:
    recall = statistics.fmean(one.id in names for (one, _), names in zip(pairs, found, strict=True))
    print(f"  {kind:<12} {recall:.3f} / {statistics.fmean(map(len, found)):.1f}  of {len(pairs)}")


if __name__ == "__main__":
    main(sys.argv[1:])
