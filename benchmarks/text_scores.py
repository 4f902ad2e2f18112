"""How well a text was found: two measures of a found text against a true one, both between 0 and 1.

words     harmonic mean of precision and recall over the bag of words; a source's score is the mean over its pages
shingles  the measure of the Zyte article extraction benchmark (github.com/scrapinghub/article-extraction-benchmark):
          runs of four words, hits and misses of a page as shares of that page, summed over all pages before
          precision and recall are taken
"""

import re
from collections import Counter
from collections.abc import Iterable

Hits = tuple[float, float, float]
"""Shares of a page's shingles that are in both texts, only in the found one, only in the true one."""

_RUN = 4


def f1(found: str, truth: str) -> float:
    """The measure `words` of one page."""
    ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (found, truth))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else float(ours == theirs)


def hits(found: str, truth: str) -> Hits:
    """What one page adds to the measure `shingles`."""
    ours, theirs = _shingles(found), _shingles(truth)
    whole = (ours | theirs).total() or 1
    return (ours & theirs).total() / whole, (ours - theirs).total() / whole, (theirs - ours).total() / whole


def shingles_f1(pages: Iterable[Hits]) -> float:
    """The measure `shingles` of many pages."""
    both, found_only, true_only = map(sum, zip(*pages, strict=True))
    return 2 * both / (2 * both + found_only + true_only) if both else 0.0


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    runs = [tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1)]
    return Counter(runs or ([tuple(words)] if words else []))
