"""Key phrases of a text: names of people, places and organisations, and terms that recur.

1. Names are words with capitals in a row within a clause (`Bank of England`). A capital at the beginning of a sentence
   says nothing: such a word is a name where the text has it in capitals elsewhere too, or where it first introduces the
   one that follows (`Keir Starmer said`). A name that goes on alone is the one that introduced it (`Starmer`).
2. Terms are one to three words in a row that recur, none of them a function word; scripts without capitals have only
   these. A term neither begins nor ends with a word of the long stop lists, which hold general words. One that begins
   with a name and stands at most places where that does is the name in full (`Union européenne`).
3. German writes every noun with a capital: there only words in a row (`Ada Quill`) and words all in capitals (`SPD`)
   are names, and a single word without a capital says nothing.
4. What is frequent, early and in the title ranks first, a name before a term. No phrase is part of another.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import combinations, groupby

from ingest.core.hashtags.clauses import Clause, Token, clauses, stem
from ingest.core.hashtags.function_words import is_general_word
from ingest.core.hashtags.language import language_of
from ingest.core.hashtags.spelling import spell
from ingest.core.hashtags.words import words
from ingest.model import Article, Entry, FeedSpec

_MOST = 5
_SAMPLE = 8_000
"""Characters of a text that are read; the rest of a longer one changes little and costs time."""
_ENOUGH = 50
"""Words; a shorter text repeats too little to tell what it is about."""
_LONGEST_NAME = 4
_LONGEST_TERM = 3
_LEAD = 50
"""Words; a phrase that first appears so far on counts √½ of what it would in the first sentence."""

_NAME, _TITLE = 3.0, 2.0
"""How much more a name counts than a term, and what stands in the title than what does not."""

_NOUNS_IN_CAPITALS = frozenset({"de", "lb"})
_CONNECTS = frozenset("of de da do del di du des van von der den bin al la".split())
_OFFICE = re.compile(
    r"(?:mrs?|ms|dr|prime|senator|sen|rep|gov|governor|judge|secretary|chancellor|herr|frau|president"
    r"|\w*(?:minister|präsident|kanzler|meister|sprecher|chef)(?:in)?)",
    re.IGNORECASE,
)
"""Written with a capital before a name, and no part of it."""

Key = tuple[str, ...]
"""The stems of a phrase."""

Found = dict[Key, list[Clause]]
"""Each phrase at all its places, in the order of the text."""


def body(article: Article, entry: Entry, feed: FeedSpec) -> Iterator[str]:
    """The key phrases of an article's text, five at most."""
    language = language_of(article.text[:_SAMPLE], article.language)
    read = list(clauses(article.text[:_SAMPLE], language))
    if sum(map(len, read)) >= _ENOUGH:
        title = {stem(word.text, language) for word in words(article.title, language)}
        yield from _best(_names(read, language), _terms(read, language), title)


def _best(names: Found, terms: Found, title: Set[str]) -> list[str]:
    scores = _scores(names, terms, title)
    tags: dict[Key, str] = {}
    for key in sorted(scores, key=lambda key: (-scores[key], -len(key))):
        if len(tags) == _MOST:
            break
        overlaps = any(set(key) <= set(other) or set(key) >= set(other) for other in tags)
        if not overlaps and (tag := _spelled(key, [*names.get(key, ()), *terms.get(key, ())])):
            tags[key] = tag
    return list(tags.values())


def _scores(names: Found, terms: Found, title: Set[str]) -> dict[Key, float]:
    everything = terms | names
    whole = {part: term for term in terms if term not in names for part in _parts_of(term, everything)}
    meant = {whole.get(name, name) for name in names}
    return {
        key: _score(key, found, title) * (_NAME if key in meant else 1)
        for key, found in everything.items()
        if key not in whole
    }


def _parts_of(key: Key, everything: Found) -> Iterator[Key]:
    """The parts of a term that stand at most places within it."""
    for start, end in combinations(range(len(key) + 1), 2):
        part = key[start:end]
        if part != key and 2 * len(everything[key]) > len(everything.get(part, ())) > 0:
            yield part


def _score(key: Key, found: Sequence[Clause], title: Set[str]) -> float:
    in_title = sum(stem in title for stem in key) / len(key)
    late = math.sqrt(1 + found[0][0].place / _LEAD)
    return len(found) / late * (1 + (_TITLE - 1) * in_title)


def _spelled(key: Key, found: Iterable[Clause]) -> str | None:
    """The phrase in its shortest form, which of inflected ones is mostly the basic one."""
    whole = [phrase for phrase in found if len(phrase) == len(key)]
    return spell(min((" ".join(token.text for token in phrase) for phrase in whole), key=len))


def _names(read: Sequence[Clause], language: str) -> Found:
    known = {token.stem for clause in read for token in clause if _is_meant(token) and not token.opens}
    introduced: set[str] = set()
    runs = [run for clause in read for run in _runs(clause, known, introduced)]
    alone = set(map(_key, runs))
    found: Found = {}
    for run in runs:
        for name in _parted(run, alone):
            found.setdefault(_key(name), []).append(name)
    names = _joined(found)
    return names if language not in _NOUNS_IN_CAPITALS else _without_nouns(names)


def _without_nouns(names: Found) -> Found:
    """Without nouns alone, and those joined by a small word (`Angaben der Stadt`)."""
    return {
        key: found
        for key, found in names.items()
        if (len(key) > 1 or found[0][0].text.isupper()) and all(map(_is_meant, found[0]))
    }


def _is_meant(token: Token | None) -> bool:
    """Whether a word has a capital, and is not a function word that has it by its place."""
    return token is not None and token.is_capital and token.carries


def _runs(clause: Clause, known: Set[str], introduced: set[str]) -> Iterator[Clause]:
    run: list[Token] = []
    for token, after in zip(clause, [*clause[1:], None], strict=True):
        if _is_name(token, after, known, introduced) or (run and _goes_on(token, after)):
            run.append(token)
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)
    introduced |= {token.stem for token in clause if token.is_capital}


def _is_name(token: Token, after: Token | None, known: Set[str], introduced: Set[str]) -> bool:
    if not _is_meant(token) or not token.opens or token.stem in known:
        return _is_meant(token)
    return after is not None and _is_meant(after) and not after.text.isupper() and after.stem not in introduced


def _goes_on(token: Token, after: Token | None) -> bool:
    """Whether a row of names goes on over this word: `Bank of England`, `George W. Bush`, `Boeing 737`."""
    connects = token.text in _CONNECTS or (token.is_capital and len(token.text) == 1)
    return (connects and _is_meant(after)) or (token.text.isdecimal() and len(token.text) < 4)


def _parted(run: Clause, alone: Set[Key]) -> Iterator[Clause]:
    """A row of names as those that also stand alone (`USA`, `Donald Trump`), without offices before them."""
    while len(run) > 1 and _OFFICE.fullmatch(run[0].text):
        run = run[1:]
    while len(run) > 2 and _is_meant(run[1]) and (_key(run[:1]) in alone or _ends_in(run, alone)):
        if _key(run[:1]) in alone:
            yield run[:1]
        run = run[1:]
    if len(run) <= _LONGEST_NAME:
        yield run


def _ends_in(run: Clause, alone: Set[Key]) -> bool:
    return any(_key(run[start:]) in alone for start in range(1, len(run) - 1))


def _key(phrase: Clause) -> Key:
    return tuple(token.stem for token in phrase)


def _joined(found: Found) -> Found:
    """Names with those that go on alone."""
    full: dict[str, Key] = {}
    for key in found:
        if 2 <= len(key) <= 3:
            full.setdefault(key[-1], key)
    joined: Found = {}
    for key, phrases in found.items():
        longer = full.get(key[0], key) if len(key) == 1 else key
        is_introduced = found[longer][0][0].place <= phrases[0][0].place
        joined.setdefault(longer if is_introduced else key, []).extend(phrases)
    return joined


def _terms(read: Sequence[Clause], language: str) -> Found:
    found: Found = {}
    for clause in read:
        for carries, run in groupby(clause, key=lambda token: token.carries):
            for term in _phrases(tuple(run)) if carries else ():
                found.setdefault(_key(term), []).append(term)
    return {key: terms for key, terms in found.items() if len(terms) > 1 and _says_something(terms[0], language)}


def _phrases(run: Clause) -> Iterator[Clause]:
    for start in range(len(run)):
        for end in range(start + 1, min(start + _LONGEST_TERM, len(run)) + 1):
            yield run[start:end]


def _says_something(term: Clause, language: str) -> bool:
    is_letter = len(term) == len(term[0].text) == 1
    is_adjective = len(term) == 1 and language in _NOUNS_IN_CAPITALS and not term[0].is_capital
    if is_letter or is_adjective:
        return False
    return not any(is_general_word(token.text, language) for token in (term[0], term[-1]))
