"""The date that a reader sees beside the headline, on pages that declare none.

A line is taken for it only if it is short, holds a date that can be told, is no sentence, and does not speak of a
change. It is looked for below the headline first, then right above it: further up, sites show what day it is today.
"""

import datetime as dt
import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from ingest.core.dates import moment
from ingest.core.extract.around import above, below
from ingest.model import Moment

_SHORTEST, _LONGEST = 6, 60
_BELOW, _ABOVE = 40, 12
"""Pieces of text."""
_SENTENCE_ENDS = (".", "!", "?", "。")
_PARTS = re.compile(r"\s*[•|·]\s*|(?<=[^\W\d]):\s+|\s+[-–—]\s+(?=\d+\s+min)")
"""What stands between a date and a label, an author or a duration."""
_LABEL_LENGTH = 30
_OF_A_CHANGE = re.compile(
    r"updat|modif|revis|aktualis|stand:|bearbeitet|änderung|mis à jour|actualiz|atualiz|aggiorn|bijgewerkt|обновл|güncel"
    r"|更新|copyright|©|event|comment",
    re.IGNORECASE,
)


def dateline(headline: HtmlElement | None, now: dt.datetime) -> Moment | None:
    """The date line nearest to the headline, below it or else above it."""
    if headline is None:
        return None
    return _first(below(headline, _BELOW), now) or _first(list(above(headline, _ABOVE))[::-1], now)


def is_dateline(line: str, now: dt.datetime) -> bool:
    """Whether a line above a text is a date, with little else."""
    return _date_in(line, now) is not None


def _first(lines: Iterable[str], now: dt.datetime) -> Moment | None:
    before = ""
    for line in lines:
        label = before if len(before) <= _LABEL_LENGTH else ""
        if not _OF_A_CHANGE.search(f"{label} {line}"):
            for part in (line, *_PARTS.split(line)):
                if date := _date_in(part, now):
                    return date
        before = line
    return None


def _date_in(line: str, now: dt.datetime) -> Moment | None:
    fits = _SHORTEST <= len(line) <= _LONGEST and not line.endswith(_SENTENCE_ENDS)
    return moment(line, now) if fits else None
