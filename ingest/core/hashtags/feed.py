"""The tags that the configuration gives to every story of a feed."""

from collections.abc import Iterator

from ingest.core.hashtags.spelling import spell
from ingest.model import Article, Entry, FeedSpec


def feed_tags(article: Article, entry: Entry, feed: FeedSpec) -> Iterator[str]:
    """The feed's configured tags."""
    return filter(None, map(spell, feed.tags))
