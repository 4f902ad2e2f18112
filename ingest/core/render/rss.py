"""Stories as RSS 2.0 (https://www.rssboard.org/rss-specification), in pages (RFC 5005, section 3).

Readers take `description` for HTML, so that our plain text is escaped as HTML, and that once more as XML. `author` is
an address of mail there, which nobody knows; names stand in `dc:creator`.
"""

from collections.abc import Sequence
from email.utils import format_datetime
from html import escape

from lxml import etree

from ingest.core.render.out_feed import ABOUT, TITLE, Channel, authors, fit, paragraphs, story_urn, title, updated
from ingest.model import Story

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"


def rss(channel: Channel, stories: Sequence[Story]) -> bytes:
    """A page of the feed."""
    root = etree.Element("rss", version="2.0", nsmap={"atom": ATOM, "dc": DC, "content": CONTENT})
    head = etree.SubElement(root, "channel")
    _add(head, "title", TITLE)
    _add(head, "link", channel.home_url)
    _add(head, "description", ABOUT)
    if stories:
        _add(head, "lastBuildDate", format_datetime(max(map(updated, stories)), usegmt=True))
    links = {"self": channel.self_url, "first": channel.first_url, "next": channel.next_url}
    for relation, url in links.items():
        if url:
            etree.SubElement(head, f"{{{ATOM}}}link", rel=relation, href=fit(url), type="application/rss+xml")
    for story in stories:
        _add_item(head, story)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_item(head: etree._Element, story: Story) -> None:
    item = etree.SubElement(head, "item")
    _add(item, "title", title(story))
    if story.url:
        _add(item, "link", story.url)
    _add(item, "guid", story_urn(story)).set("isPermaLink", "false")
    if story.published_at:
        _add(item, "pubDate", format_datetime(story.published_at, usegmt=True))
    for name in authors(story):
        _add(item, f"{{{DC}}}creator", name)
    for tag in story.hashtags:
        _add(item, "category", tag.tag)
    text = _html(story.text)
    if description := _html(story.summary) or text:
        _add(item, "description", description)
    if text:
        _add(item, f"{{{CONTENT}}}encoded", text)


def _html(text: str) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs(text))


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(parent, name)
    child.text = fit(text)
    return child
