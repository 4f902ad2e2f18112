"""Hashtags of an article, each with its source; HASHTAG_SOURCES ranks them."""

from collections.abc import Callable, Iterable
from itertools import islice

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


MOST = 100
"""Hashtags of a story; a page with more is no help to anybody."""


def tag(article: Article, entry: Entry, feed: FeedSpec, body_tags: bool = False) -> tuple[str, tuple[Hashtag, ...]]:
    """The article's text without closing lines of #tags, and its hashtags by rank, each once with its first source.

    Key phrases of the text are among them only with `body_tags`: they cost milliseconds, all others together well
    under one.
    """
    asked = (source for source in HASHTAG_SOURCES if body_tags or source != "body")
    found = (Hashtag(tag=name, source=one) for one in asked for name in HASHTAG_SOURCES[one](article, entry, feed))
    return without_tag_lines(article.text), ranked(found)


def ranked(tags: Iterable[Hashtag]) -> tuple[Hashtag, ...]:
    """Each tag once, as its first source by rank spells it; no more than `MOST`."""
    ranks = list(HASHTAG_SOURCES)
    kept: dict[str, Hashtag] = {}
    for one in sorted(tags, key=lambda tag: ranks.index(tag.source)):
        kept.setdefault(tag_key(one.tag), one)
    return tuple(islice(kept.values(), MOST))
