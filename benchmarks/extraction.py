"""Extraction measured against trafilatura alone, on pages with known text, in one run.

    python -m benchmarks.extraction DIR [DIR ...] [--source NAME]

Each DIR holds `truth.jsonl`, a line a page: `html` (the page's file, relative to DIR), `source`, and what is known of
`url`, `text`, `title`, `date` and `author` (one or a list). Each source is reported by itself, as ours / trafilatura:

    text      mean F1 over the bag of words
    title     share that is equal but for case, spaces and punctuation
    date      share whose day is right
    author    share whose set of names is right
    CPU       milliseconds a page, and the ratio
"""

import argparse
import datetime as dt
import json
import re
import statistics
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import trafilatura
from trafilatura.settings import Document

from ingest.core.extract import extract_page
from ingest.model import Entry, Response

Result = TypeVar("Result")

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
"""Later than all pages, so that no date counts as one in the future."""
WARM_UP = b"<p>The first call loads what later ones find loaded, and its time is not that of a page.</p>" * 20


@dataclass(frozen=True)
class Found:
    """What one extractor makes of a page."""

    text: str
    title: str
    day: str
    authors: tuple[str, ...]
    cpu_s: float


def ours(body: bytes, url: str) -> Found:
    """This repository's extraction, without the help of a feed's entry."""
    page = Response(
        url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=body, fetched_at=NOW
    )
    article, cpu_s = timed(lambda: extract_page(page, Entry()))
    day = str(article.published.day) if article.published else ""
    return Found(article.text, article.title, day, article.authors, cpu_s)


def baseline(body: bytes, url: str) -> Found:
    """Trafilatura as it comes."""
    document, cpu_s = timed(lambda: trafilatura.bare_extraction(body, url=url, fast=True, with_metadata=True))
    if not isinstance(document, Document):
        return Found("", "", "", (), cpu_s)
    authors = tuple((document.author or "").split("; "))
    return Found(document.text or "", document.title or "", (document.date or "")[:10], authors, cpu_s)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """A result and the CPU seconds it took."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def folded(text: str) -> str:
    """A text without case, punctuation and spacing."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def f1(found: str, truth: str) -> float:
    """Harmonic mean of precision and recall over the bag of words."""
    ours, theirs = (Counter(re.findall(r"\w+", text.lower())) for text in (found, truth))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else float(ours == theirs)


def scores(found: Found, truth: dict[str, object]) -> Iterator[tuple[str, float]]:
    """(what, score from 0 to 1) for all that is known of a page."""
    if text := truth.get("text"):
        yield "text", f1(found.text, str(text))
    if title := truth.get("title"):
        yield "title", folded(found.title) == folded(str(title))
    if date := truth.get("date"):
        yield "date", found.day == str(date)[:10]
    if author := truth.get("author"):
        names = author if isinstance(author, list) else [author]
        yield "author", {folded(name) for name in found.authors} == {folded(str(name)) for name in names}


def read_truth(folder: Path, source: str | None) -> Iterable[tuple[dict[str, object], bytes]]:
    """(what is known, the page) of each line."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        if source in (None, truth["source"]):
            yield truth, (folder / truth["html"]).read_bytes()


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.extraction")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--source", help="only pages of this source")
    options = parser.parse_args(arguments)
    extractors = (ours, baseline)
    for extract in extractors:
        extract(WARM_UP, "https://example.org/")
    tables: dict[str, dict[str, list[tuple[float, ...]]]] = defaultdict(lambda: defaultdict(list))
    for truth, body in (page for folder in options.folders for page in read_truth(folder, options.source)):
        table = tables[str(truth["source"])]
        both = [extract(body, str(truth.get("url") or "https://example.org/")) for extract in extractors]
        table["ms"].append(tuple(found.cpu_s * 1000 for found in both))
        for (what, mine), (_, theirs) in zip(*(scores(found, truth) for found in both), strict=True):
            table[what].append((mine, theirs))
    for source, table in tables.items():
        print(f"{source}: {len(table['ms'])} pages, ours / trafilatura")
        for what, pairs in sorted(table.items()):
            mine, theirs = (statistics.fmean(column) for column in zip(*pairs, strict=True))
            digits, ratio = (1, f"  ({mine / theirs:.2f}x)") if what == "ms" else (3, "")
            print(f"  {what:<7} {mine:.{digits}f} / {theirs:.{digits}f}  of {len(pairs)}{ratio}")


if __name__ == "__main__":
    main(sys.argv[1:])
