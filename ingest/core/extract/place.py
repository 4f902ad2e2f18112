"""Where an element stands: in the article, or among comments, teasers and the furniture of the site.

The names that templates give their parts tell it, up to the element that holds the whole article.
"""

import re

from lxml.html import HtmlElement

_WHOLE = frozenset({"article", "main", "body"})
"""What holds the whole article: what its names say is not said of its parts."""
_FURNITURE = frozenset({"aside", "figure", "figcaption", "head"})
_ENDS = frozenset({"footer", "header", "nav"})
"""Of the site, unless they stand in an article."""
_NAMES = re.compile(
    r"comment|related|teaser(?!.*meta)|(?<!v)card\b|recommend|sidebar|widget|popular|trending|latest|copyright|share|social"
    r"|most-?read|navigation|\bmenu",
    re.IGNORECASE,
)
_LEVELS = 12


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element is no part of the page's article."""
    ends = False
    above: HtmlElement | None = element
    for _ in range(_LEVELS):
        if above is None or above.tag in _WHOLE:
            break
        if above.tag in _FURNITURE or _NAMES.search(f"{above.get('class') or ''} {above.get('id') or ''}"):
            return True
        ends = ends or above.tag in _ENDS
        above = above.getparent()
    return ends and (above is None or above.tag == "body")
