"""The headline's hashtags: the words of a title that carry meaning, in their order and spelling, each once.

Left out are the language's function words, numbers alone and single letters. A word in capitals, in a title that is
not all in capitals, is a name and stays.
"""

from ingest.core.hashtags.function_words import is_function_word
from ingest.core.hashtags.language import language_of
from ingest.core.hashtags.spelling import spell, tag_key
from ingest.core.hashtags.words import words
from ingest.model import Article, Entry, FeedSpec


def headline(article: Article, entry: Entry, feed: FeedSpec) -> tuple[str, ...]:
    """The hashtags of an article's title."""
    return headline_tags(article.title, article.language)


def headline_tags(title: str, language: str | None) -> tuple[str, ...]:
    """The hashtags of a title without the publisher's name; `language` is a code such as `en` or `pt-BR`."""
    language = language_of(title, language)
    tags: dict[str, str] = {}
    for word in words(title, language):
        tag = spell(word.text)
        if tag and len(tag) > 1 and (word.is_name or not is_function_word(word.text, language)):
            tags.setdefault(tag_key(tag), tag)
    return tuple(tags.values())
