"""Tags that the article itself writes: `#Iran`, in order of appearance.

A `#` within a word or an address (`C#`, `page#top`, `&#39;`), before a number (`#1`) or before a colour (`#fff`) begins
no tag.
"""

import re
from collections.abc import Iterator
from itertools import takewhile

from ingest.core.hashtags.spelling import is_letter, spell
from ingest.model import Article, Entry, FeedSpec

_SIGN = re.compile(r"[#＃](?<![\w#＃&/=?].)")
_NUMBER = re.compile(r"\d+[a-z]?", re.IGNORECASE)
_COLOUR = re.compile(r"(?=.*\d|(.)\1*$|(?:(.)\2){3,4}$)(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
"""Hexadecimal digits, a figure among them or all doubled: `#BBC` and `#decade` are tags."""

_BETWEEN = re.compile(r"[\s,;·•|]+")


def declared(article: Article, entry: Entry, feed: FeedSpec) -> Iterator[str]:
    """The tags in the article's text."""
    for sign in _SIGN.finditer(article.text):
        if tag := _tag_at(article.text, sign.end()):
            yield tag


def without_tag_lines(text: str) -> str:
    """A text without the lines at its end that hold only #tags."""
    lines = text.rstrip().split("\n")
    while lines and (_holds_only_tags(lines[-1]) or not lines[-1].strip()):
        lines.pop()
    return "\n".join(lines)


def _tag_at(text: str, start: int) -> str | None:
    written = "".join(takewhile(_continues, text[start : start + 200]))
    return None if _NUMBER.fullmatch(written) or _COLOUR.fullmatch(written) else spell(written)


def _continues(char: str) -> bool:
    return char in "_\u200c\u200d" or is_letter(char)  # joiners shape Persian and Indic letters


def _holds_only_tags(line: str) -> bool:
    pieces = list(filter(None, _BETWEEN.split(line)))
    return bool(pieces) and all(map(_is_tag, pieces))


def _is_tag(piece: str) -> bool:
    return piece[0] in "#＃" and all(map(_continues, piece[1:])) and _tag_at(piece, 1) is not None
