"""Hashtags of an article by the rank of their sources."""

from ingest.core.hashtags import HASHTAG_SOURCES, MOST, tag
from ingest.model import Article, Entry, FeedSpec

ARTICLE = Article(
    url="https://example.com/a",
    title="Ferries to the Islands Stop",
    text="The #Storm came.\n\n#ferries",
    language="en",
    categories=("islands", "Sea"),
)
FEED = FeedSpec(url="https://example.com/rss", name="example", tags=("sea", "local news"))


def test_sources_are_ranked() -> None:
    assert list(HASHTAG_SOURCES) == ["declared", "category", "headline", "body", "feed"]


def test_each_tag_stands_once_with_its_first_source_and_spelling() -> None:
    _, tags = tag(ARTICLE, Entry(), FEED)
    assert [(each.tag, each.source) for each in tags] == [
        ("Storm", "declared"),
        ("ferries", "declared"),
        ("islands", "category"),
        ("Sea", "category"),
        ("Stop", "headline"),
        ("LocalNews", "feed"),
    ]


def test_key_phrases_are_tags_only_where_that_is_asked() -> None:
    long = ARTICLE.model_copy(update={"text": "It was Ada Quill, and that was all there was to be said of it. " * 5})
    sources = [{each.source for each in tag(long, Entry(), FEED, asked)[1]} for asked in (False, True)]
    assert ["body" in each for each in sources] == [False, True]


def test_the_text_loses_its_closing_line_of_tags() -> None:
    text, _ = tag(ARTICLE, Entry(), FEED)
    assert text == "The #Storm came."


def test_a_story_has_no_more_than_a_hundred_hashtags() -> None:
    article = ARTICLE.model_copy(update={"text": " ".join(f"#harbour{number}x" for number in range(1000))})
    assert len(tag(article, Entry(), FEED)[1]) == MOST
