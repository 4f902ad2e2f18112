"""How well copies are told from other stories, on pairs that people judged and on copies made from real texts.

    python -m benchmarks.copies DIR

DIR holds `docs.jsonl` (a line a text: `id`, `text`, where known `title`, `url`, `date`), `pairs.jsonl` (`a`, `b` and
a judgement) and `clusters.jsonl` (`ids`, `kind`); further texts to search among in `background_*.jsonl`.

    judged pairs     precision and recall of "one story" where somebody judged by hand
    same URL         groups of texts met under one URL: pairs told to be copies by the text alone
    events           pairs about one event or two that are no copies: what is merged is listed
    made copies      recall of the decision, with the title kept and without any; 600 texts, seeded

The texts are compared as they stand in DIR, with all the furniture of their sites.
"""

import argparse
import datetime as dt
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ingest.core.dedupe.fingerprint import LONG_ENOUGH, letters
from ingest.core.dedupe.likeness import compared, likeness, objection

Line = dict[str, Any]  # Any: as the files have it
Pair = tuple["Text", "Text"]
Made = Callable[[list[str], random.Random], list[str]]

SAMPLE = 600
"""Texts that copies are made from."""
WORDS = 80
"""Words that such a text has at least: half of it is still no brief."""
OTHER_WORDS = 60
"""Of a lead that is exchanged, at most; a quarter of the text."""
BOILERPLATE = 40
EVENTS = "tgcontest"
"""The dataset whose pairs are about one event or two, and copies only by chance."""


@dataclass(frozen=True)
class Text:
    """A text as it stands in the folder."""

    id: str
    title: str
    text: str
    publisher: str
    at: dt.datetime


def read(folder: Path) -> dict[str, Text]:
    """All texts, by id."""
    files = (folder / "docs.jsonl", *sorted(folder.glob("background_*.jsonl")))
    return {line["id"]: _text(line) for file in files for line in lines(file) if line.get("text")}


def lines(file: Path) -> list[Line]:
    """Each line as JSON."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _text(line: Line) -> Text:
    try:
        at = dt.datetime.fromisoformat(line["date"]).replace(tzinfo=dt.UTC)
    except (KeyError, ValueError):  # a date in prose, or none: of these only the order of the file is known
        at = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    publisher = urlsplit(line.get("url") or "").netloc or line["id"]
    return Text(line["id"], line.get("title") or "", line["text"], publisher, at)


def share(part: int, whole: int) -> str:
    """A share with what it is of."""
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "of nothing"


def are_copies(a: Text, b: Text) -> bool:
    """The decision about two texts."""
    like = likeness(compared(a.title, a.text), compared(b.title, b.text))
    return not objection(like, a.publisher == b.publisher, abs(a.at - b.at))


def judged(texts: dict[str, Text], pairs: list[Line]) -> None:
    """Precision and recall on pairs with a judgement `merge`, and each pair that was judged otherwise."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for pair in (pair for pair in pairs if "merge" in pair):
        a, b = texts[pair["a"]], texts[pair["b"]]
        should, is_ = bool(pair["merge"]), are_copies(a, b)
        counts[should, is_] += 1
        if should != is_:
            print(f"    {a.id} {b.id} ({pair['label']}): {'missed' if should else 'merged'}")
    right, wrong, missed = counts[True, True], counts[False, True], counts[True, False]
    print(
        f"judged pairs: {sum(counts.values())}, precision {share(right, right + wrong)}, "
        f"recall {share(right, right + missed)}"
    )


def same_url(texts: dict[str, Text], clusters: list[Line]) -> None:
    """Groups under one URL, which the address alone would tell."""
    told = total = 0
    for cluster in (cluster for cluster in clusters if "same article URL" in cluster["kind"]):
        known = [texts[name] for name in cluster["ids"] if name in texts and is_long(texts[name])]
        for other in known[1:]:
            total += 1
            told += are_copies(known[0], other)
    print(f"same URL: {total} pairs, told by the text alone {share(told, total)} (by the address: all)")


def events(texts: dict[str, Text], pairs: list[Line]) -> None:
    """Pairs that were judged to be about one event or about two."""
    judged_so = [pair for pair in pairs if pair.get("dataset") == EVENTS]
    for label in sorted({pair["label"] for pair in judged_so}):
        found = [(pair["a"], pair["b"]) for pair in judged_so if pair["label"] == label]
        known = [(texts[a], texts[b]) for a, b in found if a in texts and b in texts]
        merged = [(a.id, b.id) for a, b in known if are_copies(a, b)]
        print(f"events, {label}: {len(known)} pairs, told to be copies {len(merged)} {merged}")


def edited(part: float) -> Made:
    """A share of the words left out, exchanged or added to."""

    def make(text: list[str], chance: random.Random) -> list[str]:
        made: list[str] = []
        for word in text:
            how = chance.random() / part
            if how >= 1:
                made.append(word)
            elif how >= 1 / 3:
                made += [chance.choice(text)[::-1], *([word] if how >= 2 / 3 else [])]
        return made

    return make


def with_other_lead(text: list[str], chance: random.Random) -> list[str]:
    count = min(OTHER_WORDS, len(text) // 4)
    return [f"lead{chance.randrange(10_000)}" for _ in range(count)] + text[count:]


def half(text: list[str], _: random.Random) -> list[str]:
    return text[: len(text) // 2]


MADE: dict[str, Made] = {
    "2 % edited": edited(0.02),
    "5 % edited": edited(0.05),
    "10 % edited": edited(0.1),
    "other lead": with_other_lead,
    "half": half,
}


def made_copies(sample: list[Text], make: Made) -> list[Pair]:
    """Each text with the copy of it that another publisher has."""
    chance = random.Random(7)
    made = [" ".join(make(one.text.split(), chance)) for one in sample]
    return [(one, replace(one, text=text, publisher="other")) for one, text in zip(sample, made, strict=True)]


def recall_of_made(sample: list[Text]) -> None:
    """How many of the copies are told to be copies."""
    for name, make in MADE.items():
        pairs = made_copies(sample, make)
        titled = sum(are_copies(*pair) for pair in pairs)
        untitled = sum(are_copies(replace(a, title=""), replace(b, title="")) for a, b in pairs)
        print(f"made, {name}: recall {share(titled, len(pairs))}, without titles {share(untitled, len(pairs))}")


def merged_by_notice(sample: list[Text]) -> None:
    """Different stories that end with the same notice."""
    notice = " ".join(f"notice{number}" for number in range(BOILERPLATE))
    pairs = [(a, b) for a, b in pairwise(sample) if not are_copies(a, b)]
    ended = [(replace(a, text=f"{a.text} {notice}"), replace(b, text=f"{b.text} {notice}")) for a, b in pairs]
    print(f"a common notice of {BOILERPLATE} words: {len(ended)} pairs, merged {sum(are_copies(*e) for e in ended)}")


def sample_of(texts: dict[str, Text]) -> list[Text]:
    """Texts to make copies of, the same each time."""
    long = sorted(name for name, text in texts.items() if len(text.text.split()) >= WORDS)
    return [texts[name] for name in random.Random(5).sample(long, SAMPLE)]


def is_long(text: Text) -> bool:
    """Whether it has a sketch."""
    return len(letters(text.text)) >= LONG_ENOUGH


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.copies")
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args(arguments).folder
    texts, pairs = read(folder), lines(folder / "pairs.jsonl")
    judged(texts, pairs)
    same_url(texts, lines(folder / "clusters.jsonl"))
    events(texts, pairs)
    sample = sample_of(texts)
    recall_of_made(sample)
    merged_by_notice(sample)


if __name__ == "__main__":
    main(sys.argv[1:])
