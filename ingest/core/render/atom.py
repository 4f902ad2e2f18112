"""Stories as Atom (RFC 4287), in pages (RFC 5005, section 3)."""

from collections.abc import Sequence

from lxml import etree

from ingest.core.render.out_feed import (
    ABOUT,
    NEVER,
    TITLE,
    Channel,
    authors,
    fit,
    paragraphs,
    story_urn,
    title,
    updated,
)
from ingest.core.render.story_json import timestamp
from ingest.model import Story

ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(channel: Channel, stories: Sequence[Story]) -> bytes:
    """A page of the feed."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _add(feed, "id", channel.id)
    _add(feed, "title", TITLE)
    _add(feed, "subtitle", ABOUT)
    _add(feed, "updated", timestamp(max(map(updated, stories), default=NEVER)))
    _add(_add(feed, "author"), "name", TITLE)  # for entries whose authors nobody knows
    links = {"self": channel.self_url, "alternate": channel.home_url, "first": channel.first_url}
    for relation, url in {**links, "next": channel.next_url}.items():
        if url:
            _add(feed, "link", rel=relation, href=url)
    for story in stories:
        _add_entry(feed, story)
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: etree._Element, story: Story) -> None:
    entry = _add(feed, "entry")
    if story.language:
        entry.set(LANGUAGE, fit(story.language))
    _add(entry, "id", story_urn(story))
    _add(entry, "title", title(story))
    _add(entry, "updated", timestamp(updated(story)))
    if story.published_at:
        _add(entry, "published", timestamp(story.published_at))
    if story.url:
        _add(entry, "link", rel="alternate", href=story.url)
    for name in authors(story):
        _add(_add(entry, "author"), "name", name)
    for tag in story.hashtags:
        _add(entry, "category", term=tag.tag)
    if paragraphs(story.summary):
        _add(entry, "summary", story.summary)
    _add(entry, "content", story.text, type="text")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", {key: fit(value) for key, value in attributes.items()})
    child.text = None if text is None else fit(text)
    return child
