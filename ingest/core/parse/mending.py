"""Text that should be XML, with the damage mended that a strict parser would stop at.

Mending keeps a feed whole: a strict parser stops at the first fault, and the loose one that follows it guesses.
What precedes the root goes, and with it the DOCTYPE: entities that it declares are only honoured where they are a
few characters, so that no document grows by expanding them (https://en.wikipedia.org/wiki/Billion_laughs_attack),
and none names a file or an address.
"""

import re
from collections.abc import Iterator
from html.entities import html5
from itertools import accumulate
from typing import NamedTuple
from xml.sax.saxutils import escape

from lxml import etree

ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?(?P<name>rss|feed|rdf|channel|opml)(?=[\s>/])", re.IGNORECASE)

PROLOG_MAX = 32_768
"""Characters before the root in which we look for it: room for licences and styles, not for pages."""

_COMMENT_OR_ROOT = re.compile(rf"<!--(?:.*?-->|.*\Z)|{ROOT.pattern}", re.DOTALL | re.IGNORECASE)
_NAME = r"[\w.-]{1,64}"
"""Of an entity."""
_ENTITY = re.compile(rf"<!ENTITY\s+(?:%\s+)?({_NAME})")
_DECLARED = re.compile(rf"""<!ENTITY\s+({_NAME})\s+(?:"([^"<&%]{{0,16}}|&\#\w{{1,8}};)"|'([^'<&%]{{0,16}})')\s*>""")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SUSPECT = re.compile(
    rf"""<!\[CDATA\[(?:.*?\]\]>|.*\Z)
      | <!--(?:.*?-->|.*\Z)
      | &(?!(?:amp|lt|gt|quot|apos);) (?:\#(?P<number>\d{{1,9}}|[xX][0-9a-fA-F]{{1,8}}); | (?P<name>{_NAME});)?""",
    re.DOTALL | re.VERBOSE,
)
_TAG = re.compile(
    r"""<!\[CDATA\[(?:.*?\]\]>|.*\Z)
      | <!--(?:.*?-->|.*\Z)
      | <\?(?:.*?\?>|.*\Z)
      | <(?P<end>/)?(?P<name>\w)(?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+(?P<empty>/)?>""",
    re.DOTALL | re.VERBOSE,
)
"""`<` may stand in no attribute (XML 1.0, 3.1), which bounds how far one is looked for."""
_ITEM = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE)


_UNREAD_MODULES = (
    "http://www.georss.org/georss",
    "http://www.opengis.net/gml",
    "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "http://podlove.org/simple-chapters",
    "http://creativecommons.org/ns#license",
    "http://web.resource.org/cc/",
    "http://backend.userland.com/creativeCommonsRssModule",
)


class Mended(NamedTuple):
    """XML that begins with its root."""

    text: str
    lines_before: int
    """Lines that stood before the root, so that a fault can be placed."""
    warnings: tuple[str, ...]
    refused: int = 0
    """References to entities that the document declares and we do not honour."""


def root_of(text: str) -> re.Match[str] | None:
    """Where the root element of a feed or an OPML file begins, if it begins early enough."""
    return next((match for match in _COMMENT_OR_ROOT.finditer(text, 0, PROLOG_MAX) if match["name"]), None)


def mended(text: str) -> Mended:
    """The document from its root on; a text without one is empty."""
    root = root_of(text)
    if root is None:
        return Mended("", 0, ())
    prolog = text[: root.start()]
    declared = {name: quoted or single for name, quoted, single in _DECLARED.findall(prolog)}
    legal, illegal = _ILLEGAL.subn("", text[root.start() :])
    unheeded = set(_ENTITY.findall(prolog)) - declared.keys()
    faults = refused = 0

    def mend(match: re.Match[str]) -> str:
        nonlocal faults, refused
        if match[0][0] == "<":
            return match[0]
        fixed = _character(match["number"]) if match["number"] else _entity(match["name"], declared)
        faults += fixed != match[0] and match["name"] not in declared
        refused += match["name"] in unheeded
        return fixed

    whole = _SUSPECT.sub(mend, legal)
    warnings = {
        "text before the feed was skipped": _is_junk(prolog),
        f"control characters were dropped: {illegal}": illegal,
        f"references and ampersands that XML does not know were mended: {faults}": faults,
        f"references to entities that the document declares were refused: {refused}": refused,
    }
    return Mended(whole, prolog.count("\n"), tuple(text for text, found in warnings.items() if found), refused)


def _character(number: str) -> str:
    code = int(number[1:], 16) if number[0] in "xX" else int(number)
    legal = code in (9, 10, 13) or 32 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
    return f"&#{number.lower()};" if legal else ""


def _entity(name: str | None, declared: dict[str, str]) -> str:
    """What a named reference stands for; an ampersand that begins none is escaped."""
    if name is None:
        return "&amp;"
    if name in declared:
        return declared[name]
    return escape(html5.get(f"{name};", f"&{name};"))


def shortened(text: str, entries: int) -> tuple[str, int]:
    """XML with its first entries only, so that a parser is not drowned in them; and how many there were."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if len(starts) <= entries:
        return text, len(starts)
    end = max((match.end() for match in _ITEM_END.finditer(text, starts[-1])), default=len(text))
    return text[: starts[entries]] + text[end:], len(starts)


def depth(text: str) -> int:
    """How deep the elements of XML are nested."""
    return max(accumulate(_steps(text)), default=0)


def _steps(text: str) -> Iterator[int]:
    for tag in _TAG.finditer(text):
        if tag["name"] and not tag["empty"]:
            yield -1 if tag["end"] else 1


def recovered(text: str) -> str:
    """XML that is well-formed, made of as much of the text as libxml2 can place; empty where that is nothing.

    Modules that no field of ours comes from are left out: feedparser stops at a coordinate or a chapter that is none.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, load_dtd=False, no_network=True, remove_pis=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.LxmlError:  # nothing at all
        return ""
    if root is None:
        return ""
    etree.strip_elements(root, *(f"{{{namespace}}}*" for namespace in _UNREAD_MODULES), with_tail=False)
    written: str = etree.tostring(root, encoding="unicode")
    return written


def _is_junk(prolog: str) -> bool:
    return not re.match(r"\s*+(?:<[?!]|\Z)", prolog)
