"""From a page, or from a feed's own content, to an Article.

    Response ─ decode, parse ─► Page ─┬ declarations ─► records ─ choose ─► metadata
                                      ├ extract_text ─► text, language
                                      └ kind_of, verdict ─► kind, problem

What is declared comes first and guesses last; `Article.methods` tells what gave each field.
"""

import datetime as dt

from ingest.core.extract.choose import CHOICES, Sources, heads, host, later
from ingest.core.extract.choose import language as choose_language
from ingest.core.extract.declared import declarations, first
from ingest.core.extract.full_text import paragraphs
from ingest.core.extract.kind import kind_of
from ingest.core.extract.page import Page, parse
from ingest.core.extract.pages import next_page
from ingest.core.extract.paywall import without_plea
from ingest.core.extract.text import NO_RULES, TROUBLE, extract_text
from ingest.core.extract.title import site_names, without_names
from ingest.core.extract.verdict import verdict
from ingest.core.language import primary, settle_language
from ingest.model import Article, Entry, Response, SiteRules

__all__ = ["NO_RULES", "extract_entry", "extract_page"]


def extract_page(response: Response, entry: Entry, rules: SiteRules = NO_RULES, number: int = 1) -> Article:
    """The article on a page that an entry led to; never raises.

    What the feed says serves where the page is silent. A page that says nothing has a `problem`.

    Args:
        rules: what is known of the pages of its site.
        number: which page of the article it is.
    """
    problem = "empty"
    try:
        if page := parse(response):
            return _read(page, entry, rules, number, response.fetched_at)
    except TROUBLE as error:
        problem = f"unreadable: {type(error).__name__}"
    return Article(url=response.final_url, title=entry.title, problem=problem)


def extract_entry(entry: Entry) -> Article:
    """The article as the feed itself gives it: its content if there is any, else its summary."""
    text = "\n\n".join(paragraphs(entry.content)) or entry.summary
    language = settle_language(entry.language, text or entry.title)
    article = Article(
        url=entry.url,
        title=without_names(entry.title, site_names(entry.url, entry.site)),
        text=text,
        summary=entry.summary,
        authors=entry.authors,
        site=entry.site or host(entry.url),
        language=language,
        published=entry.published,
        modified=later(entry.updated, entry.published),
        image=entry.image,
        categories=entry.categories,
        problem="" if text else "empty",
    )
    guessed = {"site": not entry.site and "host", "language": language != primary(entry.language) and "detection"}
    given = (field for field in (*CHOICES, "text", "language") if getattr(article, field))
    return article.model_copy(update={"methods": {field: guessed.get(field) or "feed" for field in given}})


def _read(page: Page, entry: Entry, rules: SiteRules, number: int, now: dt.datetime) -> Article:
    sources = Sources(page, declarations(page, entry), entry, now)
    body, _ = first(sources.records, lambda record: record.body)
    free = next((record.free for record in sources.records if record.free is not None), None)
    chosen = {field: choose(sources) for field, choose in CHOICES.items()}
    text, method = extract_text(page, body, heads(sources, str(chosen["title"][0])), rules, now)
    problem = verdict(page, text, paid=free is False)
    if problem == "paywall":
        text, free = without_plea(text), False
    chosen |= {"text": (text, method), "language": choose_language(sources, text)}
    return Article.model_validate(
        {
            "url": page.url,
            "next_page": next_page(page, number),
            "kind": "gallery" if method.startswith("captions") else kind_of(page, text),
            "free": free,
            "problem": problem,
            **{field: value for field, (value, _) in chosen.items() if value},
            "methods": {field: source for field, (value, source) in chosen.items() if value},
        }
    )
