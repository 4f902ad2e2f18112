"""The index of an archive of the web, as a CDX server answers it in JSON.

https://github.com/internetarchive/wayback/blob/master/wayback-cdx-server/README.md: a list of rows, of which the first
names the columns; where there is more, an empty row and one with the key to resume by stand at the end.
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.core.parse.appearance import appearance
from ingest.core.parse.decoding import decoded
from ingest.core.parse.fields import absolute
from ingest.errors import ParseError
from ingest.model import Response

MAX_ROWS = 10_000
"""Rows that are taken of one answer; no more than that are asked for."""
KEY_MAX = 8192
"""Characters of a key: it holds an address in full."""

_TIMESTAMP = re.compile(r"\d{14}")
_USUAL_PORT = re.compile(r"^(http://[^/?#]*):80(?=[/?#]|$)|^(https://[^/?#]*):443(?=[/?#]|$)")


class Capture(NamedTuple):
    """A page as the archive caught it."""

    at: dt.datetime
    timestamp: str
    """`at` in the archive's own notation, `20240517083000`."""
    original: str
    """The address as the archive knows it."""
    digest: str = ""
    """Of what was caught."""

    @property
    def url(self) -> str:
        """The address as people write it, without the port that the archive adds."""
        return _USUAL_PORT.sub(r"\1\2", self.original)


class Captures(NamedTuple):
    """One answer: captures in the order of the index, and the key to what follows; empty at its end."""

    rows: tuple[Capture, ...]
    resume_key: str = ""


def timestamp(at: dt.datetime) -> str:
    """A time in the archive's notation."""
    return f"{at.astimezone(dt.UTC):%Y%m%d%H%M%S}"


def read_captures(response: Response) -> Captures:
    """The captures that a CDX server answered with; rows without a time or an address are left out.

    Raises:
        ParseError: it is no such answer.
    """
    text = decoded(response.body, response.headers.get("content-type", ""))
    if not text.strip():
        return Captures(())
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{response.final_url} is no index of captures but {appearance(response, text)}") from error
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise ParseError(f"{response.final_url} is no index of captures: its JSON is no list of rows")
    rows, key = _parted(table)
    if not rows:
        return Captures((), key)
    names = [str(name) for name in rows[0]]
    if missing := {"timestamp", "original"} - set(names):
        raise ParseError(f"{response.final_url} is no index of captures: no column is named {', '.join(missing)}")
    captures = (_capture(dict(zip(names, row, strict=False))) for row in rows[1 : MAX_ROWS + 1])
    return Captures(tuple(filter(None, captures)), key)


def _parted(table: Sequence[Sequence[object]]) -> tuple[Sequence[Sequence[object]], str]:
    """The rows, and the key behind them."""
    if len(table) >= 2 and not table[-2] and len(table[-1]) == 1:
        key = table[-1][0]
        return table[:-2], key if isinstance(key, str) and len(key) <= KEY_MAX else ""
    return [row for row in table if row], ""


def _capture(fields: dict[str, object]) -> Capture | None:
    stamp, original = str(fields.get("timestamp", "")), str(fields.get("original", ""))
    if not _TIMESTAMP.fullmatch(stamp) or not absolute(original, ""):
        return None
    try:
        at = dt.datetime.fromisoformat(f"{stamp[:8]}T{stamp[8:]}+00:00")
    except ValueError:  # no such day
        return None
    return Capture(at, stamp, original, str(fields.get("digest", "")))
