"""An HTML fragment as plain text.

Rule 1: anything goes in, text comes out. The markup is read as a flat run of tags and text; no tree is built, so
        that nesting costs nothing and damaged markup cannot fail.
Rule 2: block elements, list items and two `<br>` part paragraphs. Where there are no tags at all, empty lines do.
        `<q>` becomes the quotation marks that it is shown in.
Rule 3: what a reader does not see, or sees only as something to operate, is dropped with all that it holds.
Rule 4: time is linear in the length: every pattern consumes what it scanned, or scans within a fixed bound.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab, line feed and next line; embeddings, overrides and isolates of direction, which would
turn around what stands behind the text (the marks of direction, which do not, stay); halves of surrogate pairs; what
Unicode calls no character."""

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens and spaces of no width: hints for setting lines, in the way of comparing texts."""

_TOKEN = re.compile(
    r"""<!--(?:.*?-->|.*\Z)
      | <!\[CDATA\[ | \]\]>
      | <(?P<close>/?)(?P<name>[a-zA-Z][^\s/<>]{0,60})
        (?: (?:[^<>"']++ | "[^"]{0,4000}+" | '[^']{0,4000}+'){0,100}+ > | [^<>]*+ >?)
      | <[!?][^<>]*+ >?""",
    re.DOTALL | re.VERBOSE,
)
"""A piece of markup. Quoted values may hold angle brackets; the bounds keep a quote that never ends cheap."""

_ESCAPED_TAG = r"&lt;/?(?:a|b|blockquote|br|div|em|figure|h[1-6]|i|iframe|img|li|ol|p|span|strong|table|ul)\b"
_ESCAPED_MARKUP = re.compile(rf"\s*+{_ESCAPED_TAG}", re.IGNORECASE)
"""Markup that was escaped once too often begins with a tag; a text that merely speaks of tags does not."""

_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}+;?")
"""No character has so many digits, and Python refuses to read thousands of them."""

_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
})  # fmt: skip
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset({
    "applet", "audio", "button", "canvas", "embed", "form", "head", "iframe", "math", "noframes", "noscript",
    "object", "script", "select", "style", "svg", "template", "textarea", "title", "video",
})  # fmt: skip


_MARKS = frozenset("\"'“”„‟‘’‚«»‹›「」『』")


def clean(text: str) -> str:
    """The text without characters that a database or a terminal cannot take; encodes as UTF-8."""
    return _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def fold(text: str) -> str:
    """Clean text on one line: no markup is looked for."""
    return " ".join(_INVISIBLE.sub("", clean(text)).split())


def plain(html: str) -> str:
    """An HTML fragment, or plain text with entities, as paragraphs separated by one empty line."""
    return "\n\n".join(_paragraphs(html))


def plain_line(html: str) -> str:
    """An HTML fragment as plain text on one line, for titles and names."""
    return " ".join(_paragraphs(html))


def quotation_mark(opens: bool, before: str, after: str) -> str:
    """The mark that a reader sees at the beginning or end of a `<q>`; empty where the text beside it has its own."""
    has_own = before.rstrip()[-1:] in _MARKS or after.lstrip()[:1] in _MARKS
    return "" if has_own else "“" if opens else "”"


def _paragraphs(html: str) -> Iterator[str]:
    lines = (fold(line) for line in _text(html).split("\n"))
    for filled, paragraph in groupby(lines, key=bool):
        if filled:
            yield " ".join(paragraph)


def _text(html: str) -> str:
    """The text with a line feed for each `<br>` and an empty line for each break between paragraphs."""
    if "<" not in html and _ESCAPED_MARKUP.match(html):
        html = unescape(_LONG_REFERENCE.sub("", html))
    text = "".join(_pieces(html))
    return unescape(_LONG_REFERENCE.sub("", text))


def _pieces(html: str) -> Iterator[str]:
    if not _TOKEN.search(html):
        yield html
        return
    position = 0
    never_closed: set[str] = set()
    while token := _TOKEN.search(html, position):
        yield html[position : token.start()].replace("\n", " ")
        position = token.end()
        name = (token["name"] or "").lower()
        yield _break_of(name)
        if name == "q":
            before, after = html[max(0, token.start() - 1) : token.start()], html[position : position + 1]
            yield quotation_mark(not token["close"], before, after)
        if name in _DROPPED and not token["close"] and name not in never_closed:
            end = re.compile(rf"</{name}\b[^<>]*>?", re.IGNORECASE).search(html, position)
            if end:
                position = end.end()
            else:
                never_closed.add(name)
    yield html[position:].replace("\n", " ")


def _break_of(name: str) -> str:
    if name in _BLOCKS:
        return "\n\n"
    if name == "br":
        return "\n"
    return " " if name in _CELLS else ""
