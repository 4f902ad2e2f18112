"""Bytes of a page to text.

What the bytes prove comes before what labels say, and labels before guesses:

    byte order mark → valid UTF-8 that is not plain ASCII → charset of the Content-Type header
    → charset of the page (meta, http-equiv, XML declaration) → a guess from a sample → windows-1252

Labels mean what browsers take them to mean (latin-1 is windows-1252, gb2312 is gb18030, …).
"""

import re
from collections.abc import Iterator

from charset_normalizer import from_bytes
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
    to_unicode,
)

ENCODINGS = frozenset(
    """
    big5hkscs cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp866 cp874 cp932 cp949 euc_jp
    gb18030 iso2022_jp iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10
    iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-cyrillic mac-roman utf-16 utf-16-be
    utf-16-le utf-8
""".split()
)
"""Those of https://encoding.spec.whatwg.org/#names-and-labels, by Python's names. Python knows codecs that are none
(`rot13`, `unicode_escape`, …): a page must not choose them."""

FALLBACK = "cp1252"
_SAMPLE_BYTES = 8192
_FLAWS = 1 / 500
"""The share of undecodable characters up to which a label is still believed: pages are cut off and patched together."""


def decode(body: bytes, content_type: str) -> tuple[str, str]:
    """The text of a body and the name of the encoding that it was read with; undecodable bytes become U+FFFD."""
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None:
        return to_unicode(body[len(mark) :], encoding), encoding
    if not body.isascii() and (text := _strict(body, "utf-8")) is not None:
        return text, "utf-8"
    for label in _labels(body, content_type):
        text = to_unicode(body, label)
        if text.count("\ufffd") <= len(text) * _FLAWS:
            return text, label
    guess = _guess(body)
    return to_unicode(body, guess), guess


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None


def _labels(body: bytes, content_type: str) -> Iterator[str]:
    header = http_content_type_encoding(content_type)
    if header in ENCODINGS:
        yield header
    declared = html_body_declared_encoding(body)
    # A label that could be read as ASCII proves that the page is not in UTF-16.
    if declared in ENCODINGS and not declared.startswith("utf-16"):
        yield declared


def _guess(body: bytes) -> str:
    """A guess from the surroundings of the first byte that is not ASCII."""
    first = re.search(rb"[\x80-\xff]", body)
    if first is None:
        return "utf-8"
    start = max(0, first.start() - 256)
    best = from_bytes(body[start : start + _SAMPLE_BYTES]).best()
    encoding = resolve_encoding(best.encoding) if best is not None else None
    return encoding if encoding in ENCODINGS else FALLBACK
