"""Feed lists as OPML 2.0, http://opml.org/spec2.opml, both ways.

A folder is a tag: a feed has the tags of the folders that it stands in, and is written once into the folder of each.
A feed that stands in several places is one feed with the tags of all.
"""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from ingest.core.naming import feed_name
from ingest.core.parse.decoding import decoded
from ingest.core.parse.fields import absolute, each_once, language
from ingest.core.parse.mending import mended
from ingest.core.plain import fold
from ingest.errors import ParseError
from ingest.model import FeedSpec

MAX_FEEDS = 20_000
"""Feeds of one list; the largest known collections have a few thousand."""


def read_opml(body: bytes) -> list[FeedSpec]:
    """The feeds of an OPML file, in its order, each once, with unique names.

    Raises:
        ParseError: it is no OPML.
    """
    root = _root(body)
    found: dict[str, FeedSpec] = {}
    names: set[str] = set()
    for outline in root.iter("{*}outline"):
        url = _url(outline)
        if not url or len(found) >= MAX_FEEDS:
            continue
        tags = each_once((*_folders(outline), *_categories(outline)))
        known = found.get(url)
        if known:
            found[url] = known.model_copy(update={"tags": each_once((*known.tags, *tags))})
        else:
            found[url] = _spec(outline, url, tags, names)
            names.add(found[url].name)
    return list(found.values())


def left_out(body: bytes) -> list[str]:
    """A line for each outline that should be a feed and that `read_opml` takes for none: where it is, and why.

    Raises:
        ParseError: it is no OPML.
    """
    told = []
    for outline in _root(body).iter("{*}outline"):
        written = fold(_attribute(outline, "xmlUrl"))
        is_folder = len(outline) > 0 and not written
        if not is_folder and not _url(outline):
            why = f"{written[:200]!r} is no address from http:// or https:// on" if written else "it has no xmlUrl"
            told.append(f"line {outline.sourceline}, {_label(outline)[:200] or 'without a name'}: {why}")
    return told


def write_opml(feeds: Sequence[FeedSpec], now: datetime) -> str:
    """The feeds as an OPML 2.0 document."""
    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = "Feeds of Ingest"
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(opml, "body")
    for tag in each_once(tag for feed in feeds for tag in feed.tags):
        folder = etree.SubElement(body, "outline", text=tag)
        _write_outlines(folder, [feed for feed in feeds if tag in feed.tags])
    _write_outlines(body, [feed for feed in feeds if not feed.tags])
    written: bytes = etree.tostring(opml, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return written.decode()


def _write_outlines(folder: etree._Element, feeds: Sequence[FeedSpec]) -> None:
    for feed in feeds:
        fields = {"type": "rss", "text": feed.name, "title": feed.name, "xmlUrl": feed.url}
        etree.SubElement(folder, "outline", fields | ({"language": feed.language} if feed.language else {}))


def _root(body: bytes) -> etree._Element:
    """The tree without entities, comments and anything from elsewhere; damage is skipped."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(mended(decoded(body)).text.encode("utf-8", "ignore"), parser)
    except etree.LxmlError:  # nothing that could be recovered
        root = None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ParseError("the file is no OPML: it has no <opml> element")
    return root


def _spec(outline: etree._Element, url: str, tags: tuple[str, ...], taken: set[str]) -> FeedSpec:
    name = feed_name(url, taken, title=_label(outline))
    return FeedSpec(url=url, name=name, tags=tags, language=language(_attribute(outline, "language")))


def _url(outline: etree._Element) -> str:
    return absolute(_attribute(outline, "xmlUrl"), "")


def _folders(outline: etree._Element) -> tuple[str, ...]:
    """Names of the outlines around a feed, the outermost first."""
    return tuple(_label(folder) for folder in outline.iterancestors("{*}outline"))[::-1]


def _categories(outline: etree._Element) -> list[str]:
    """OPML 2.0: a list with commas, whose members may be paths with slashes; the last part is the name."""
    return [fold(path.rstrip("/").rpartition("/")[2]) for path in _attribute(outline, "category").split(",")]


def _label(outline: etree._Element) -> str:
    return fold(_attribute(outline, "title") or _attribute(outline, "text"))


def _attribute(outline: etree._Element, name: str) -> str:
    """An attribute, whatever the case of its name: programs write `xmlurl` and `xmlURL` too."""
    return next((value for key, value in outline.items() if key.lower() == name.lower()), "")
