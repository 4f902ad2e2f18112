"""What stands within an article's page and is none of its text: dropped by element, by name, or for being all links.

Names are those that sites give to their boxes in `class` and `id`. They deceive (`sidebar-grid__content` may hold the
article), so that nothing is dropped for its name that holds a good share of the page's paragraphs, alone or together
with others so named.
"""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from ingest.core.extract.drop import drop
from ingest.core.extract.main_part import Masses, masses
from ingest.core.plain import fold

_MUCH = 0.4
"""The share of the mass above which one box is not dropped for its name."""
_MOST = 0.6
"""The share of the mass above which all boxes together are not."""
_ENOUGH = 300
"""Characters of mass that must be left when readers' comments are dropped, however many there are."""
_LINKS = 0.8
"""The share of its text in links from which on a box points elsewhere."""
_LONGEST_POINTER = 300
"""Characters of a box that only points elsewhere; a longer list of links may be what the article is."""

_UNSEEN = ("script", "style", "noscript", "template", "svg", "iframe", "math", "textarea", "select", "head")
_NO_TEXT = (
    "object", "embed", "canvas", "audio", "video", "map", "button", "input", "nav", "menu", "dialog", "link", "meta",
    "picture", "label", "footer", "aside", "figcaption", "img", "source", "fieldset",
)  # fmt: skip
_HOLDERS = ("form", "figure")
"""Elements that hold no text of the article, unless they hold a quote or a table."""
_BOXES = (
    "div", "section", "ul", "ol", "p", "span", "header", "li", "article", "h2", "h3", "h4", "h5", "table", "dl",
    "time", "address",
)  # fmt: skip
_LINKED = ("ul", "ol", "p", "div", "section", "table", "h2", "h3", "h4", "h5", "h6", "li", "dl", "strong")
_CARDS = frozenset({"h1", "h2", "h3", "h4", "h5", "p", "div", "article", "header", "section"})
"""Elements that make a link that holds them a card of another story."""

_LABELLED = frozenset({"p", "div", "section", "h2", "h3", "h4", "h5", "h6"})
_LONGEST_LABEL = 40
"""Characters in front of a link to another story."""
_TITLE_WORDS = 3
_LABELS_AT_MOST = 2
_SOURCE = re.compile(r"(sources?|quellen?|fuentes?|font[ei]s?|bron(nen)?|via|website|homepage)\b", re.IGNORECASE)
"""Labels of links that say where the article has its own from."""
_LISTS = frozenset({"ul", "ol"})
_BOXED = frozenset({"div", "section"})
_LONGEST_HEADING = 60
_HEADINGS_AT_MOST = 8
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})

_TURNING = frozenset({"next", "prev"})

_NAMES = re.compile(
    r"""newsletter | subscri(be|ption) | recommend | related | trending | teaser | preview | promo | popular
      | (read|see|more)[-_]?(also|more|next|on|from|stories) | most[-_]?(read|viewed)
      | (^|[-_\s])(shar|share|sharing|social)([-_\s]|$) | sociable | addthis
      | author[-_]*(bio|box|card|info|block|default|desc|profile|details) | about[-_]?author | (^|[-_\s])bio([-_\s]|$)
      | sponsor | advert | (^|[-_\s])ads?([-_\s]|$) | outbrain | taboola | cookie | consent | gdpr
      | (^|[-_\s])comments?([-_\s]|$) | viafoura | breadcrumb | pagination | (^|[-_\s])tags?([-_\s]|$)
      | caption | (image|photo|media|picture)[-_]?(credit|info) | toolbar | article-tools
      | print-(only|header|footer|tools) | (^|\s)(hide|hidden|d-none)(\s|$) | visually-?hidden | sr-only | screen-reader
      | modal | popup | popover | scrim | overlay | sidebar | correction-box | video-fallback | banner
      | byline | dateline | timestamp | (publish|post|article|entry)[-_]?(ed)?[-_]?(date|meta|info)
      | (fact|info)-?box | placeholder | ai-?(article)?-?summary | summary-?title | table-?of-?contents?""",
    re.VERBOSE,
)
_COMMENTS = re.compile(r"(^|\s)((entry|post|article)-)?comments?(-list|-area|-section|list)?(\s|$)|disqus_thread")
_NOT_DISPLAYED = re.compile(r"display:\s*none", re.IGNORECASE)


def prune(body: HtmlElement) -> None:
    """Drop from the body of a page what is no text of an article."""
    drop(body.iter(*_UNSEEN))
    mass = masses(body)
    much = _MUCH * mass[body]
    elements = (element for element in body.iter(*_NO_TEXT, *_HOLDERS, "a") if mass[element] <= much)
    drop(element for element in elements if element.tag in _NO_TEXT or _is_empty_holder(element) or _is_card(element))
    boxes = list(body.iter(*_BOXES))
    comments = [box for box in boxes if _COMMENTS.search(_name(box))]
    if mass[body] - _together(comments, mass) >= _ENOUGH:
        drop(comments)
    named = list(_named(box for box in boxes if mass[box] <= much))
    too_much = _together(named, mass) > _MOST * mass[body]
    drop(box for box in named if not (too_much and mass[box]))


def prune_links(part: HtmlElement, mass: Masses) -> None:
    """Drop the boxes that only point elsewhere: lists of other stories with their labels, a paragraph that is one link.

    Short headings that are left at the end of the text head nothing, and go as well.
    """
    around = dict.fromkeys(box for link in _ways_out(part) for box in link.iterancestors(*_LINKED))
    small = [box for box in around if box is not part and mass[box] < _LONGEST_POINTER]
    pointers = [box for box in small if _points_elsewhere(box)]
    holders = [box.getparent() for box in pointers if box.tag in _LISTS]
    drop(pointers)
    drop(box for box in holders if box is not part and box.tag in _BOXED and _length(box) <= _LONGEST_LABEL)
    drop(_labelled_links(small))
    for _ in range(_HEADINGS_AT_MOST):
        if not (last := _last_heading(part)):
            break
        drop(last)


def _named(boxes: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
    """The boxes that are hidden or go by a name of what is no text."""
    known: dict[str, bool] = {" ": False}
    for box in boxes:
        name = _name(box)
        if name not in known:
            known[name] = _NAMES.search(name) is not None
        if known[name] or _is_hidden(box):
            yield box


def _is_empty_holder(element: HtmlElement) -> bool:
    return element.tag in _HOLDERS and not any(True for _ in element.iter("blockquote", "table"))


def _is_card(element: HtmlElement) -> bool:
    """Whether it is a link to another story, or one that turns the page."""
    if element.tag != "a":
        return False
    turns = not _TURNING.isdisjoint((element.get("rel") or "").split())
    return turns or any(child.tag in _CARDS for child in element.iterdescendants())


def _name(box: HtmlElement) -> str:
    return f"{box.get('class') or ''} {box.get('id') or ''}".lower()


def _is_hidden(box: HtmlElement) -> bool:
    hidden = box.get("hidden") is not None or box.get("aria-hidden") == "true"
    return hidden or _NOT_DISPLAYED.search(box.get("style") or "") is not None


def _together(boxes: Iterable[HtmlElement], mass: Masses) -> int:
    """The mass in all of these boxes, which may lie within each other."""
    distinct = set(boxes)
    return sum(mass[box] for box in distinct if distinct.isdisjoint(box.iterancestors()))


def _points_elsewhere(box: HtmlElement) -> bool:
    length = _length(box)
    return length < _LONGEST_POINTER and sum(map(_length, _ways_out(box))) >= _LINKS * length


def _labelled_links(boxes: Iterable[HtmlElement]) -> list[HtmlElement]:
    """The boxes that are a label and the title of another story: `Read more: The ferry that stayed`, in any language.

    None where the labels differ from box to box: such a list is what the article is about.
    """
    labels = {box: label for box in boxes if box.tag in _LABELLED and (label := _label_of_link(box))}
    return list(labels) if len(set(labels.values())) <= _LABELS_AT_MOST else []


def _label_of_link(box: HtmlElement) -> str:
    """What leads the only link of a box, if a title follows; empty if there is anything else in it."""
    links, text = list(_ways_out(box)), fold(box.text_content())
    title = fold(links[0].text_content()) if len(links) == 1 else ""
    label = text.removesuffix(title).strip()
    fits = len(title.split()) >= _TITLE_WORDS and text.endswith(title) and len(label) <= _LONGEST_LABEL
    return label.casefold() if fits and label.endswith((":", "：")) and not _SOURCE.match(label) else ""


def _last_heading(part: HtmlElement) -> list[HtmlElement]:
    """The short heading with which a text ends, if it does: what it headed was dropped."""
    for text in part.xpath("(descendant::text()[normalize-space()])[last()]"):
        holder = text.getparent().getparent() if text.is_tail else text.getparent()
        headings = [element for element in (holder, *holder.iterancestors()) if element.tag in _HEADINGS]
        return [heading for heading in headings[:1] if heading is not part and _length(heading) <= _LONGEST_HEADING]
    return []


def _ways_out(box: HtmlElement) -> Iterator[HtmlElement]:
    """The links that lead away from the page."""
    return (link for link in box.iter("a") if not (link.get("href") or "#").startswith("#"))


def _length(element: HtmlElement) -> int:
    return len(" ".join("".join(element.itertext()).split()))
