"""One page, or one feed entry, to a draft: extract, tag, fingerprint. One call in the process pool.

Rule 1: a page that says nothing (consent wall, paywall stub, soft 404) does not replace a better text of the feed.
Rule 2: an address identifies an article only if it led to one: where the feed's content is used, neither the page's
        final address nor its canonical link is believed, since walls and error pages share theirs.
"""

from collections.abc import Sequence

from ingest.core.dedupe.fingerprint import fingerprint
from ingest.core.dedupe.furniture import paragraph_keys
from ingest.core.dedupe.identity import entry_keys
from ingest.core.dedupe.url import canonical, is_home, publisher, same_publisher, untracked
from ingest.core.extract import NO_RULES, extract_entry, extract_page
from ingest.core.extract.pages import joined
from ingest.core.hashtags import ranked, tag
from ingest.core.language import primary
from ingest.core.packing import compressed
from ingest.core.search.tokens import indexed
from ingest.model import Answer, Article, Draft, Entry, Feed, Response, SiteRules, TextSource

READABLE = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")
LATER = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Statuses that another try may mend; 52x are those of a well-known proxy whose origin does not answer."""

KEPT_HEADERS = ("content-language", "date", "etag", "last-modified", "link", "server")
"""What says something of the page; the rest is about the connection, our client, or a session."""
MAX_HEADER = 1_000
"""Characters of a header that is kept; longer ones are lists of what to load."""


def page_problem(response: Response) -> tuple[bool, str] | None:
    """Why an answer is no page to read, and whether to try again later; None for a page.

    Returns:
        (later, why), or None.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status != 200:
        return response.status in LATER, f"the page answers {response.status}"
    if kind not in READABLE:
        return False, f"the page is {kind}, not text"
    if is_home(response.final_url) and not is_home(response.url):
        return False, "the page's address leads to the home page"
    return None


def read_page(
    response: Response, feed: Feed, entry: Entry, rules: SiteRules = NO_RULES, body_tags: bool = False
) -> Draft:
    """The draft of a fetched page, read by its site's rules; of the feed's own content where the page says nothing.

    With `body_tags` the key phrases of the text are hashtags too.
    """
    article = extract_page(response, entry, rules)
    if article.problem:
        draft = _in_its_place(article, feed, entry, body_tags).model_copy(update={"problem": article.problem})
    else:
        draft = _with_addresses(_draft(article, feed, entry, body_tags, "page", ""), entry)
    said = {name: response.headers.get(name.replace("_", "-"), "") for name in ("etag", "last_modified")}
    raw = {
        "raw": compressed(response.body),
        "raw_type": response.headers.get("content-type", ""),
        "answer": answer_of(response),
    }
    return draft.model_copy(update=raw | said)


def answer_of(response: Response) -> Answer:
    """What is kept of how a page came."""
    said = {name: response.headers.get(name, "") for name in KEPT_HEADERS}
    headers = {name: value for name, value in said.items() if 0 < len(value) <= MAX_HEADER}
    return Answer(url=response.final_url, status=response.status, at=response.fetched_at, headers=headers)


def read_on(response: Response, rules: SiteRules, number: int) -> tuple[str, str]:
    """(the text of a further page of an article, by its number; the address of the next one)."""
    article = extract_page(response, Entry(), rules, number)
    return ("", "") if article.problem else (article.text, article.next_page)


def with_pages(
    draft: Draft, texts: Sequence[str], feed: Feed, entry: Entry, note: str, body_tags: bool = False
) -> Draft:
    """The draft of a first page with the texts of the pages after it; the tags at the end of the first are kept."""
    article = draft.article.model_copy(update={"text": joined([draft.article.text, *texts])})
    whole = _draft(article, feed, entry, body_tags, "page", note)
    told = {name: getattr(whole, name) for name in ("article", "fingerprint", "tokens", "paragraphs", "note")}
    tags = ranked([*(one for one in draft.hashtags if one.source != "body"), *whole.hashtags])
    return draft.model_copy(update={**told, "hashtags": tags, "pages": 1 + len(texts)})


def _in_its_place(article: Article, feed: Feed, entry: Entry, body_tags: bool) -> Draft:
    """The draft where a page says nothing (rule 1)."""
    own = extract_entry(entry)
    if article.problem == "paywall" and len(article.text) > len(own.text):
        stub = article.model_copy(update={"url": entry.url})
        return _draft(stub, feed, entry, body_tags, "page", "the page is a paywall's stub")
    return _draft(own, feed, entry, body_tags, "feed", f"the page says nothing ({article.problem})")


def _with_addresses(draft: Draft, entry: Entry) -> Draft:
    """The draft of a page with the further addresses that it goes by: what the feed linked to.

    Not the hops between, which a site may lead all its articles through (a test of cookies, a session, a counter).
    """
    linked = canonical(entry.url) if entry.url else draft.url_key
    aliases = () if linked == draft.url_key else (linked,)
    return draft.model_copy(update={"alias_keys": aliases, "canonical_key": _canonical_key(draft.article)})


def read_entry(feed: Feed, entry: Entry, note: str, body_tags: bool = False) -> Draft:
    """The draft of the feed's own content; `note` says why the page was not used."""
    return _draft(extract_entry(entry), feed, entry, body_tags, "feed", note)


def has_substance(draft: Draft) -> bool:
    """Whether there is anything to keep: a text, or at least a headline with an address."""
    return bool(draft.article.text or (draft.article.title and draft.article.url))


def _draft(article: Article, feed: Feed, entry: Entry, body_tags: bool, source: TextSource, note: str) -> Draft:
    article = _in_language(article, feed)
    text, hashtags = tag(article, entry, feed, body_tags)
    shown = article.url if entry.shares_page else untracked(article.url)
    return Draft(
        article=article.model_copy(update={"text": text, "url": shown}),
        hashtags=hashtags,
        fingerprint=fingerprint(article.title, text),
        tokens=indexed(article.title, text, article.summary),
        paragraphs=paragraph_keys(text),
        url_key=entry_keys(entry, feed.id).url_key if entry.shares_page or not article.url else canonical(article.url),
        publisher=publisher(article.url or feed.url),
        source=source,
        note=note,
    )


def _canonical_key(article: Article) -> str | None:
    link = article.canonical_url
    if not link or not same_publisher(link, article.url) or is_home(link):
        return None
    key = canonical(link)
    return key if key != canonical(article.url) else None


def _in_language(article: Article, feed: Feed) -> Article:
    """The article in the language that the feed's settings state, if they do; else as it is."""
    stated = primary(feed.language)
    methods = {**article.methods, "language": "settings"}
    return article.model_copy(update={"language": stated, "methods": methods}) if stated else article
