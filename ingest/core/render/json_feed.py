"""Stories as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from collections.abc import Sequence

from ingest.core.render.out_feed import ABOUT, TITLE, Channel, authors, paragraphs, story_urn, title, updated
from ingest.core.render.story_json import JSON, timestamp
from ingest.model import Story

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(channel: Channel, stories: Sequence[Story]) -> bytes:
    """A page of the feed."""
    feed: dict[str, JSON] = {
        "version": VERSION,
        "title": TITLE,
        "description": ABOUT,
        "home_page_url": channel.home_url,
        "feed_url": channel.self_url,
        **({"next_url": channel.next_url} if channel.next_url else {}),
        "items": [_item(story) for story in stories],
    }
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def _item(story: Story) -> JSON:
    item: dict[str, JSON] = {
        "id": story_urn(story),
        "url": story.url,
        "title": title(story),
        "content_text": story.text,
        "summary": story.summary if paragraphs(story.summary) else None,
        "image": story.image,
        "date_published": timestamp(story.published_at),
        "date_modified": timestamp(updated(story)),
        "authors": [{"name": name} for name in authors(story)] or None,
        "tags": [each.tag for each in story.hashtags] or None,
        "language": story.language,
    }
    return {name: value for name, value in item.items() if value is not None}
