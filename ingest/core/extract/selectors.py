"""CSS selectors, as far as rules for a site need them.

Known are `type`, `*`, `.class`, `#id`, `[name]`, `[name=value]` and its variants `^=`, `$=`, `*=` and `~=`, joined by
white space, `>` and commas: `div.story > p, #main [data-role="body"]`. Anything else is refused rather than misread.
"""

import re
from collections.abc import Iterator

from lxml.etree import XPath
from lxml.html import HtmlElement

_TOKEN = re.compile(
    r"""(?P<joint>\s*[>,]\s*|\s+) | (?P<type>\*|[\w-]+) | [.](?P<class>[\w-]+) | [#](?P<id>[\w-]+)
      | \[\s*(?P<name>[\w-]+)\s*
          (?: (?P<how>[\^$*~]?=)\s* (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>[\w-]+) )\s* )?\]""",
    re.VERBOSE,
)
_ANYWHERE = "descendant-or-self::"
_JOINTS = {">": "/", ",": f"|{_ANYWHERE}", "": "//"}
_TESTS = {
    "=": "@{name}={value}",
    "^=": "starts-with(@{name},{value})",
    "$=": "substring(@{name},string-length(@{name})-string-length({value})+1)={value}",
    "*=": "contains(@{name},{value})",
    "~=": "contains(concat(' ',normalize-space(@{name}),' '),concat(' ',{value},' '))",
}


def compiled(selector: str) -> XPath:
    """The selector as XPath.

    Raises:
        ValueError: it is none, or uses more than is known here.
    """
    try:
        return XPath(_ANYWHERE + "".join(_steps(selector.strip())))
    except SyntaxError as error:  # lxml's XPathSyntaxError is one
        raise ValueError(f"{selector!r} is no selector") from error


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """The elements that a selector names, in the order of the page.

    Raises:
        ValueError: as `compiled`.
    """
    found: list[HtmlElement] = compiled(selector)(tree)
    return found


def _steps(selector: str) -> Iterator[str]:
    position, begins = 0, True
    while position < len(selector):
        token = _TOKEN.match(selector, position)
        if token is None or (begins and token["joint"] is not None) or (token["type"] and not begins):
            raise ValueError(f"{selector!r} is no selector that is known here, from {selector[position:]!r} on")
        if begins and not token["type"]:
            yield "*"
        begins = token["joint"] is not None
        position = token.end()
        yield _step(token)
    if begins:
        raise ValueError(f"{selector!r} ends where an element should be named" if selector else "names no element")


def _step(token: re.Match[str]) -> str:
    if token["joint"] is not None:
        return _JOINTS[token["joint"].strip()]
    if token["type"]:
        return token["type"]
    name = "class" if token["class"] else "id" if token["id"] else token["name"]
    given = (token[group] for group in ("class", "id", "double", "single", "bare"))
    value = next((text for text in given if text is not None), None)
    if value is None:
        return f"[@{name}]"
    test = _TESTS["~=" if token["class"] else token["how"] or "="]
    return f"[{test.format(name=name, value=_quoted(value))}]"


def _quoted(value: str) -> str:
    """The value as XPath writes a string, which knows no escapes; selectors hold one kind of quotes at most."""
    return f"'{value}'" if '"' in value else f'"{value}"'
