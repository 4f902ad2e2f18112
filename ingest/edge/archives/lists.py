"""Lists of addresses, one a line: in UTF-8, or as its mark tells in UTF-16, which is what some shells write."""

import codecs
from collections.abc import Iterator
from io import BufferedIOBase
from typing import NamedTuple

from ingest.core.parse.fields import URL_MAX
from ingest.edge.archives.files import unpacked

MAX_LINE = 4 * URL_MAX
"""Bytes; what is longer is no address, whatever it is written in."""

_WIDE = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Line(NamedTuple):
    """Of a list."""

    text: str
    end: int
    """Where the next one begins, in bytes as unpacked."""


def lines(path: str, at: int) -> Iterator[Line]:
    """The lines of a list from a place on; a long one comes in pieces.

    Raises:
        ParseError, OSError, and DAMAGE: as `unpacked`, and where the file breaks off or is damaged.
    """
    with unpacked(path) as file:
        encoding = _WIDE.get(file.read(2))
        file.seek(at)
        while line := _wide_line(file, encoding) if encoding else file.readline(MAX_LINE):
            text = line.decode(encoding or "utf-8", "replace")
            yield Line(text.removeprefix("\ufeff").strip(), file.tell())


def _wide_line(file: BufferedIOBase, encoding: str) -> bytes:
    """A line of two bytes a character, of which each may look like the end of a line."""
    line, end = b"", "\n".encode(encoding)
    while len(line) < MAX_LINE and (part := file.readline(MAX_LINE - len(line))):
        line += part
        line += file.read(len(line) % 2)
        if line.endswith(end):
            break
    return line
