"""Extraction measured against trafilatura alone, on pages with known text, in one run.

    python -m benchmarks.extraction DIR [DIR ...] [--source NAME] [--part PART] [--worst N]

Each DIR holds `truth.jsonl`, a line a page: `id`, `html` (the page's file, relative to DIR), `source`, and what is
known of `url`, `text`, `title`, `date` and `author` (one or a list). Each source is reported by itself, as ours /
trafilatura:

    text      mean F1 over the bag of words
    shingles  F1 over runs of four words (see `text_scores`)
    title     share that is equal but for case, spaces and punctuation
    date      share whose day is right
    instant   share whose second is right, of dates with a time and a zone
    author    share whose set of names is right; a list of names in one string is parted
    CPU       milliseconds a page, ours with the hashtags and the fingerprint, and the ratio

Rules are tuned on two thirds of the pages only, told by a hash of their ids; each figure is given for all pages, the
tuned part and the part held out.
"""

import argparse
import datetime as dt
import json
import re
import statistics
import sys
import time
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import trafilatura
from trafilatura.settings import Document

from benchmarks.text_scores import Hits, f1, hits, shingles_f1
from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.extract import extract_page
from ingest.core.extract.names import people
from ingest.core.hashtags import tag
from ingest.model import Article, Entry, FeedSpec, Response

Result = TypeVar("Result")

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
"""Later than all pages, so that no date counts as one in the future."""
NO_FEED = FeedSpec(url="https://example.org/rss", name="example")
WARM_UP = b"<p>The first call loads what later ones find loaded, and its time is not that of a page.</p>" * 20


@dataclass(frozen=True)
class Found:
    """What one extractor makes of a page."""

    text: str
    title: str
    day: str
    at: dt.datetime | None
    """The instant, aware."""
    authors: tuple[str, ...]
    cpu_s: float


def ours(body: bytes, url: str) -> Found:
    """This repository, without the help of a feed's entry; its time is that of tags and fingerprint too."""
    page = Response(
        url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=body, fetched_at=NOW
    )
    article, cpu_s = timed(lambda: read(page))
    day, at = (str(article.published.day), article.published.at) if article.published else ("", None)
    return Found(article.text, article.title, day, at, article.authors, cpu_s)


def read(page: Response) -> Article:
    """Extract, tag, fingerprint."""
    article = extract_page(page, Entry())
    text, _ = tag(article, Entry(), NO_FEED)
    fingerprint(article.title, text)
    return article


def baseline(body: bytes, url: str) -> Found:
    """Trafilatura as it comes."""
    document, cpu_s = timed(lambda: trafilatura.bare_extraction(body, url=url, fast=True, with_metadata=True))
    if not isinstance(document, Document):
        return Found("", "", "", None, (), cpu_s)
    authors = tuple((document.author or "").split("; "))
    return Found(document.text or "", document.title or "", (document.date or "")[:10], None, authors, cpu_s)


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """A result and the CPU seconds it took."""
    begun = time.process_time()
    result = work()
    return result, time.process_time() - begun


def folded(text: str) -> str:
    """A text without case, punctuation and spacing."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def instant(date: str) -> dt.datetime | None:
    """The second that a date states, where it has a time and a zone."""
    try:
        at = dt.datetime.fromisoformat(date)
    except ValueError:
        return None
    return at.replace(microsecond=0) if at.tzinfo else None


def scores(found: Found, truth: dict[str, object]) -> Iterator[tuple[str, float]]:
    """(what, score from 0 to 1) for all that is known of a page."""
    if text := truth.get("text"):
        yield "text", f1(found.text, str(text))
    if title := truth.get("title"):
        yield "title", folded(found.title) == folded(str(title))
    if date := truth.get("date"):
        yield "date", found.day == str(date)[:10]
        if known := instant(str(date)):
            yield "instant", found.at is not None and found.at.replace(microsecond=0) == known
    if author := truth.get("author"):
        names = people(map(str, author)) if isinstance(author, list) else people([str(author)])
        yield "author", {folded(name) for name in found.authors} == {folded(name) for name in names}


def part_of(identity: str) -> str:
    """The part that a page belongs to."""
    return "tuned" if zlib.crc32(identity.encode()) % 3 else "held-out"


@dataclass(frozen=True)
class Measured:
    """What both extractors make of one page: ours first."""

    identity: str
    scores: dict[str, tuple[float, ...]]
    """What → its score, or milliseconds for `ms`."""
    hits: tuple[Hits, ...]
    """Of the shingles; empty where the text is not known."""


def read_truth(folder: Path, source: str | None, part: str | None) -> Iterator[tuple[dict[str, object], bytes]]:
    """(what is known, the page) of each line."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        if source in (None, truth["source"]) and part in (None, part_of(truth["id"])):
            yield truth, (folder / truth["html"]).read_bytes()


def measured(truth: dict[str, object], body: bytes) -> Measured:
    """One page, read by both extractors."""
    url = str(truth.get("url") or "https://example.org/")
    both = [extract(body, url) for extract in EXTRACTORS]
    mine, theirs = (dict(scores(found, truth)) for found in both)
    found = {what: (mine[what], theirs[what]) for what in mine} | {"ms": tuple(one.cpu_s * 1000 for one in both)}
    text = str(truth.get("text") or "")
    return Measured(str(truth["id"]), found, tuple(hits(one.text, text) for one in both) if text else ())


def figures(pages: Sequence[Measured]) -> Iterator[tuple[str, int, float, float]]:
    """(what, pages it is known of, ours, trafilatura's)."""
    for what in sorted({what for page in pages for what in page.scores}):
        pairs = [page.scores[what] for page in pages if what in page.scores]
        mine, theirs = (statistics.fmean(column) for column in zip(*pairs, strict=True))
        yield what, len(pairs), mine, theirs
    if known := [page.hits for page in pages if page.hits]:
        mine, theirs = (shingles_f1(column) for column in zip(*known, strict=True))
        yield "shingles", len(known), mine, theirs


def report(source: str, pages: Sequence[Measured]) -> None:
    """The figures of one source, of all its pages and of each part."""
    parts = {part: [page for page in pages if part_of(page.identity) == part] for part in ("tuned", "held-out")}
    by_part = {part: {what: (mine, theirs) for what, _, mine, theirs in figures(of)} for part, of in parts.items()}
    print(f"{source}: {len(pages)} pages, ours / trafilatura")
    for what, known, mine, theirs in figures(pages):
        digits, ratio = (1, f"  ({mine / theirs:.2f}x)") if what == "ms" else (3, "")
        told = "".join(f"  {part} {_pair(of[what], digits)}" for part, of in by_part.items() if what in of)
        print(f"  {what:<8} {_pair((mine, theirs), digits)}  of {known}{told}{ratio}")


def _pair(scores: Iterable[float], digits: int) -> str:
    return " / ".join(f"{score:.{digits}f}" for score in scores)


def print_worst(pages: Sequence[Measured], count: int) -> None:
    """The pages whose text was found worst, by id."""
    known = sorted((page for page in pages if page.hits), key=lambda page: page.scores["text"][0])
    for page in known[:count]:
        _, surplus, missing = page.hits[0]
        score = _pair(page.scores["text"], 3)
        print(f"    {score}  {surplus:.2f} too much, {missing:.2f} missing  {page.identity} ({part_of(page.identity)})")


EXTRACTORS = (ours, baseline)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.extraction")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--source", help="only pages of this source")
    parser.add_argument("--part", choices=("tuned", "held-out"), help="only pages of this part")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="the N worst texts of each source, by id")
    options = parser.parse_args(arguments)
    for extract in EXTRACTORS:
        extract(WARM_UP, "https://example.org/")
    tables: dict[str, list[Measured]] = defaultdict(list)
    for folder in options.folders:
        for truth, body in read_truth(folder, options.source, options.part):
            tables[str(truth["source"])].append(measured(truth, body))
    for source, pages in tables.items():
        report(source, pages)
        print_worst(pages, options.worst)


if __name__ == "__main__":
    main(sys.argv[1:])
