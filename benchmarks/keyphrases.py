"""Key phrases of the body against those that editors gave, beside a simple baseline, in one run.

    python -m benchmarks.keyphrases DIR [--sample N]

DIR holds `items.jsonl`, a line a text: `id`, `lang`, `text`, `keywords`, where known `title`. Texts without either text
or keywords are left out, and the title where a text opens with it. The constants were fitted on texts of two thirds, by
a hash of their id (`seen`); on the rest (`new`) nothing was fitted, but the figures were known while rules changed.

    precision    of the first five phrases, the share that an editor gave
    recall       of the editors' keywords, the share that is among the first five phrases
    exactly      case, spaces and compatible letters aside
    by endings   up to three letters at the end of a phrase aside as well, since editors write base forms
    CPU          microseconds a text

The baseline is the five most frequent words of a text that are no function words.
"""

import argparse
import json
import statistics
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.core.hashtags.body import body
from ingest.core.hashtags.function_words import is_function_word
from ingest.core.hashtags.language import language_of
from ingest.core.hashtags.spelling import tag_key
from ingest.core.hashtags.words import words
from ingest.model import Article, Entry, FeedSpec

FEED = FeedSpec(url="https://example.org/feed", name="example")
ENTRY = Entry()
FIRST = 5
ENDING = 3
STEM = 3
"""Letters that two forms of one word have in common at least."""

Phrases = Callable[[Article], Sequence[str]]
Alike = Callable[[str, str], bool]


@dataclass(frozen=True)
class Item:
    """A text and what its editors gave it."""

    group: str
    seen: bool
    article: Article
    keywords: tuple[str, ...]


def ours(article: Article) -> Sequence[str]:
    """This repository's."""
    return tuple(body(article, ENTRY, FEED))


def frequent_words(article: Article) -> Sequence[str]:
    """The baseline."""
    language = language_of(article.text, article.language)
    found = (word.text for word in words(article.text, language))
    counts = Counter(word.casefold() for word in found if len(word) > 1 and not is_function_word(word, language))
    return [word for word, _ in counts.most_common(FIRST)]


def exactly(one: str, other: str) -> bool:
    """Whether two keys are equal."""
    return one == other


def by_endings(one: str, other: str) -> bool:
    """Whether two keys are equal but for their last letters."""
    shared = max(STEM, max(len(one), len(other)) - ENDING)
    return one == other or (len(one) > STEM < len(other) and one[:shared] == other[:shared])


def items(folder: Path) -> Iterator[Item]:
    """Each text that has keywords."""
    for line in (folder / "items.jsonl").read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        title = item.get("title") or ""
        text = (item.get("text") or "").strip().removeprefix(title).strip()
        keywords = tuple(dict.fromkeys(filter(None, map(tag_key, item.get("keywords") or ()))))
        if text and keywords:
            article = Article(url="https://example.org/a", title=title, text=text, language=item.get("lang"))
            group = f"{item['dataset']} ({item.get('lang')})"
            yield Item(group, zlib.crc32(item["id"].encode()) % 3 < 2, article, keywords)


def scores(found: Sequence[str], keywords: Sequence[str], alike: Alike) -> tuple[float, float]:
    """(precision, recall) of the first five phrases."""
    keys = [tag_key(phrase) for phrase in found[:FIRST]]
    right = sum(any(alike(key, keyword) for keyword in keywords) for key in keys)
    given = sum(any(alike(key, keyword) for key in keys) for keyword in keywords)
    return right / len(keys) if keys else 0.0, given / len(keywords)


def measured(phrases: Phrases, group: Sequence[Item]) -> str:
    """A line of figures over a group."""
    begun = time.process_time()
    found = [phrases(item.article) for item in group]
    cpu_s = time.process_time() - begun
    told = []
    for alike in (exactly, by_endings):
        pairs = [scores(each, item.keywords, alike) for each, item in zip(found, group, strict=True)]
        precision, recall = (statistics.fmean(column) for column in zip(*pairs, strict=True))
        told.append(f"{precision:.3f} {recall:.3f}")
    return f"{'  '.join(told)}  {cpu_s / len(group) * 1e6:6.0f} µs"


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.keyphrases")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--sample", type=int, help="only so many texts of each group")
    options = parser.parse_args(arguments)
    groups: dict[tuple[str, bool], list[Item]] = defaultdict(list)
    for item in items(options.folder):
        groups[item.group, item.seen].append(item)
    print(f"{'':<34}{'exactly':<13}by endings, as precision recall")
    for (name, seen), group in sorted(groups.items(), key=lambda each: (each[0][0], not each[0][1])):
        sample = group[: options.sample]
        for phrases in (ours, frequent_words):
            phrases(sample[0].article)
            label = f"{name} {'seen' if seen else 'new'} {len(sample)}"
            print(f"{label:<24}{phrases.__name__[:8]:<10}{measured(phrases, sample)}")


if __name__ == "__main__":
    main(sys.argv[1:])
