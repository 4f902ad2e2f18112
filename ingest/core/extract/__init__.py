"""From a page, or from a feed's own content, to an Article.

    Response ─ decode, parse ─► Page ─┬ declarations ─► records ─ choose ─► metadata
                                      ├ extract_text ─► text, language
                                      └ verdict ─► problem

What is declared comes first and guesses last; `Article.methods` tells what gave each field.
"""

import datetime as dt

from ingest.core.extract.choose import CHOICES, Sources, heads, host, language
from ingest.core.extract.declared import declarations, first
from ingest.core.extract.full_text import paragraphs
from ingest.core.extract.page import Page, parse
from ingest.core.extract.text import TROUBLE, extract_text
from ingest.core.extract.verdict import verdict
from ingest.core.language import settle_language
from ingest.model import Article, Entry, Response

__all__ = ["extract_entry", "extract_page"]


def extract_page(response: Response, entry: Entry) -> Article:
    """The article on a page that an entry led to; never raises.

    What the feed says serves where the page is silent. A page that says nothing has a `problem`.
    """
    try:
        page = parse(response)
        article = _read(page, entry, response.fetched_at) if page else None
    except TROUBLE:
        article = None
    return article or Article(url=response.final_url, title=entry.title, problem="empty")


def extract_entry(entry: Entry, language: str | None = None) -> Article:
    """The article as the feed itself gives it: its content if there is any, else its summary.

    Args:
        language: as the feed's settings state it; comes before what the entry states.
    """
    text = "\n\n".join(paragraphs(entry.content)) or entry.summary
    article = Article(
        url=entry.url,
        title=entry.title,
        text=text,
        summary=entry.summary,
        authors=entry.authors,
        site=host(entry.url),
        language=settle_language(language or entry.language, text or entry.title),
        published=entry.published,
        modified=entry.updated,
        image=entry.image,
        categories=entry.categories,
        problem="" if text else "empty",
    )
    return article.model_copy(update={"methods": {name: "feed" for name in _FROM_FEED if getattr(article, name)}})


_FROM_FEED = ("title", "text", "summary", "authors", "language", "published", "modified", "image", "categories")


def _read(page: Page, entry: Entry, now: dt.datetime) -> Article:
    sources = Sources(page, declarations(page, entry), entry, now)
    body, _ = first(sources.records, lambda record: record.body)
    paid, _ = first(sources.records, lambda record: record.paid)
    chosen = {field: choose(sources) for field, choose in CHOICES.items()}
    text, method = extract_text(page, body, heads(sources), now)
    chosen |= {"text": (text, method), "language": language(sources, text)}
    return Article.model_validate(
        {
            "url": page.url,
            "problem": verdict(page, text, paid),
            **{field: value for field, (value, _) in chosen.items() if value},
            "methods": {field: source for field, (value, source) in chosen.items() if value},
        }
    )
