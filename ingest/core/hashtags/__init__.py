"""Hashtags of an article, each with its source; HASHTAG_SOURCES ranks them."""

from collections.abc import Callable, Iterable

from ingest.core.hashtags.body import body
from ingest.core.hashtags.category import category
from ingest.core.hashtags.declared import declared, without_tag_lines
from ingest.core.hashtags.feed import feed_tags
from ingest.core.hashtags.headline import headline
from ingest.core.hashtags.spelling import tag_key
from ingest.model import Article, Entry, FeedSpec, Hashtag, TagSource

HASHTAG_SOURCES: dict[TagSource, Callable[[Article, Entry, FeedSpec], Iterable[str]]] = {
    "declared": declared,
    "category": category,
    "headline": headline,
    "body": body,
    "feed": feed_tags,
}
"""Source → the tags that it gives, spelled; in order of rank."""


def tag(article: Article, entry: Entry, feed: FeedSpec, body_tags: bool = False) -> tuple[str, tuple[Hashtag, ...]]:
    """The article's text without closing lines of #tags, and its hashtags by rank, each once with its first source.

    Key phrases of the text are among them only with `body_tags`: they cost milliseconds, all others together well
    under one.
    """
    tags: dict[str, Hashtag] = {}
    for source, tags_of in HASHTAG_SOURCES.items():
        if source == "body" and not body_tags:
            continue
        for name in tags_of(article, entry, feed):
            tags.setdefault(tag_key(name), Hashtag(tag=name, source=source))
    return without_tag_lines(article.text), tuple(tags.values())
