"""Declared and category tags measured against the tags that pages are known to declare.

    python -m benchmarks.hashtags DIR [DIR ...] [--part PART] [--worst N]

Each DIR holds `truth.jsonl` as for `benchmarks.extraction`, with `tags`, and `categories` where a page is known to have
them too. Tags are compared by their keys. Each source is reported by itself, as the mean over its pages:

    recall      share of the known tags that are among the story's
    precision   share of the story's tags that are among the known tags or categories
"""

import argparse
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.extraction import NOW, part_of
from ingest.core.extract import extract_page
from ingest.core.hashtags import tag
from ingest.core.hashtags.spelling import spell, tag_key
from ingest.model import Entry, FeedSpec, Response

FEED = FeedSpec(url="https://example.org/feed", name="example")


@dataclass(frozen=True)
class Measured:
    """The keys of one page's tags."""

    identity: str
    found: frozenset[str]
    known: frozenset[str]
    allowed: frozenset[str]
    """Known tags and categories."""

    @property
    def recall(self) -> float:
        """Share of the known tags that were found."""
        return len(self.found & self.known) / len(self.known)

    @property
    def precision(self) -> float:
        """Share of the found tags that are known; 1 where none was found."""
        return len(self.found & self.allowed) / len(self.found) if self.found else 1.0


def found_tags(body: bytes, url: str) -> frozenset[str]:
    """The keys of what the page's story is tagged with by itself."""
    page = Response(
        url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=body, fetched_at=NOW
    )
    _, hashtags = tag(extract_page(page, Entry()), Entry(), FEED)
    return frozenset(tag_key(one.tag) for one in hashtags if one.source in ("declared", "category"))


def keys(tags: Iterable[str]) -> frozenset[str]:
    """The keys of tags as they are written, lists among them; of those that can be a hashtag (`1&1` cannot)."""
    single = (part for tag in tags for part in tag.split(","))
    return frozenset(tag_key(tag) for tag in single if spell(tag))


def measured(folder: Path, part: str | None) -> Iterator[tuple[str, Measured]]:
    """(source, what was found) of each page whose tags are known."""
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        known = keys(truth.get("tags") or ())
        if known and part in (None, part_of(truth["id"])):
            found = found_tags((folder / truth["html"]).read_bytes(), truth.get("url") or "https://example.org/")
            yield truth["source"], Measured(truth["id"], found, known, known | keys(truth.get("categories") or ()))


def report(source: str, pages: Sequence[Measured], worst: int) -> None:
    """The figures of one source, and its worst pages by id."""
    recall, precision = (statistics.fmean(figures) for figures in zip(*((p.recall, p.precision) for p in pages), strict=True))
    print(f"{source}: {len(pages)} pages, recall {recall:.3f}, precision {precision:.3f}")
    for page in sorted(pages, key=lambda page: page.recall + page.precision)[:worst]:
        missed, surplus = len(page.known - page.found), len(page.found - page.allowed)
        print(f"    {page.recall:.2f} {page.precision:.2f}  {missed} missed, {surplus} too many  {page.identity}")


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.hashtags")
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    parser.add_argument("--part", choices=("tuned", "held-out"), help="only pages of this part")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="the N worst pages of each source, by id")
    options = parser.parse_args(arguments)
    tables: dict[str, list[Measured]] = defaultdict(list)
    for folder in options.folders:
        for source, page in measured(folder, options.part):
            tables[source].append(page)
    for source, pages in tables.items():
        report(source, pages, options.worst)


if __name__ == "__main__":
    main(sys.argv[1:])
