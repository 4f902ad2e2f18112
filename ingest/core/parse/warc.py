"""What a record of a WARC file holds, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/.

Rule 1: a record is a page where a server answered 200 with HTML, or where HTML was put aside without an answer
        (`resource`). Requests, revisits, pictures and the rest are passed over.
Rule 2: a page is whole or it is none: what its crawler cut short would become a story that ends in mid-sentence.
Rule 3: what a body is outweighs what its headers say of it. Many crawlers undo chunks and codings, and keep the
        headers that announced them.
"""

import datetime as dt
import re
import zlib
from dataclasses import dataclass

from ingest.core.coding import BROKEN, OverflowingError, decoders, undone
from ingest.core.dates import moment
from ingest.core.parse.fields import absolute
from ingest.errors import ParseError
from ingest.model import Response

MAX_BODY = 10_000_000
"""Bytes of a page, as it was sent and as it decodes; longer ones are no articles."""
MAX_HTTP_HEAD = 256 * 1024
"""Bytes of an answer's headers; no server that crawlers got along with sends more."""
MAX_BLOCK = MAX_BODY + MAX_HTTP_HEAD
"""Bytes that are read of a record; a longer one holds no page that is taken, and its beginning tells what it is."""

_VERSION = re.compile(rb"WARC/\d\.\d+\s*\Z")
_LENGTH = re.compile(r"[0-9]{1,10}")
"""Longer records than 10 GB are mistakes; passing one in a packed file takes as long as unpacking it."""
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_CHUNK = re.compile(rb"(?:\r?\n)?[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_LOOKS_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


@dataclass(frozen=True)
class Record:
    """The head of a record."""

    kind: str
    """`response`, `resource`, `request`, …"""
    url: str
    """Empty where it is no address of the web."""
    length: int
    """Bytes of the block that follows."""
    at: dt.datetime | None
    """When it was caught; None where that is not told, or cannot be true."""
    content_type: str
    """Of the block."""
    payload_type: str
    """Of what the block holds, as the crawler saw it."""
    is_cut: bool
    """Whether the crawler cut it short."""

    @property
    def may_be_page(self) -> bool:
        """Whether the block is worth reading."""
        answered = self.kind == "response" and self.content_type in ("application/http", "")
        return bool(self.url) and (answered or (self.kind == "resource" and self.content_type in _HTML))


def record(head: bytes, now: dt.datetime) -> Record:
    """The head of a record, from its version to the line before the empty one.

    Raises:
        ParseError: these bytes are none.
    """
    version, _, rest = head.partition(b"\n")
    fields = _fields(rest)
    length = fields.get("content-length", "")
    if not _VERSION.match(version):
        raise ParseError("holds no WARC record where one should begin")
    if not _LENGTH.fullmatch(length):
        raise ParseError("holds a record that does not say how long it is")
    url = fields.get("warc-target-uri", "").strip("<>")
    at = moment(fields.get("warc-date", ""), now)
    return Record(
        kind=fields.get("warc-type", "").lower(),
        url=absolute(url, url),
        length=int(length),
        at=at.at if at else None,
        content_type=_bare(fields.get("content-type", "")),
        payload_type=_bare(fields.get("warc-identified-payload-type", "")),
        is_cut="warc-truncated" in fields,
    )


def page(found: Record, block: bytes, now: dt.datetime) -> Response | None:
    """The page in a record; None where it holds something else.

    Args:
        block: what follows the head; of a record that is longer than MAX_BLOCK the beginning.

    Raises:
        ParseError: it holds a page that cannot be read; the message says why.
    """
    headers, body = _opened(found, block)
    if headers is None or not _is_html(headers.get("content-type", ""), found, body):
        return None
    if len(block) < found.length:
        raise ParseError(f"over {MAX_BODY:,} bytes")
    if found.is_cut:
        raise ParseError("cut short by its crawler")
    whole = _decoded(body, headers)
    return Response(found.url, found.url, 200, found.at or now, headers, whole) if whole.strip() else None


def _opened(found: Record, block: bytes) -> tuple[dict[str, str] | None, bytes]:
    """The headers of an answer of status 200, None for another, and the body as it was sent."""
    if found.kind == "resource":
        return {"content-type": found.content_type}, block
    status = _STATUS.match(block)
    end = _HEAD_END.search(block, 0, MAX_HTTP_HEAD)
    if not status or status[1] != b"200" or not end:
        return None, b""
    return _fields(block[: end.start()].partition(b"\n")[2]), block[end.end() :]


def _fields(lines: bytes) -> dict[str, str]:
    """Lower-case names → values; those of repeated names in a list, as in RFC 9110, 5.3."""
    fields: dict[str, str] = {}
    for line in _FOLDED.sub(b" ", lines).splitlines():
        name, colon, value = _text(line).partition(":")
        name = name.strip().lower()
        if colon and name:
            fields[name] = f"{fields[name]}, {value.strip()}" if name in fields else value.strip()
    return fields


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _bare(content_type: str) -> str:
    """A media type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


def _is_html(stated: str, found: Record, body: bytes) -> bool:
    """By what the server says; where it says nothing, by what the crawler saw, or the page shows."""
    kind = _bare(stated) or found.payload_type
    return kind in _HTML if kind else bool(_LOOKS_HTML.match(body))


def _decoded(body: bytes, headers: dict[str, str]) -> bytes:
    """The body without chunks and codings (rule 3)."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    written = headers.get("content-encoding", "")
    decodes = decoders(written)
    try:
        if decodes is None:
            raise zlib.error(f"it is coded as {written[:100]}")
        return undone(body, decodes, MAX_BODY)
    except OverflowingError as error:
        raise ParseError(f"over {MAX_BODY:,} bytes") from error
    except (EOFError, *BROKEN) as error:
        if _MARKUP.match(body):
            return body
        raise ParseError("coded in a way that cannot be undone") from error


def _unchunked(body: bytes) -> bytes:
    """A body without the lengths of its chunks (RFC 9112, 7.1); the same body where it has none."""
    chunk = _CHUNK.match(body)
    if not chunk:
        return body
    parts: list[bytes] = []
    while chunk and (size := int(chunk[1], 16)):
        parts.append(body[chunk.end() : chunk.end() + size])
        chunk = _CHUNK.match(body, chunk.end() + size)
    if not chunk:
        raise ParseError("broken off between two chunks")
    return b"".join(parts)
