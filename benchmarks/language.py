"""Detection of languages measured on titles and texts whose language is known.

    python -m benchmarks.language FILE [FILE ...] [--most N] [--least CHARACTERS]

Each FILE is JSON lines with `lang` (ISO 639-1) and `title`, `text` or both. Nothing is declared, so that the text alone
decides. At most N of a language are read from each file, of those with at least so many characters. Norwegian,
Serbo-Croatian and Malay are one language each in this count, whatever the standard.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from ingest.core.language import ALIKE, settle_language


def samples(path: Path, most: int, least: int) -> Iterator[tuple[str, str]]:
    """(language, title and text) of the first of each language in a file."""
    read = Counter[str]()
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        language = item.get("lang") or ""
        text = f"{item.get('title') or ''}\n\n{item.get('text') or ''}".strip()
        if language and len(text) > least and read[language] < most:
            read[language] += 1
            yield language, text


def is_right(known: str, found: str | None) -> bool:
    """Whether a language was found, up to standards of one language."""
    return found == known or any({known, found} <= alike for alike in ALIKE)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.language")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--most", type=int, default=200, metavar="N", help="texts of a language from a file")
    parser.add_argument("--least", type=int, default=0, metavar="CHARACTERS", help="leave shorter texts out")
    options = parser.parse_args(arguments)
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for path in options.files:
        for language, text in samples(path, options.most, options.least):
            found = settle_language(None, text)
            verdicts[language]["right" if is_right(language, found) else found or "none"] += 1
    for language, counted in sorted(verdicts.items()):
        wrong = ", ".join(f"{name} {count}" for name, count in counted.most_common() if name != "right")
        print(f"{language}: {counted['right'] / counted.total():.3f} of {counted.total()}  {wrong}")
    right, known = (sum(one[key] if key else one.total() for one in verdicts.values()) for key in ("right", ""))
    mean = sum(one["right"] / one.total() for one in verdicts.values()) / len(verdicts)
    print(f"all: {right / known:.3f} of {known}; mean of {len(verdicts)} languages {mean:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
