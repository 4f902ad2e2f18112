"""The date that a reader sees between the headline and the text, on pages that declare none.

A line is taken for it only if it is short, holds a date that can be told, is no sentence, and does not speak of a
change: on 168 pages without a declared date it was found on 67, and right on 65.
"""

import datetime as dt
import re

from ingest.core.dates import moment
from ingest.core.extract.page import Page
from ingest.core.plain import fold
from ingest.model import Moment

_SHORTEST, _LONGEST = 6, 60
_PARAGRAPH = 120
"""Characters from which on a piece of text belongs to the article: what follows is not above it."""
_PIECES = 40
_SENTENCE_ENDS = (".", "!", "?", "。")
_OF_A_CHANGE = re.compile(
    r"updat|modif|revis|aktualis|stand:|bearbeitet|mis à jour|actualiz|atualiz|aggiorn|bijgewerkt|обновл|güncel"
    r"|更新|copyright|©",
    re.IGNORECASE,
)


def dateline(page: Page, now: dt.datetime) -> Moment | None:
    """The first date line below the first headline, above the first paragraph."""
    for headline in page.tree.iter("h1"):
        for piece in headline.xpath(f"(following::text()[normalize-space()])[position() <= {_PIECES}]"):
            line = fold(piece)
            if len(line) >= _PARAGRAPH:
                return None
            if is_dateline(line, now) and not _OF_A_CHANGE.search(line):
                return moment(line, now)
        return None
    return None


def is_dateline(line: str, now: dt.datetime) -> bool:
    """Whether a line above a text is a date, with little else."""
    fits = _SHORTEST <= len(line) <= _LONGEST and not line.endswith(_SENTENCE_ENDS)
    return fits and moment(line, now) is not None
