"""What a search costs, by how many stories are stored, and what the index costs who saves (SQLite).

    python -m benchmarks.search [--stories N] [--searches M] [--folder DIR]

A database with N stories (default 100,000) is filled, and searched in one process that has it open. The words of a text
are drawn by Zipf's law from 200,000, as those of a language are: the most frequent stand in every story, most in a few.
Searched are one to three words, as frequent in queries as in texts from the 100th on (nobody searches `the`), phrases
of such words that stand in a story, and words with an exclusion or a date; apart from these, phrases of any words
(`of the`). Printed are

    search   median and 95th percentile by kind, with snippets, and the slowest
    index    bytes a story, beside the bytes of its title and text
    save     of a story's row in transactions of 50, without the index and with it
"""

import argparse
import datetime as dt
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert

from benchmarks import filled
from ingest.core.search.query import parse
from ingest.core.search.tokens import indexed
from ingest.edge.store import engine, search_index, upgrade
from ingest.edge.store.searches import find, hits
from ingest.edge.store.tables import changes, stories
from ingest.model import Indexed, StoryFilter

BEGIN = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
APART = dt.timedelta(seconds=30)
"""One story after the other."""
VOCABULARY, WORDS, TITLE = 200_000, 300, 10
"""Different words; words of a text, and of a title."""
SOUGHT_FROM = 100
"""Rank of the most frequent word that is searched for."""
BATCH, GROUP, SAVED = 1_000, 50, 2_000
LIMIT = 20
ANY = "any words"
"""Kind of search: phrases that nobody asks for alone."""

Words = NDArray[np.int64]


def drawn(number: int) -> list[str]:
    """The words of a story: the same each time."""
    chance = np.random.default_rng(number)
    return [f"w{rank}" for rank in ranks(chance, TITLE + WORDS).tolist()]


def ranks(chance: np.random.Generator, count: int, first: int = 1) -> Words:
    """Ranks of words by Zipf's law, from a first one on."""
    spread = np.log(VOCABULARY / first)
    return np.asarray(first * np.exp(chance.random(count) * spread), dtype=np.int64)


def row(number: int) -> dict[str, object]:
    """A story as its table has it."""
    words = drawn(number)
    at = BEGIN + number * APART
    told = {"title": " ".join(words[:TITLE]), "text": " ".join(words[TITLE:]), "language": "en"}
    place = {"id": f"{number:026}", "seq": number, "number": number, "version": 1, "cluster": f"{number:026}"}
    times = {"published_at": at, "published_date": at.date(), "first_seen_at": at, "appeared_at": at}
    known = {"publisher": f"p{number % 500}.example", "source": "page", "kind": "article", "pages": 1, "methods": {}}
    empty = dict.fromkeys(("summary", "site", "via", "section", "problem", "note"), "")
    return {**told, **place, **times, **known, **empty, "authors": [], "fingerprint_version": 2, "shingles": 0}


def add(connection: Connection, numbers: range, made: dict[int, Indexed] | None) -> None:
    """Stories with their changes, and their tokens if they have any."""
    told = [
        {"seq": number, "kind": "created", "at": BEGIN, "story_id": f"{number:026}", "version": 1} for number in numbers
    ]
    connection.execute(insert(changes), told)
    connection.execute(insert(stories), [row(number) for number in numbers])
    for number, tokens in (made or {}).items():
        search_index.enter(connection, number, tokens)


def tokens_of(numbers: range) -> dict[int, Indexed]:
    """What a worker of the pool makes."""
    return {number: indexed(str(told["title"]), str(told["text"]), "") for number in numbers for told in [row(number)]}


def searches(count: int, stored: int) -> Iterator[tuple[str, str]]:
    """(kind, query)."""
    chance, pick = np.random.default_rng(1), random.Random(1)
    for number in range(count):
        words = [f"w{rank}" for rank in ranks(chance, 3, SOUGHT_FROM).tolist()]
        told = drawn(1 + pick.randrange(stored))
        places = range(TITLE, TITLE + WORDS - 2)
        sought = [place for place in places if min(int(word[1:]) for word in told[place : place + 2]) >= SOUGHT_FROM]
        yield "one word", words[0]
        yield "two words", " ".join(words[:2])
        yield "three words", " ".join(words)
        yield "phrase", _phrase(told, pick.choice(sought))
        yield ANY, _phrase(told, pick.choice(places))
        yield "word, excluded", f"{words[0]} -{words[1]}"
        age = stored * APART * (1 + number % 300) / 300
        yield "word, since", f"{words[0]} since:{(BEGIN + stored * APART - age).date()}"


def _phrase(words: list[str], place: int) -> str:
    return f'"{" ".join(words[place : place + 2])}"'


def measured(work: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def fill(url: str, count: int) -> None:
    """A database with so many stories."""
    upgrade(url)
    writer = engine.connect(engine.database(url), "write")
    for start in range(1, count + 1, BATCH):
        numbers = range(start, min(start + BATCH, count + 1))
        made = tokens_of(numbers)
        with writer.begin() as connection:
            add(connection, numbers, made)
    writer.dispose()


def tell_searches(url: str, count: int, stored: int) -> None:
    """Run searches one after the other, and print what they cost."""
    times: dict[str, list[tuple[float, str]]] = {}
    reader = engine.connect(engine.database(url), "read")
    with reader.connect() as connection:
        for kind, text in searches(count, stored):
            query = parse(text)
            cost = measured(lambda query=query: hits(find(connection, query, StoryFilter(), LIMIT, 0), query))  # type: ignore[misc]
            times.setdefault(kind, []).append((cost, text))
    reader.dispose()
    of_all = [one for kind, each in times.items() if kind != ANY for one in each]
    for kind, costs in [*times.items(), (f"all but {ANY}", of_all)]:
        ms = [cost for cost, _ in costs]
        slowest, text = max(costs)
        typical, p95 = statistics.median(ms), statistics.quantiles(ms, n=20)[-1]
        print(f"search, {kind:<19} median {typical:6.1f} ms, p95 {p95:6.1f} ms, most {slowest:.1f} ms: {text}")


def tell_size(url: str, stored: int) -> None:
    """Print the bytes of the index."""
    with engine.opened(engine.database(url), "read") as connection:
        pages = "SELECT sum(length(block)) FROM search_data"
        index = connection.exec_driver_sql(pages).scalar() or 0
        text = connection.exec_driver_sql("SELECT sum(length(title) + length(text)) FROM stories").scalar() or 0
    print(f"index: {index / stored:.0f} bytes a story, beside {text / stored:.0f} of title and text")


def tell_saves(url: str, stored: int) -> None:
    """Print what it costs to add further stories, with the index and without."""
    writer = engine.connect(engine.database(url), "write")
    for name, with_index in (("without", False), ("with", True)):
        first = stored + 1 + SAVED * with_index
        batches = [range(start, start + GROUP) for start in range(first, first + SAVED, GROUP)]
        made = [tokens_of(numbers) if with_index else None for numbers in batches]

        def save(batches: list[range] = batches, made: list[dict[int, Indexed] | None] = made) -> None:
            for numbers, tokens in zip(batches, made, strict=True):
                with writer.begin() as connection:
                    for number in numbers:  # a savepoint each, as the store's writer has them
                        connection.exec_driver_sql("SAVEPOINT job")
                        one = range(number, number + 1)
                        add(connection, one, tokens and {number: tokens[number]})
                        connection.exec_driver_sql("RELEASE job")

        print(f"save, {name} the index: {measured(save) / SAVED:.2f} ms a story")
    writer.dispose()


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.search")
    parser.add_argument("--stories", type=int, default=100_000, metavar="N")
    parser.add_argument("--searches", type=int, default=100, metavar="M", help="of each kind")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keeps the filled database for further runs")
    told = parser.parse_args(arguments)
    with filled.folder(told.folder) as folder:
        url = filled.copied(folder / f"search-{told.stories}.db", partial(fill, count=told.stories))
        print(f"{told.stories:,} stories")
        tell_size(url, told.stories)
        tell_searches(url, told.searches, told.stories)
        tell_saves(url, told.stories)


if __name__ == "__main__":
    main(sys.argv[1:])
