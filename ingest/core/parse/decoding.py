"""Bytes of a document as text.

What a document really is outweighs what is said of it, and of what is said the nearer word counts: signature, UTF-8
by its own evidence, HTTP header, XML declaration, statistics. Text of another encoding is practically never valid
UTF-8, and headers that name the wrong one are common.
"""

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

_SIGNATURES = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    # `<?` without a mark, https://www.w3.org/TR/xml/#sec-guessing-no-ext-info
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)

_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "tis-620": "cp874",
}
"""Declared → meant, as in https://encoding.spec.whatwg.org/#names-and-labels."""

_SEVEN_BIT = re.compile(r"iso2022|hz|utf-7")
"""Encodings that look like ASCII, and so like UTF-8, to the end."""

_NOT_FOR_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
"""Codecs of Python that no document is written in; some take time that grows with the square of the length."""

_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""")

SAMPLE = 20_000
"""Bytes that statistics look at; a feed's first entries are enough to tell its language."""

STRAY = 10
"""Characters beyond ASCII that must be good UTF-8 for each broken one, for the text to be damaged UTF-8."""


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a body, with U+FFFD for what cannot be read; never raises.

    Args:
        body: of any length and kind.
        content_type: the HTTP header, as it came.
    """
    for signature, encoding in _SIGNATURES:
        if body.startswith(signature):
            return body.decode(encoding, "replace")
    stated = [name for name in _stated(body, content_type) if name]
    if any(_SEVEN_BIT.match(name) for name in stated):
        return _first_that_fits(body, stated)
    text = body.decode("utf-8", "replace")
    damage = text.count("\ufffd")
    if damage and (len(body) - len(text.encode("ascii", "ignore"))) < 2 * STRAY * damage:
        return _first_that_fits(body, stated)
    return text


def _stated(body: bytes, content_type: str) -> Iterator[str]:
    header = _CHARSET.search(content_type)
    declaration = _DECLARATION.match(body[:400].lstrip())
    yield _codec(header[1]) if header else ""
    yield _codec(declaration[1].decode("ascii", "replace")) if declaration else ""


def _codec(name: str) -> str:
    """Python's name of the encoding meant; empty where it is none for text."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a name that holds what no name may
        return ""
    return "" if codec in _NOT_FOR_TEXT else _SUPERSETS.get(codec, codec)


def _first_that_fits(body: bytes, encodings: list[str]) -> str:
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError):  # LookupError: a codec, but not from bytes to text
            continue
    guess = from_bytes(body[:SAMPLE]).best()
    return body.decode(_codec(guess.encoding) or "cp1252" if guess else "cp1252", "replace")
